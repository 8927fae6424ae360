"""Ball arithmetic by python-flint's ``arb``: every number carries a rigorous bound of its error."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import flint
import numpy as np
from flint import arb, arb_mat

from .arithmetic import Arithmetic, Objects


def _method(name: str) -> Callable[..., Objects]:
    """A method of each number, looked up on the number: flint's unbound methods crash on anything else."""
    return np.frompyfunc(operator.methodcaller(name), 1, 1)


_ONE_NAN_INFINITIES: list[Any] = [arb(1), arb.nan(), arb.pos_inf(), arb.neg_inf()]

# Below this many multiply-adds for each number converted, object dot products beat arb_mat with its conversions.
_WORTH_CONVERTING = 2.5
# flint multiplies matrices by blocks where every side exceeds 60, several times faster than entry by entry.
_BLOCK = 61
_WORTH_PADDING = 2.0  # times as many multiply-adds


@contextmanager
def _working(bits: int) -> Iterator[None]:
    before = flint.ctx.prec
    flint.ctx.prec = bits
    try:
        yield
        assert flint.ctx.prec == bits, "something changed flint's precision during an extended run"
    finally:
        flint.ctx.prec = before


_ONLY_BALLS = {arb}


def _asked(method: Any, array: Any) -> Iterator[bool]:
    """What a method says of each number; the unbound one is twice as fast, and safe where all are balls."""
    numbers = array.ravel().tolist() if isinstance(array, np.ndarray) else [array]
    if set(map(type, numbers)) <= _ONLY_BALLS:
        return map(method, numbers)
    return map(operator.methodcaller(method.__name__), numbers)


def _where(method: Any, numbers: Objects) -> np.ndarray[Any, Any]:
    return np.fromiter(_asked(method, numbers), dtype=bool, count=np.size(numbers)).reshape(np.shape(numbers))


def is_zero(numbers: Objects) -> np.ndarray[Any, Any]:
    """Where a number is exactly zero, as booleans."""
    return _where(arb.is_zero, numbers)


def is_nan(numbers: Objects) -> np.ndarray[Any, Any]:
    """Where a number is nan, as booleans."""
    return _where(arb.is_nan, numbers)


def divide(a: Objects, b: Objects) -> Objects:
    """``a / b``, infinite or nan where b is exactly zero."""
    if not any(_asked(arb.is_zero, b)):
        return a / b
    zero = is_zero(b)
    one, nan, positive, negative = _ONE_NAN_INFINITIES
    quotient = a / np.where(zero, one, b)
    undefined = is_zero(a) | is_nan(a)
    infinite = np.where(undefined, nan, np.where(a > 0, positive, negative))
    return np.where(zero, infinite, quotient)


def _power(base: arb, exponent: arb) -> arb:
    """IEEE 754's pow, except that zeros have no sign."""
    if exponent.is_zero() or base == 1:
        return arb(1)
    if base.is_nan() or exponent.is_nan():
        return arb.nan()
    if not exponent.is_finite():
        if abs(base) == 1:
            return arb(1)
        return arb.pos_inf() if (abs(base) > 1) == (exponent > 0) else arb(0)
    if base.is_zero():
        return arb(0) if exponent > 0 else arb.pos_inf()
    whole = exponent.is_integer()
    if not base.is_finite():
        size = arb.pos_inf() if exponent > 0 else arb(0)
        return -size if base < 0 and whole and int(str(exponent.unique_fmpz())) % 2 else size
    return base ** int(str(exponent.unique_fmpz())) if whole else base**exponent


def _bounded(name: str) -> Callable[[Objects], Objects]:
    """A method that has no limit at infinity."""
    fast, method = _method(name), operator.methodcaller(name)
    slow = np.frompyfunc(lambda x: method(x) if x.is_finite() else arb.nan(), 1, 1)
    return lambda x: fast(x) if all(_asked(arb.is_finite, x)) else slow(x)


def _at_zero(name: str, zero: float, value: arb) -> Callable[[Objects], Objects]:
    """A method that has an infinite limit where its argument is ``zero``, and is nan there by itself."""
    fast, method = _method(name), operator.methodcaller(name)
    slow = np.frompyfunc(lambda x: value if x == zero else method(x), 1, 1)

    def compute(x: Objects) -> Objects:
        result = fast(x)
        return slow(x) if any(_asked(arb.is_nan, result)) else result

    return compute


def _odd_cube_root(x: arb) -> arb:
    return -(-x).root(3) if x < 0 else x.root(3) if x > 0 else x


def _log_gamma(x: arb) -> arb:
    """log |gamma(x)|: flint's own is that of the complex function, without values left of 0."""
    if not x.is_finite():
        return arb.pos_inf() if not x.is_nan() else x
    if x > 0:
        return x.lgamma()
    return arb.pos_inf() if x.is_integer() else abs(x.gamma()).log()


def _inverse_tanh(x: arb) -> arb:
    if x == 1 or x == -1:
        return arb.pos_inf() if x == 1 else arb.neg_inf()
    return x.atanh()


def _at_infinity(function: Callable[[arb], arb], below: Any, above: Any) -> Callable[[Objects], Objects]:
    """A function with limits at minus and plus infinity."""

    def value(x: arb) -> arb:
        if x.is_finite() or x.is_nan():
            return function(x)
        return above if x > 0 else below

    return np.frompyfunc(value, 1, 1)


def multiply_matrices(a: Objects, b: Objects) -> Objects:
    """The product of two matrices, through ``arb_mat`` where that is faster."""
    (m, k), n = a.shape, b.shape[1]
    if m * k * n < _WORTH_CONVERTING * (m * k + k * n + m * n) or not m * k * n:
        return a @ b if k else np.full((m, n), arb(0), dtype=object)
    rows, inner, columns = (max(size, _BLOCK) for size in (m, k, n))
    if rows * inner * columns > _WORTH_PADDING * m * k * n:
        rows, inner, columns = m, k, n
    product = _converted(a, rows, inner) * _converted(b, inner, columns)
    return objects(product.entries(), (rows, columns))[:m, :n]


def _converted(matrix: Objects, rows: int, columns: int) -> arb_mat:
    """The matrix as an ``arb_mat`` of so many rows and columns, zeros behind its own."""
    if matrix.shape != (rows, columns):
        padded = np.full((rows, columns), arb(0), dtype=object)
        padded[: matrix.shape[0], : matrix.shape[1]] = matrix
        matrix = padded
    return arb_mat(rows, columns, matrix.ravel().tolist())


def solve(matrix: Objects, right: Objects) -> Objects:
    """The solution of a linear system with several right-hand sides."""
    n, k = right.shape
    if not right.size:
        return right
    solution = arb_mat(n, n, matrix.ravel().tolist()).solve(arb_mat(n, k, right.ravel().tolist()))
    return objects(solution.entries(), (n, k))


def objects(numbers: list[Any], shape: tuple[int, ...]) -> Objects:
    """An object array of the given shape."""
    array = np.empty(len(numbers), dtype=object)
    array[:] = numbers
    return array.reshape(shape)


def _decimal(number: arb, digits: int) -> str:
    return str(number.mid().str(digits, radius=False, more=True))


balls = Arithmetic(
    name="arb",
    lift=arb,
    elementwise={
        np.add: np.add,
        np.subtract: np.subtract,
        np.multiply: np.multiply,
        np.negative: np.negative,
        np.positive: np.positive,
        np.true_divide: divide,
        np.power: np.frompyfunc(_power, 2, 1),
        np.square: lambda x: x * x,
        np.reciprocal: lambda x: divide(np.full(x.shape, arb(1)), x),
        np.sqrt: _method("sqrt"),
        np.exp: _method("exp"),
        np.expm1: _method("expm1"),
        np.log: _at_zero("log", 0, arb.neg_inf()),
        np.log1p: _at_zero("log1p", -1, arb.neg_inf()),
        np.sin: _bounded("sin"),
        np.cos: _bounded("cos"),
        np.sinh: _method("sinh"),
        np.cosh: _method("cosh"),
        np.tanh: _method("tanh"),
        np.arctan: _method("atan"),
        np.tan: _bounded("tan"),
        np.arcsin: _bounded("asin"),
        np.arccos: _bounded("acos"),
        np.arcsinh: _method("asinh"),
        np.arccosh: _method("acosh"),
        np.arctanh: np.frompyfunc(_inverse_tanh, 1, 1),
        np.arctan2: np.frompyfunc(lambda y, x: arb.atan2(y, x), 2, 1),
        np.cbrt: np.frompyfunc(_odd_cube_root, 1, 1),
    },
    special={
        "erf": _at_infinity(operator.methodcaller("erf"), arb(-1), arb(1)),
        "erfc": _at_infinity(operator.methodcaller("erfc"), arb(2), arb(0)),
        "gamma": _at_infinity(operator.methodcaller("gamma"), arb.nan(), arb.pos_inf()),
        "gammaln": np.frompyfunc(_log_gamma, 1, 1),
        "psi": _at_infinity(operator.methodcaller("digamma"), arb.nan(), arb.pos_inf()),
        "_zeta": np.frompyfunc(lambda s, q: s.zeta(q), 2, 1),
        "i0": np.frompyfunc(lambda x: x.bessel_i(0), 1, 1),
        "i1": np.frompyfunc(lambda x: x.bessel_i(1), 1, 1),
        "j0": np.frompyfunc(lambda x: x.bessel_j(0), 1, 1),
        "j1": np.frompyfunc(lambda x: x.bessel_j(1), 1, 1),
    },
    pi=arb.pi,
    floor=lambda number: int(str(number.mid().floor().unique_fmpz())),
    multiply_matrices=multiply_matrices,
    solve=solve,
    is_zero=is_zero,
    is_nan=is_nan,
    radius=operator.methodcaller("rad"),
    midpoint=operator.methodcaller("mid"),
    size=lambda number: abs(number.mid()),
    decimal=_decimal,
    working=_working,
)
