"""Elementwise functions composed of those that every arithmetic has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import choices, rounding
from .arithmetic import Objects, active
from .lifting import filled


def _of(ufunc: np.ufunc) -> Callable[..., Objects]:
    return active().elementwise[ufunc]


def _number(value: float) -> Any:
    return active().lift(value)


def _log_of(value: float) -> Any:
    return _of(np.log)(np.array(_number(value), dtype=object))


def _in_base(base: float) -> Callable[[Objects], Objects]:
    return lambda x: _of(np.true_divide)(_of(np.log)(x), filled(np.shape(x), 0) + _log_of(base))


def _log_of_sum(base: int) -> Callable[[Objects, Objects], Objects]:
    """``log(base^a + base^b) / log(base)``, with e for 0: the larger one, and a logarithm of what is near 1.

    The plain formula has no digits left where the sum is nearly 0.

    Which one is larger is no decision: both ways compute the same smooth function.
    """

    def compute(a: Objects, b: Objects) -> Objects:
        scale = _log_of(base) if base else _number(1)
        a, b = np.broadcast_arrays(a, b)
        first = np.array(_at_least(a, b), dtype=bool)
        larger, smaller = np.where(first, a, b), np.where(first, b, a)
        gap = smaller - larger
        rest = _of(np.log1p)(_of(np.exp)(np.where(active().is_nan(gap), _number(0), gap * scale))) / scale
        return np.where(active().is_nan(gap), a + b, larger + rest)  # nan, or infinities of one sign

    return compute


def _at_least(a: Objects, b: Objects) -> Any:
    midpoint = active().midpoint
    return np.frompyfunc(lambda x, y: bool(midpoint(x) >= midpoint(y)), 2, 1)(a, b)


def _exp2(x: Objects) -> Objects:
    return _of(np.exp)(x * _log_of(2))


def _expit(x: Objects) -> Objects:
    one = filled(np.shape(x), 1)
    return _of(np.true_divide)(one, one + _of(np.exp)(-x))


def _xlogy(x: Objects, y: Objects) -> Objects:
    """``x log y``, and 0 where x is 0 and log y has no finite value."""
    x, y = np.broadcast_arrays(x, y)
    vanishes = active().is_zero(x) & ~active().is_nan(y) & ~np.asarray(y > 0, dtype=bool)
    return np.where(vanishes, _number(0), x * _of(np.log)(np.where(vanishes, _number(1), y)))


def _normal_distribution(x: Objects) -> Objects:
    return active().special["erfc"](-x / _of(np.sqrt)(filled(np.shape(x), 2))) / 2


def _log_gamma(x: Objects) -> Objects:
    return active().special["gammaln"](x)


def _huber(delta: Objects, r: Objects) -> Objects:
    size = choices.absolute(r)
    return np.where(choices.compare(np.less_equal, size, delta), r * r / 2, delta * (size - delta / 2))


def _heaviside(x: Objects, at_zero: Objects) -> Objects:
    zero = filled(np.shape(x), 0)
    below, equal = choices.compare(np.less, x, zero), choices.compare(np.equal, x, zero)
    return np.where(active().is_nan(x), x, np.where(below, _number(0), np.where(equal, at_zero, _number(1))))


def _copysign(size: Objects, sign: Objects) -> Objects:
    is_negative = choices.compare(np.less, sign, filled(np.shape(sign), 0))
    magnitude = choices.absolute(size)
    return np.where(is_negative, -magnitude, magnitude)


def _ignoring_nan(select: Callable[[Objects, Objects], Objects]) -> Callable[[Objects, Objects], Objects]:
    def compute(a: Objects, b: Objects) -> Objects:
        no_a, no_b = active().is_nan(a), active().is_nan(b)
        return select(np.where(no_a, b, a), np.where(no_b, a, b))

    return compute


def _modf(x: Objects) -> tuple[Objects, Objects]:
    whole = rounding.rounded("trunc")(x)
    return x - whole, whole


def _divmod(a: Objects, b: Objects) -> tuple[Objects, Objects]:
    whole = rounding.whole_quotient(a, b)
    return whole, a - b * whole


COMPOSED: dict[np.ufunc, Callable[..., Any]] = {
    np.maximum: choices.select_larger,
    np.minimum: choices.select_smaller,
    np.fmax: _ignoring_nan(choices.select_larger),
    np.fmin: _ignoring_nan(choices.select_smaller),
    np.absolute: choices.absolute,
    np.fabs: choices.absolute,
    np.sign: choices.sign,
    np.copysign: _copysign,
    np.heaviside: _heaviside,
    np.floor: rounding.rounded("floor"),
    np.ceil: rounding.rounded("ceil"),
    np.trunc: rounding.rounded("trunc"),
    np.rint: rounding.rounded("rint"),
    np.remainder: rounding.remainder_by("floor"),
    np.fmod: rounding.remainder_by("trunc"),
    np.floor_divide: rounding.whole_quotient,
    np.divmod: _divmod,
    np.modf: _modf,
    np.conjugate: np.positive,
    np.float_power: lambda a, b: _of(np.power)(a, b),
    np.exp2: _exp2,
    np.log2: _in_base(2),
    np.log10: _in_base(10),
    np.logaddexp: _log_of_sum(0),
    np.logaddexp2: _log_of_sum(2),
    np.hypot: lambda a, b: _of(np.sqrt)(a * a + b * b),
    np.deg2rad: lambda x: x * active().pi() / 180,
    np.radians: lambda x: x * active().pi() / 180,
    np.rad2deg: lambda x: x * 180 / active().pi(),
    np.degrees: lambda x: x * 180 / active().pi(),
    np.ldexp: lambda x, n: x * _exp2(n),
}

# Functions of scipy.special, by name.
COMPOSED_SPECIAL: dict[str, Callable[..., Any]] = {
    "expit": _expit,
    "logit": lambda x: _of(np.log)(x) - _of(np.log1p)(-x),
    "log_expit": lambda x: -_of(np.log1p)(_of(np.exp)(-x)),
    "xlogy": _xlogy,
    "xlog1py": lambda x, y: x * _of(np.log1p)(y),
    "entr": lambda x: -_xlogy(x, x),
    "rel_entr": lambda x, y: _xlogy(x, _of(np.true_divide)(x, y)),
    "kl_div": lambda x, y: _xlogy(x, _of(np.true_divide)(x, y)) - x + y,
    "ndtr": lambda x: _normal_distribution(x),
    "log_ndtr": lambda x: _of(np.log)(_normal_distribution(x)),
    "beta": lambda a, b: active().special["gamma"](a) * active().special["gamma"](b) / active().special["gamma"](a + b),
    "betaln": lambda a, b: _log_gamma(a) + _log_gamma(b) - _log_gamma(a + b),
    "i0e": lambda x: active().special["i0"](x) * _of(np.exp)(-choices.absolute(x)),
    "i1e": lambda x: active().special["i1"](x) * _of(np.exp)(-choices.absolute(x)),
    "huber": lambda delta, r: _huber(delta, r),
}
