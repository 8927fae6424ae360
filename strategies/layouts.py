"""Memory layouts: the same numbers, placed in memory in other ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Layout:
    """A way of placing an array in memory; ``place`` returns a new array of the same shape, dtype and numbers."""

    name: str
    place: Callable[[Array], Array]


def fortran_ordered(array: Array) -> Array:
    """The first axis varies fastest: what the transpose of a C-ordered array is."""
    return np.array(array, order="F", copy=True)


def axes_rotated(array: Array) -> Array:
    """The last axis varies slowest, the others in C order: neither C nor Fortran order from three axes on."""
    if array.ndim < 2:
        return array.copy()
    return np.moveaxis(np.moveaxis(array, -1, 0).copy(), 0, -1)


def strided(array: Array) -> Array:
    """Every other number of each row of a larger array; between them stands what nobody should read."""
    if array.ndim == 0:
        return array.copy()
    wide = np.full((*array.shape[:-1], 2 * array.shape[-1]), _unreadable(array.dtype))
    wide[..., ::2] = array
    return wide[..., ::2]


def reversed_in_memory(array: Array) -> Array:
    """All strides negative."""
    if array.ndim == 0:
        return array.copy()  # NumPy would make a scalar of it, which is no array to be written to
    return np.flip(np.flip(array).copy())


def unaligned(array: Array) -> Array:
    """Beginning one byte beside an address that the processor likes."""
    raw = bytearray(array.nbytes + 1)
    placed: Array = np.ndarray(array.shape, array.dtype, buffer=raw, offset=1)
    placed[...] = array
    return placed


def read_only(array: Array) -> Array:
    """C-ordered, and not to be written to."""
    kept = array.copy()
    kept.flags.writeable = False
    return kept


def repeated(array: Array) -> Array:
    """Stride zero along every axis: the first number of the array, everywhere (other numbers, for once)."""
    return np.broadcast_to(array.flat[0] if array.size else np.zeros((), array.dtype), array.shape)


def _unreadable(dtype: np.dtype[Any]) -> Any:
    return np.nan if dtype.kind == "f" else np.ones((), dtype)


LAYOUTS = tuple(
    Layout(name, place)
    for name, place in (
        ("Fortran-ordered", fortran_ordered),
        ("with its axes rotated in memory", axes_rotated),
        ("strided", strided),
        ("reversed in memory", reversed_in_memory),
        ("unaligned", unaligned),
        ("read-only", read_only),
    )
)
