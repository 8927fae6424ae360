"""Maps that move elements about without changing them: each element of the output is one of the input's."""

from __future__ import annotations

import numpy as np

from .. import notation
from ..linear import Array, LinearMap
from ..options import Broadcasting, Permutation, Reshaping, ShapeOf
from ..signatures import Shape
from .vocabulary import linear_map


@linear_map("(...)", shape=ShapeOf(), to=Reshaping())
def reshape(shape: Shape, to: Shape) -> LinearMap:
    """Lay the elements of an array of the given shape out in another shape, in C order."""
    return LinearMap(
        lambda dx: np.reshape(dx, to),
        lambda ct: np.reshape(ct, shape),
        lambda: (notation.reshaping(shape, to), notation.reshaping(to, shape)),
    )


@linear_map("(...)", axes=Permutation())
def permute(axes: tuple[int, ...] | None = None) -> LinearMap:
    """Reorder the axes as `numpy.transpose` does; None reverses them."""
    inverse = None if axes is None else tuple(int(i) for i in np.argsort([axis % len(axes) for axis in axes]))
    there, back = ("transpose", "transpose") if axes is None else (f"permute {axes}", f"permute {inverse}")
    return LinearMap(
        lambda dx: np.transpose(dx, axes),
        lambda ct: np.transpose(ct, inverse),
        lambda: (notation.named(there, undoes=back), notation.named(back, undoes=there)),
    )


@linear_map("(...)", shape=ShapeOf(), to=Broadcasting())
def broadcast(shape: Shape, to: Shape) -> LinearMap:
    """Repeat an array along new and size-1 axes; its transpose sums over the repeats."""
    return LinearMap(
        lambda dx: np.broadcast_to(dx, to),
        lambda ct: sum_to_shape(ct, shape),
        lambda: (
            ((), ())
            if shape == to
            else (notation.named(f"repeat{_over(shape, to)}"), notation.named(f"sum{_over(shape, to)}"))
        ),
    )


def _over(shape: Shape, to: Shape) -> str:
    """The axes of ``to`` along which an array of the given shape is repeated, in words without sizes."""
    extra = len(to) - len(shape)
    repeated = [extra + axis for axis, size in enumerate(shape) if size == 1 != to[extra + axis]]
    axes = [*range(extra), *repeated]
    kept = " with keepdims" if repeated else ""
    if not shape:
        return " over all axes"
    return f" over {'axis' if len(axes) == 1 else 'axes'} {' and '.join(map(str, axes))}{kept}"


def sum_to_shape(array: Array, shape: Shape) -> Array:
    """Sum over the axes along which an array of the given shape was repeated to give ``array``'s shape."""
    extra = array.ndim - len(shape)
    repeated = tuple(extra + axis for axis, size in enumerate(shape) if size == 1 != array.shape[extra + axis])
    summed = np.sum(array, axis=(*range(extra), *repeated), keepdims=True)
    return np.reshape(summed, shape)
