"""Sums along axes, and running sums."""

from __future__ import annotations

import numpy as np

from .. import notation
from ..linear import LinearMap
from ..options import Axes, Choice, ShapeOf, flag
from ..signatures import Shape
from .vocabulary import linear_map

Axis = int | tuple[int, ...] | None


@linear_map("(...)", shape=ShapeOf(), axis=Axes(), keepdims=flag)
def sum_over(shape: Shape, axis: Axis = None, keepdims: bool = False) -> LinearMap:
    """Sum an array of the given shape over ``axis`` as `numpy.sum` does; its transpose repeats along it."""
    is_all = axis is None or np.size(axis) == len(shape)
    where = "all axes" if is_all else f"axes {axis}" if isinstance(axis, tuple) else f"axis {axis}"
    return LinearMap(
        lambda dx: np.sum(dx, axis=axis, keepdims=keepdims),
        lambda ct: np.broadcast_to(np.reshape(ct, kept_shape(shape, axis)), shape),
        lambda: (notation.named(f"sum over {where}"), notation.named(f"repeat over {where}")),
    )


def kept_shape(shape: Shape, axis: Axis) -> Shape:
    """The shape that a reduction over ``axis`` with ``keepdims=True`` has."""
    axes = range(len(shape)) if axis is None else np.atleast_1d(np.asarray(axis, dtype=int)).tolist()
    reduced = {a % len(shape) for a in axes} if shape else set()
    return tuple(1 if a in reduced else size for a, size in enumerate(shape))


def reduced_size(shape: Shape, axis: Axis) -> int:
    """How many elements each result of a reduction over ``axis`` is made of."""
    kept = kept_shape(shape, axis)
    size = 1
    for all_of_it, left in zip(shape, kept, strict=True):
        size *= all_of_it if left == 1 else 1
    return size


@linear_map("(n,m)", axis=Choice((0, 1, -1)))
def cumulative_sum(axis: int) -> LinearMap:
    """Running sums along ``axis``; the transpose runs from the other end."""
    return LinearMap(
        lambda dx: np.cumsum(dx, axis=axis),
        lambda ct: np.flip(np.cumsum(np.flip(ct, axis), axis=axis), axis),
        lambda: (
            notation.named(f"cumulative sum along axis {axis}"),
            notation.named(f"cumulative sum along axis {axis} from the end"),
        ),
    )
