"""What the operations have in common: plain shapes, lifted operands, and functions that NumPy has not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...extended import ExtendedArray, active, extended, stores_numbers, stripped, to_float, wrap
from ...extended.ufuncs import call_by_name


def shape_of(array: Any) -> tuple[int, ...]:
    """The shape in plain integers: an extended array's own sizes divide in extended precision."""
    return stripped(array).shape


def is_extended(value: Any) -> bool:
    """Whether a value is an array of extended-precision numbers, and no mask or count made from them."""
    return isinstance(value, ExtendedArray) and stores_numbers(stripped(value))


def numbers(value: Any) -> Any:
    """A value as an array of extended-precision numbers."""
    return value if is_extended(value) else extended(value)


def special(name: str, x: Any) -> Any:
    """A function of scipy.special, rounded like NumPy's where the arithmetic in force rounds."""
    result, rounding = call_by_name(name, x), active().rounded
    return wrap(result if rounding is None else rounding(result))


def pi() -> Any:
    """The number pi, to the precision in force."""
    return np.deg2rad(extended(180.0))


def held_down(x: Any, axes: int | tuple[int, ...]) -> Any:
    """What to subtract before exponentials, and add behind their logarithm: the largest entry, rounded to a float.

    It cancels, whatever it is, so that it is no decision; and where one entry stands alone it cancels exactly.
    """
    floats = to_float(x)
    largest = np.max(floats, axis=axes, keepdims=True, initial=-np.inf) if floats.ndim else floats
    return extended(np.where(np.isfinite(largest), largest, 0.0))


def axes_of(array: Any, dims: int | Sequence[int] | None) -> tuple[int, ...]:
    """torch's ``dim``, where nothing and an empty list mean all axes."""
    rank = len(shape_of(array))
    if dims is None or (isinstance(dims, Sequence) and not dims):
        return tuple(range(rank))
    return tuple(dim % rank if rank else 0 for dim in (dims if isinstance(dims, Sequence) else [dims]))[: max(rank, 0)]


def repeated(given: Sequence[int] | int, count: int) -> list[int]:
    """One size for each of so many dimensions, where one may stand for all."""
    sizes = list(given) if isinstance(given, Sequence) else [given]
    return sizes * count if len(sizes) == 1 else sizes
