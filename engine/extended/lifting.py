"""Between arrays of any kind and plain object arrays of extended-precision numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .arithmetic import Objects, active

Plain = np.ndarray[Any, Any]  # a NumPy array, not of a subclass


def stripped(value: Any) -> Plain:
    """The plain NumPy array behind a value."""
    return np.asarray(value)


def stores_numbers(plain: Plain) -> bool:
    """Whether a plain array holds extended-precision numbers, rather than floats, integers or booleans."""
    return bool(plain.dtype.hasobject)


def lifted(value: Any) -> Objects:
    """A plain object array of extended-precision numbers, exact, from an array of any kind or a scalar."""
    plain = np.asarray(value)
    if stores_numbers(plain):
        return plain
    lift = active().lift
    if plain.dtype.kind == "b":
        return np.asarray(np.array([lift(0), lift(1)], dtype=object)[plain.astype(np.intp)], dtype=object)
    return each(lift, plain)


def entered(value: Any) -> Plain:
    """The plain array behind an argument of any kind; object arrays that are not ours are made so, entry by entry."""
    plain = np.asarray(value)
    if plain.dtype.hasobject and not (isinstance(value, np.ndarray) and type(value) is not np.ndarray):
        return each(_as_number, plain)
    return plain


def _as_number(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return lifted(value)[()]
    return active().lift(value) if isinstance(value, bool | int | float | np.generic) else value


def each(function: Callable[[Any], Any], values: Any) -> Objects:
    """The function's value at each element, as an object array of the same shape."""
    plain = np.asarray(values)
    results = np.empty(plain.size, dtype=object)
    results[:] = [function(value) for value in plain.ravel().tolist()]
    return results.reshape(plain.shape)


def filled(shape: tuple[int, ...], value: int) -> Objects:
    """An object array of one number repeated."""
    return np.full(shape, active().lift(value), dtype=object)


def to_float(array: Any) -> Plain:
    """The nearest float64 values (of midpoints), also of numbers that refuse to be converted."""
    plain = stripped(array)
    numbers = [float(getattr(number, "number", number)) for number in plain.ravel().tolist()]
    return np.array(numbers, dtype=np.float64).reshape(plain.shape)


def radii(array: Any) -> Objects:
    """The error bounds of the numbers, as numbers of the same arithmetic."""
    return each(active().radius, stripped(array))


def midpoints(array: Any) -> Objects:
    """The numbers without their error bounds."""
    return each(active().midpoint, stripped(array))


def decimals(array: Any, digits: int = 50) -> list[str]:
    """The numbers in C order as decimal strings of so many significant digits; 0 where they are no more than noise."""
    return [decimal(number, digits) for number in stripped(array).ravel()]


def decimal(number: Any, digits: int, error: Any = 0) -> str:
    """A number as a decimal string; 0 where it is no larger than its own error bound and another one together.

    Where that bound is too small to be seen, that is: of a number that is not known at all it says nothing.
    """
    arithmetic = active()
    bound = arithmetic.radius(number) + error
    is_noise = arithmetic.size(number) <= bound < 10.0**-digits
    return "0" if is_noise else arithmetic.decimal(number, digits)
