"""Elementwise arithmetic, and the functions that have names; integer operands of real results are lifted first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from .operands import numbers, pi, special

Function = Callable[..., Any]


def _add(x: Any, y: Any, alpha: Any = 1) -> Any:
    return np.add(x, y if alpha == 1 else np.multiply(y, alpha))


def _sub(x: Any, y: Any, alpha: Any = 1) -> Any:
    return np.subtract(x, y if alpha == 1 else np.multiply(y, alpha))


def _div(x: Any, y: Any, rounding_mode: str | None = None) -> Any:
    if rounding_mode == "floor":
        return np.floor_divide(x, y)
    quotient = np.true_divide(x, y)
    return quotient if rounding_mode is None else np.trunc(quotient)


def _clamp(x: Any, low: Any = None, high: Any = None, *, min: Any = None, max: Any = None) -> Any:  # noqa: A002  # torch's names
    low, high = (low if min is None else min), (high if max is None else max)
    bounded = x if low is None else np.maximum(x, low)
    return bounded if high is None else np.minimum(bounded, high)


def _round(x: Any, *, decimals: int = 0) -> Any:
    return np.round(x, decimals)


def _logit(x: Any, eps: Any = None) -> Any:
    inside = x if eps is None or eps < 0 else np.clip(x, eps, 1.0 - eps)
    return special("logit", inside)


def _mvlgamma(x: Any, p: int) -> Any:
    constant = np.log(pi()) * (p * (p - 1)) / 4
    return sum((special("gammaln", x - j * 0.5) for j in range(p)), constant)


def _nan_to_num(x: Any, nan: Any = None, posinf: Any = None, neginf: Any = None) -> Any:
    return np.nan_to_num(x, nan=0.0 if nan is None else nan, posinf=posinf, neginf=neginf)


def _copysign(x: Any, sign: Any) -> Any:
    return np.copysign(numbers(x), numbers(sign))


NUMERIC: Mapping[str, Function] = {
    "add": _add,
    "sub": _sub,
    "subtract": _sub,
    "rsub": lambda x, y, alpha=1: _sub(y, x, alpha),
    "mul": np.multiply,
    "div": _div,
    "floor_divide": np.floor_divide,
    "remainder": np.remainder,
    "fmod": np.fmod,
    "pow": lambda x, y: np.power(numbers(x), y),
    "neg": np.negative,
    "abs": np.absolute,
    "sign": np.sign,
    "sgn": np.sign,
    "reciprocal": lambda x: np.true_divide(1, x),
    "sqrt": np.sqrt,
    "rsqrt": lambda x: np.true_divide(1, np.sqrt(x)),
    "square": np.square,
    "exp": np.exp,
    "exp2": np.exp2,
    "expm1": np.expm1,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "atan2": np.arctan2,
    "hypot": np.hypot,
    "sinc": np.sinc,
    "deg2rad": np.deg2rad,
    "rad2deg": np.rad2deg,
    "ldexp": lambda x, power: np.multiply(x, np.exp2(power)),
    "sigmoid": partial(special, "expit"),
    "logit": _logit,
    "erf": partial(special, "erf"),
    "erfc": partial(special, "erfc"),
    "special_erfcx": lambda x: np.exp(x * x) * special("erfc", x),
    "lgamma": partial(special, "gammaln"),
    "digamma": partial(special, "psi"),
    "mvlgamma": _mvlgamma,
    "special_log_ndtr": partial(special, "log_ndtr"),
    "special_entr": partial(special, "entr"),
    "xlogy": lambda x, y: np.where(np.equal(x, 0) & ~np.isnan(y), 0, np.multiply(x, np.log(y))),
    "special_xlog1py": lambda x, y: np.where(np.equal(x, 0) & ~np.isnan(y), 0, np.multiply(x, np.log1p(y))),
    "logaddexp": np.logaddexp,
    "logaddexp2": np.logaddexp2,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "fmax": np.fmax,
    "fmin": np.fmin,
    "clamp": _clamp,
    "clamp_min": np.maximum,
    "clamp_max": np.minimum,
    "floor": np.floor,
    "ceil": np.ceil,
    "trunc": np.trunc,
    "frac": lambda x: x - np.trunc(x),
    "round": _round,
    "lerp": lambda x, y, weight: x + weight * (y - x),
    "addcmul": lambda x, a, b, value=1: x + value * (a * b),
    "addcdiv": lambda x, a, b, value=1: x + value * (a / b),
    "heaviside": np.heaviside,
    "copysign": _copysign,
    "nan_to_num": _nan_to_num,
}
