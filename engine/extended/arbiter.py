"""Arithmetic by mpmath: written apart from the balls, and asked before anybody is accused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import mpmath
import numpy as np

from .arithmetic import Arithmetic, Objects

# A private context: mpmath's own `mp` belongs to the program under test.
_context = mpmath.MPContext()
_mpf = _context.mpf


@contextmanager
def _working(bits: int) -> Iterator[None]:
    before = _context.prec
    _context.prec = bits
    try:
        yield
        assert _context.prec == bits, "something changed mpmath's precision during an extended run"
    finally:
        _context.prec = before


def _lift(value: float) -> Any:
    return _mpf(int(value)) if isinstance(value, int | np.integer) else _mpf(float(value))


def _real(function: Callable[..., Any]) -> Callable[..., Objects]:
    """The function on object arrays, nan where mpmath would give a complex number."""

    def real(*arguments: Any) -> Any:
        result = function(*arguments)
        return result if isinstance(result, _mpf) else _context.nan

    return np.frompyfunc(real, function.__code__.co_argcount, 1)


def _divide(a: Any, b: Any) -> Any:
    if b != 0:
        return a / b
    return _context.nan if a == 0 or a != a else _context.inf if a > 0 else -_context.inf


def _log(x: Any) -> Any:
    return _context.log(x) if x != 0 else -_context.inf


def _log1p(x: Any) -> Any:
    return _context.log1p(x) if x != -1 else -_context.inf


def _power(base: Any, exponent: Any) -> Any:
    if exponent == 0 or base == 1:
        return _mpf(1)
    if _context.isinf(exponent) and base == base:
        size = abs(base)
        return _mpf(1) if size == 1 else _context.inf if (size > 1) == (exponent > 0) else _mpf(0)
    if base == 0:
        return base if exponent > 0 else _context.inf if exponent == exponent else _context.nan
    return base**exponent


def _inverse_tanh(x: Any) -> Any:
    return _context.atanh(x) if abs(x) != 1 else x * _context.inf


def _is_pole(x: Any) -> bool:
    """Whether gamma and its relatives have no value: at 0, -1, -2, ..."""
    return bool(x <= 0 and _context.isint(x)) or x == -_context.inf


def _log_gamma(x: Any) -> Any:
    """log |gamma(x)|"""
    if _context.isinf(x) or _is_pole(x):
        return _context.inf
    return _context.loggamma(x) if x > 0 else _context.log(abs(_context.gamma(x)))


def _unary(name: str) -> Callable[..., Objects]:
    function = getattr(_context, name)
    return _real(lambda x: function(x))


def _solve(matrix: Objects, right: Objects) -> Objects:
    if not right.size:
        return right
    a = _context.matrix(matrix.tolist())
    columns = [_context.lu_solve(a, _context.matrix(column.tolist())) for column in right.T]
    solution = np.empty(right.shape, dtype=object)
    for j, column in enumerate(columns):
        solution[:, j] = list(column)
    return solution


def _decimal(number: Any, digits: int) -> str:
    return str(_context.nstr(number, digits, strip_zeros=False))


arbiter = Arithmetic(
    name="mpmath",
    lift=_lift,
    elementwise={
        np.add: np.add,
        np.subtract: np.subtract,
        np.multiply: np.multiply,
        np.negative: np.negative,
        np.positive: np.positive,
        np.true_divide: np.frompyfunc(_divide, 2, 1),
        np.power: _real(_power),
        np.square: lambda x: x * x,
        np.reciprocal: _real(lambda x: _divide(_mpf(1), x)),
        np.sqrt: _unary("sqrt"),
        np.exp: _unary("exp"),
        np.expm1: _unary("expm1"),
        np.log: _real(_log),
        np.log1p: _real(_log1p),
        np.sin: _unary("sin"),
        np.cos: _unary("cos"),
        np.sinh: _unary("sinh"),
        np.cosh: _unary("cosh"),
        np.tanh: _unary("tanh"),
        np.arctan: _unary("atan"),
        np.tan: _unary("tan"),
        np.arcsin: _unary("asin"),
        np.arccos: _unary("acos"),
        np.arcsinh: _unary("asinh"),
        np.arccosh: _unary("acosh"),
        np.arctanh: _real(_inverse_tanh),
        np.arctan2: _real(lambda y, x: _context.atan2(y, x)),
        np.cbrt: _real(lambda x: _context.sign(x) * _context.cbrt(abs(x))),
    },
    special={
        "erf": _unary("erf"),
        "erfc": _unary("erfc"),
        "gamma": _real(lambda x: _context.nan if _is_pole(x) else _context.gamma(x)),
        "gammaln": _real(_log_gamma),
        "psi": _real(lambda x: _context.nan if _is_pole(x) else _context.digamma(x)),
        "_zeta": _real(lambda s, q: _context.zeta(s, q)),
        "i0": _real(lambda x: _context.besseli(0, x)),
        "i1": _real(lambda x: _context.besseli(1, x)),
        "j0": _real(lambda x: _context.besselj(0, x)),
        "j1": _real(lambda x: _context.besselj(1, x)),
    },
    pi=lambda: +_context.pi,
    floor=lambda number: int(_context.floor(number)),
    multiply_matrices=lambda a, b: a @ b if a.shape[1] else np.full((a.shape[0], b.shape[1]), _mpf(0), dtype=object),
    solve=_solve,
    is_zero=lambda numbers: np.asarray(numbers == 0, dtype=bool),
    is_nan=lambda numbers: np.asarray(numbers != numbers, dtype=bool),
    radius=lambda _: _mpf(0),
    midpoint=lambda number: number,
    size=abs,
    decimal=_decimal,
    working=_working,
)
