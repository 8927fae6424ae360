"""The functions of ``math`` on extended numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...errors import NotExtendable
from ..array import ExtendedArray, wrap
from ..ufuncs import call_by_name
from .creation import as_extended_array

_AS_UFUNCS = {
    **{name: name for name in ("exp", "exp2", "expm1", "log1p", "log2", "log10", "sqrt", "cbrt", "hypot", "fmod")},
    **{name: name for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "copysign", "degrees", "radians", "fabs")},
    **{name: f"arc{name[1:]}" for name in ("asin", "acos", "atan", "atan2", "asinh", "acosh", "atanh")},
    "pow": "power",
    "isnan": "isnan",
    "isinf": "isinf",
    "isfinite": "isfinite",
    "ldexp": "ldexp",
}
_SPECIAL = {"erf": "erf", "erfc": "erfc", "gamma": "gamma", "lgamma": "gammaln"}


def _log(x: Any, base: Any = None) -> Any:
    value = np.log(as_extended_array(x))
    return value if base is None else value / np.log(as_extended_array(base))


_OTHERS: dict[str, Callable[..., Any]] = {
    "log": _log,
    "fsum": lambda values: np.sum(as_extended_array(list(values))),
    "sumprod": lambda p, q: np.sum(as_extended_array(list(p)) * as_extended_array(list(q))),
    "prod": lambda values, start=1: np.prod(as_extended_array(list(values))) * start,
    "dist": lambda p, q: np.sqrt(np.sum((as_extended_array(list(p)) - as_extended_array(list(q))) ** 2)),
    "isclose": lambda a, b, rel_tol=1e-9, abs_tol=0.0: bool(
        abs(as_extended_array(a) - b) <= np.maximum(rel_tol * np.maximum(abs(as_extended_array(a)), abs(b)), abs_tol)
    ),
    "modf": lambda x: np.modf(as_extended_array(x)),
}
_ON_INTEGERS = frozenset(["comb", "perm", "factorial", "gcd", "lcm", "isqrt", "floor", "ceil", "trunc"])


def math_twin(original: Any) -> Any:
    """The twin of a function of ``math``: of integers it gives extended numbers too."""
    name = original.__name__
    if name in _OTHERS:
        return _OTHERS[name]
    if name in _ON_INTEGERS:
        return original
    if name in _SPECIAL:
        return lambda x: wrap(call_by_name(_SPECIAL[name], as_extended_array(x)))
    if name not in _AS_UFUNCS:
        return _refusing(original)
    ufunc = getattr(np, _AS_UFUNCS[name])

    def twin(*arguments: Any) -> Any:
        result = ufunc(*map(as_extended_array, arguments))
        return bool(result) if name.startswith("is") else result

    return twin


def _refusing(original: Callable[..., Any]) -> Callable[..., Any]:
    def refuse(*arguments: Any) -> Any:
        if any(isinstance(argument, ExtendedArray) for argument in arguments):
            raise NotExtendable(f"math.{original.__name__} is not supported on extended-precision numbers.")
        return original(*arguments)

    return refuse
