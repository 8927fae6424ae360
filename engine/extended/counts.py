"""Sizes of arrays: integers whose quotients are extended-precision numbers.

Code divides by sizes, and ``1.0 / x.shape[0]`` of a plain integer is a float64: a right formula that uses it
would agree to 16 digits and no further. A `Count` is no ``int``, because floats divide by those themselves.
"""

from __future__ import annotations

import numbers
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from .lifting import lifted


class Count:
    """The size of an axis or an array: an integer wherever one is asked for, extended when it is divided.

    ``wrap`` makes an extended array of a plain one; the arrays hand it to their sizes.
    """

    __slots__ = ("value", "wrap")

    def __init__(self, value: int, wrap: Callable[[Any], Any]) -> None:
        self.value = value
        self.wrap = wrap

    def __index__(self) -> int:
        return self.value

    __int__ = __index__

    def __float__(self) -> float:
        return float(self.value)

    def __bool__(self) -> bool:
        return self.value != 0

    def __hash__(self) -> int:
        return hash(self.value)

    def __repr__(self) -> str:
        return repr(self.value)

    def __format__(self, specification: str) -> str:
        return format(self.value, specification)

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray[Any, Any]:
        return np.array(self.value, dtype=dtype)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        arrays = [self.wrap(np.array(value.value)) if isinstance(value, Count) else value for value in inputs]
        return getattr(ufunc, method)(*arrays, **keywords)


numbers.Integral.register(Count)


def _operation(name: str, stays_whole: bool) -> tuple[Callable[[Count, Any], Any], Callable[[Any, Count], Any]]:
    function = getattr(operator, name)

    def compute(one: Any, other: Any) -> Any:
        wrap = (one if isinstance(one, Count) else other).wrap
        first, second = (v.value if isinstance(v, Count) else v for v in (one, other))
        if not all(isinstance(v, int | float | np.number) for v in (first, second)):
            return NotImplemented
        if stays_whole and not any(isinstance(v, float | np.floating) for v in (first, second)):
            return Count(function(int(first), int(second)), wrap)
        if name == "truediv" and _divides(second, first):
            return Count(first // second, wrap)  # which is what NumPy's own counting, as in np.arange, asks for
        return function(wrap(lifted(first)), wrap(lifted(second)))

    return compute, lambda self, other: compute(other, self)


def _divides(divisor: Any, dividend: Any) -> bool:
    return isinstance(divisor, int) and isinstance(dividend, int) and divisor != 0 and dividend % divisor == 0


def _comparison(name: str) -> Callable[[Count, Any], bool]:
    function = getattr(operator, name)
    return lambda self, other: function(self.value, other.value if isinstance(other, Count) else other)


_fractional_power, _reflected_power = _operation("pow", stays_whole=False)


def _power(self: Count, other: Any) -> Any:
    whole = isinstance(other, int) and other >= 0
    return Count(self.value**other, self.wrap) if whole else _fractional_power(self, other)


_divide, _divide_reflected = _operation("truediv", stays_whole=False)
_OPERATIONS: dict[str, Callable[..., Any]] = {
    "__truediv__": _divide,
    "__rtruediv__": _divide_reflected,
    "__pow__": _power,
    "__rpow__": _reflected_power,
    "__neg__": lambda self: Count(-self.value, self.wrap),
}
for _name in ("add", "sub", "mul", "floordiv", "mod"):
    _OPERATIONS[f"__{_name}__"], _OPERATIONS[f"__r{_name}__"] = _operation(_name, stays_whole=True)
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    _OPERATIONS[f"__{_name}__"] = _comparison(_name)
for _name, _function in _OPERATIONS.items():
    setattr(Count, _name, _function)
