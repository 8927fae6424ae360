"""Joining arrays and taking them apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import primitives
from ..linear import Array, LinearMap
from ..maps import pad
from ..options import Choice
from .definitions import defined_as, first_of, in_a_list, last_of
from .rules import derivative_of


@derivative_of(primitives.concatenate, "(n,m),(k,m)->", "(2,n),(3,n),(2,n)->", options={"axis": Choice((0, -2))})
def concatenate(y: Array, *arrays: Array, axis: int = 0) -> tuple[LinearMap, ...]:
    """``d(a, b, ...) = (da, 0, ...) + (0, db, ...) + ...``: each with zeros where the others are"""
    sizes = [array.shape[axis] for array in arrays]
    ends = np.cumsum(sizes).tolist()
    return tuple(
        pad(tuple((end - size, ends[-1] - end) if place == axis % y.ndim else (0, 0) for place in range(y.ndim)))
        for size, end in zip(sizes, ends, strict=True)
    )


def _array(value: Any) -> Array:
    return value if hasattr(value, "dtype") else np.asarray(value)


@defined_as(np.concatenate, "(n,m),(n,m)->", call=in_a_list, options={"axis": Choice((0, 1, -1, None))})
def concatenate_(arrays: Sequence[Array], axis: int | None = 0) -> Array:
    """arrays one behind the other; in one row where axis is None"""
    parts = [_array(array) for array in arrays]
    return primitives.concatenate(*([np.ravel(p) for p in parts] if axis is None else parts), axis=axis or 0)


@defined_as(np.stack, "(n,m),(n,m)->", call=in_a_list, options={"axis": Choice((0, 1, 2, -1))})
def stack(arrays: Sequence[Array], axis: int = 0) -> Array:
    """arrays along a new axis"""
    return np.concatenate([np.expand_dims(_array(array), axis) for array in arrays], axis)


@defined_as(np.vstack, "(n),(n)->", "(k,n),(m,n)->", call=in_a_list)
def vstack(tup: Sequence[Array]) -> Array:
    """rows one below the other"""
    return np.concatenate([np.atleast_2d(_array(array)) for array in tup], 0)


@defined_as(np.hstack, "(n),(m)->", "(n,k),(n,m)->", call=in_a_list)
def hstack(tup: Sequence[Array]) -> Array:
    """arrays side by side"""
    parts = [np.atleast_1d(_array(array)) for array in tup]
    return np.concatenate(parts, 0 if parts[0].ndim == 1 else 1)


@defined_as(np.dstack, "(n,m),(n,m)->", call=in_a_list)
def dstack(tup: Sequence[Array]) -> Array:
    """arrays along a third axis"""
    return np.concatenate([np.atleast_3d(_array(array)) for array in tup], 2)


@defined_as(np.column_stack, "(n),(n,m)->", call=in_a_list)
def column_stack(tup: Sequence[Array]) -> Array:
    """columns side by side"""
    parts = [_array(array) for array in tup]
    return np.concatenate([part if part.ndim > 1 else np.reshape(part, (-1, 1)) for part in parts], 1)


@defined_as(np.append, "(n,m),(k,m)->", options={"axis": Choice((0, None))})
def append(arr: Array, values: Array, axis: int | None = None) -> Array:
    """values behind an array"""
    return np.concatenate([arr, values], axis)


@defined_as(np.atleast_1d, "()->", "(n)->")
def atleast_1d(*arys: Array) -> Any:
    """with one axis at least"""
    results = [_array(a) if np.ndim(a) else np.reshape(_array(a), (1,)) for a in arys]
    return results[0] if len(results) == 1 else tuple(results)


@defined_as(np.atleast_2d, "(n)->", "(n,m)->")
def atleast_2d(*arys: Array) -> Any:
    """with two axes at least, new ones in front"""
    results = [_array(a) if np.ndim(a) > 1 else np.reshape(_array(a), (1, -1)) for a in arys]
    return results[0] if len(results) == 1 else tuple(results)


@defined_as(np.atleast_3d, "(n)->", "(n,m)->")
def atleast_3d(*arys: Array) -> Any:
    """with three axes at least: a vector in the middle, a matrix in front"""
    results = [_array(a) for a in arys]
    shapes = [{0: (1, 1, 1), 1: (1, *a.shape, 1), 2: (*a.shape, 1)}.get(a.ndim, a.shape) for a in results]
    results = [np.reshape(a, shape) for a, shape in zip(results, shapes, strict=True)]
    return results[0] if len(results) == 1 else tuple(results)


@defined_as(
    np.array_split,
    "(5,3)->",
    call=first_of,
    options={"indices_or_sections": Choice((2, 3, [1, 2])), "axis": Choice((0, 1, -1))},
)
def array_split(ary: Array, indices_or_sections: Any, axis: int = 0) -> list[Array]:
    """parts along an axis, the first ones longer by one where they are not equal"""
    size, sections = ary.shape[axis], indices_or_sections
    if isinstance(sections, int | np.integer):
        ends = np.cumsum([size // sections + (part < size % sections) for part in range(sections)])[:-1].tolist()
    else:
        ends = list(sections)
    around = (slice(None),) * (axis % ary.ndim)
    return [ary[(*around, slice(start, end))] for start, end in zip([0, *ends], [*ends, None], strict=True)]


@defined_as(
    np.split,
    "(4,6)->",
    call=last_of,
    options={"indices_or_sections": Choice((2, 1, [1, 3])), "axis": Choice((0, 1, -1))},
)
def split(ary: Array, indices_or_sections: Any, axis: int = 0) -> list[Array]:
    """parts along an axis, of equal sizes or between indices"""
    if isinstance(indices_or_sections, int | np.integer) and ary.shape[axis] % indices_or_sections:
        raise ValueError("array split does not result in an equal division")
    return np.array_split(ary, indices_or_sections, axis)


@defined_as(np.vsplit, "(4,3)->", call=last_of, options={"indices_or_sections": Choice((2, [1]))})
def vsplit(ary: Array, indices_or_sections: Any) -> list[Array]:
    """parts along the first axis"""
    return np.split(ary, indices_or_sections, 0)


@defined_as(np.hsplit, "(3,4)->", "(4)->", call=last_of, options={"indices_or_sections": Choice((2, [1]))})
def hsplit(ary: Array, indices_or_sections: Any) -> list[Array]:
    """parts along the second axis, or along a vector"""
    return np.split(ary, indices_or_sections, 0 if ary.ndim == 1 else 1)


@defined_as(np.broadcast_arrays, "(n,1),(m)->", call=first_of)
def broadcast_arrays(*args: Array) -> tuple[Array, ...]:
    """arrays repeated to their common shape"""
    shape = np.broadcast_shapes(*(np.shape(array) for array in args))
    return tuple(np.broadcast_to(array, shape) for array in args)


@defined_as(np.meshgrid, "(n),(m)->", call=last_of, options={"indexing": Choice(("xy", "ij"))})
def meshgrid(*xi: Array, indexing: str = "xy") -> list[Array]:
    """coordinates at every point of a grid"""
    count = len(xi)
    axes = [1, 0, *range(2, count)] if indexing == "xy" and count > 1 else list(range(count))
    parts = [np.reshape(x, [-1 if axis == axes[i] else 1 for axis in range(count)]) for i, x in enumerate(xi)]
    return list(np.broadcast_arrays(*parts))
