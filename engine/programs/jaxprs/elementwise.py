"""jax's elementwise primitives: each works on extended numbers, or on plain arrays of integers and booleans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...extended import wrap
from ...extended.ufuncs import call_by_name
from .values import chosen, is_floating, is_whole


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """A primitive whose parameters (accuracies, shardings) say nothing about its value."""
    return lambda *inputs, **_: function(*inputs)


def _choosing(ufunc: np.ufunc) -> Callable[..., Any]:
    return _plain(lambda *inputs: chosen(ufunc, *inputs))


def _special(name: str) -> Callable[..., Any]:
    """A function of scipy.special, by its name there."""
    return _plain(lambda x: wrap(call_by_name(name, x)))


def _same(x: Any, **_: Any) -> Any:
    return x


def _all_the_same(*inputs: Any, **_: Any) -> Any:
    return inputs


def _quotient(a: Any, b: Any) -> Any:
    """Of integers it is truncated towards zero, and -1 (all bits set) where the divisor is zero."""
    if not is_whole(a.dtype):
        return a / b
    divisor = np.where(b == 0, 1, b)
    whole = np.abs(a) // np.abs(divisor) * np.sign(a) * np.sign(divisor)
    return np.where(b == 0, -1, whole)


def _remainder(a: Any, b: Any) -> Any:
    """With the sign of the dividend; of integers, the dividend itself where the divisor is zero."""
    if not is_whole(a.dtype):
        return np.fmod(a, b)
    return np.where(b == 0, a, np.fmod(a, np.where(b == 0, 1, b)))


def _integer_pow(x: Any, y: int, **_: Any) -> Any:
    return x**y if y >= 0 else 1 / x ** (-y)


def _rounded(x: Any, rounding_method: Any, **_: Any) -> Any:
    """To the nearest integer, halves away from zero (0) or to the even one (1)."""
    return np.rint(x) if int(rounding_method) == 1 else np.sign(x) * np.floor(np.abs(x) + 0.5)


def _clamped(low: Any, x: Any, high: Any) -> Any:
    return chosen(np.minimum, chosen(np.maximum, x, low), high)


def _converted(x: Any, new_dtype: Any, **_: Any) -> Any:
    """Numbers stay what they are in any floating dtype; integers of them are truncated."""
    dtype = np.dtype(new_dtype)
    if is_floating(dtype):
        return x
    return x != 0 if dtype.kind == "b" else x.astype(dtype)


def _unsigned(x: Any) -> Any:
    return np.dtype(f"u{x.dtype.itemsize}")


def _shifted_right(x: Any, shift: Any) -> Any:
    unsigned = _unsigned(x)
    return np.right_shift(x.view(unsigned), shift.astype(unsigned)).view(x.dtype)


ELEMENTWISE: Mapping[str, Any] = {
    "add": _plain(np.add),
    "add_any": _plain(np.add),
    "sub": _plain(np.subtract),
    "mul": _plain(np.multiply),
    "div": _plain(_quotient),
    "rem": _plain(_remainder),
    "neg": _plain(np.negative),
    "pow": _plain(np.power),
    "integer_pow": _integer_pow,
    "square": _plain(np.square),
    "sqrt": _plain(np.sqrt),
    "rsqrt": _plain(lambda x: 1 / np.sqrt(x)),
    "cbrt": _plain(np.cbrt),
    "exp": _plain(np.exp),
    "exp2": _plain(np.exp2),
    "expm1": _plain(np.expm1),
    "log": _plain(np.log),
    "log1p": _plain(np.log1p),
    "logistic": _plain(lambda x: 1 / (1 + np.exp(-x))),
    "sin": _plain(np.sin),
    "cos": _plain(np.cos),
    "tan": _plain(np.tan),
    "asin": _plain(np.arcsin),
    "acos": _plain(np.arccos),
    "atan": _plain(np.arctan),
    "atan2": _plain(np.arctan2),
    "sinh": _plain(np.sinh),
    "cosh": _plain(np.cosh),
    "tanh": _plain(np.tanh),
    "asinh": _plain(np.arcsinh),
    "acosh": _plain(np.arccosh),
    "atanh": _plain(np.arctanh),
    "erf": _special("erf"),
    "erfc": _special("erfc"),
    "lgamma": _special("gammaln"),
    "digamma": _special("psi"),
    "abs": _choosing(np.absolute),
    "max": _choosing(np.maximum),
    "min": _choosing(np.minimum),
    "sign": _choosing(np.sign),
    "floor": _plain(np.floor),
    "ceil": _plain(np.ceil),
    "round": _rounded,
    "clamp": _plain(_clamped),
    "eq": _plain(np.equal),
    "ne": _plain(np.not_equal),
    "lt": _plain(np.less),
    "le": _plain(np.less_equal),
    "gt": _plain(np.greater),
    "ge": _plain(np.greater_equal),
    "is_finite": _plain(np.isfinite),
    "and": _plain(np.bitwise_and),
    "or": _plain(np.bitwise_or),
    "xor": _plain(np.bitwise_xor),
    "not": _plain(np.invert),
    "shift_left": _plain(np.left_shift),
    "shift_right_arithmetic": _plain(np.right_shift),
    "shift_right_logical": _plain(_shifted_right),
    "population_count": _plain(lambda x: np.bitwise_count(x.view(_unsigned(x)))),
    "convert_element_type": _converted,
    "reduce_precision": _same,
    "copy": _same,
    "stop_gradient": _same,
    "name": _same,
    "device_put": _all_the_same,
    "optimization_barrier": _all_the_same,
}
