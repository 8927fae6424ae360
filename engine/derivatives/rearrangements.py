"""Functions that repeat, drop and move elements: linear, and so their own derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import primitives
from ..linear import Array, LinearMap
from ..maps import pad, permute, rearrange, windows
from ..options import Choice
from ..signatures import Shape
from .rules import derivative_of


@derivative_of(np.roll, "(n,m)->", options={"shift": Choice((1, -2)), "axis": Choice((None, 0, -1))})
def roll(y: Array, a: Array, shift: Any, axis: Any = None) -> LinearMap:
    """``d(roll x) = roll dx``"""
    return rearrange(a.shape, lambda dx: np.roll(dx, shift, axis), f"roll by {shift} along {axis}")


@derivative_of(np.rot90, "(n,m)->", options={"k": Choice((1, 2, 3, 0))})
def rot90(y: Array, m: Array, k: int = 1, axes: tuple[int, int] = (0, 1)) -> LinearMap:
    """``d(turned x) = turned dx``"""
    return rearrange(m.shape, lambda dx: np.rot90(dx, k, axes), f"turn {k} times")


@derivative_of(np.repeat, "(n,m)->", options={"repeats": Choice((2, 1, 0)), "axis": Choice((None, 0, -1))})
def repeat(y: Array, a: Array, repeats: Any, axis: int | None = None) -> LinearMap:
    """``d(repeat x) = repeat dx``"""
    return rearrange(a.shape, lambda dx: np.repeat(dx, repeats, axis), f"repeat {repeats} times along {axis}")


@derivative_of(np.tile, "(n,m)->", options={"reps": Choice((2, (2, 1), (1, 3), (2, 1, 2)))})
def tile(y: Array, a: Array, reps: Any) -> LinearMap:
    """``d(tile x) = tile dx``"""
    return rearrange(a.shape, lambda dx: np.tile(dx, reps), f"tile by {reps}")


@derivative_of(
    np.take, "(2,2)->", options={"indices": Choice((0, [0, 1], [[1, 1], [0, -1]])), "axis": Choice((None, 0, -1))}
)
def take(y: Array, a: Array, indices: Any, axis: int | None = None, mode: Any = "raise") -> LinearMap:
    """``d(x_k) = dx_k`` for each index k that is taken"""
    return rearrange(a.shape, lambda dx: np.take(dx, indices, axis=axis, mode=mode), f"take along axis {axis}")


@derivative_of(
    np.take_along_axis,
    "(2,2)->",
    options={"indices": Choice((np.array([[0, 1]]), np.array([[1, 1]]))), "axis": Choice((0,))},
)
def take_along_axis(y: Array, arr: Array, indices: Any, axis: int | None = -1) -> LinearMap:
    """``d(x_k) = dx_k`` for each index k that is taken along an axis"""
    return rearrange(arr.shape, lambda dx: np.take_along_axis(dx, indices, axis), f"take along axis {axis}")


@derivative_of(
    np.pad,
    "(n,m)->",
    options={
        "pad_width": Choice((((0, 1), (1, 0)), 1, ((2, 2),))),
        "mode": Choice(("constant", "edge", "reflect", "symmetric", "wrap")),
    },
)
def pad_(y: Array, array: Array, pad_width: Any, mode: Any = "constant", constant_values: Any = 0) -> LinearMap:
    """``d(pad x) = pad dx``, with zeros around it, or with its own elements where they are what is put around x"""
    if mode == "constant":
        return pad(tuple(map(tuple, np.broadcast_to(np.asarray(pad_width), (array.ndim, 2)).tolist())))
    return rearrange(array.shape, lambda dx: np.pad(dx, pad_width, mode), f"pad by {pad_width}, {mode}")


@derivative_of(np.diagonal, "(n,m)->", "(b,n,m)->", options={"offset": Choice((0, 0, 0))})
def diagonal(y: Array, a: Array, offset: int = 0, axis1: int = 0, axis2: int = 1) -> LinearMap:
    """``d(x_ii) = dx_ii``"""
    return rearrange(a.shape, lambda dx: np.diagonal(dx, offset, axis1, axis2), f"diagonal {offset}")


@derivative_of(np.diag, "(n)->", "(n,m)->", options={"k": Choice((0, 1, -1))})
def diag(y: Array, v: Array, k: int = 0) -> LinearMap:
    """``d(diag x) = diag dx``, of a vector and of a matrix"""
    return rearrange(v.shape, lambda dx: np.diag(dx, k), f"diag {k}")


@derivative_of(np.diagflat, "(n)->", "(2,1)->", options={"k": Choice((0, 1, -1))})
def diagflat(y: Array, v: Array, k: int = 0) -> LinearMap:
    """``d(diag x) = diag dx``, of all elements"""
    return rearrange(v.shape, lambda dx: np.diagflat(dx, k), f"diag {k}")


@derivative_of(np.delete, "(2,2)->", options={"obj": Choice((1, [0], slice(0, 1))), "axis": Choice((0, 1, None))})
def delete(y: Array, arr: Array, obj: Any, axis: int | None = None) -> LinearMap:
    """``d(x_k) = dx_k`` for each index k that is left"""
    return rearrange(arr.shape, lambda dx: np.delete(dx, obj, axis), f"delete {obj} along {axis}")


@derivative_of(np.resize, "(2,1)->", options={"new_shape": Choice(((3,), (2, 2), (1, 2), (1,)))})
def resize(y: Array, a: Array, new_shape: Any) -> LinearMap:
    """``d(x_k) = dx_k``: the elements in a row, repeated or cut"""
    return rearrange(a.shape, lambda dx: np.resize(dx, new_shape), f"resize to {new_shape}")


@derivative_of(np.tril, "(b,n,m)->", options={"k": Choice((0, 1, -1))})
def tril(y: Array, m: Array, k: int = 0) -> LinearMap:
    """``d(tril x) = tril dx``, the lower triangle"""
    return rearrange(m.shape, lambda dx: np.tril(dx, k), f"lower triangle {k}")


@derivative_of(np.triu, "(b,n,m)->", options={"k": Choice((0, 1, -1))})
def triu(y: Array, m: Array, k: int = 0) -> LinearMap:
    """``d(triu x) = triu dx``, the upper triangle"""
    return rearrange(m.shape, lambda dx: np.triu(dx, k), f"upper triangle {k}")


@derivative_of(
    np.lib.stride_tricks.sliding_window_view,
    "(4,n,5)->",
    options={"window_shape": Choice((2, (3,))), "axis": Choice((2, 0, (-1,)))},
)
def sliding_window_view(y: Array, x: Array, window_shape: Any, axis: Any = None) -> LinearMap:
    """d(windows of x) = windows of dx"""
    size = tuple(np.atleast_1d(np.asarray(window_shape, dtype=int)).tolist())
    axes = range(x.ndim) if axis is None else np.atleast_1d(np.asarray(axis, dtype=int)) % x.ndim
    left, rank, ones = x.ndim - len(size), y.ndim, (1,) * len(size)
    if list(axes) != list(range(left, x.ndim)):
        return rearrange(
            x.shape, lambda dx: np.lib.stride_tricks.sliding_window_view(dx, window_shape, axis), "windows"
        )
    entries_last = permute((*range(left), *range(x.ndim, rank), *range(left, x.ndim)))
    return entries_last @ windows(x.shape, size, ones, ones)


@derivative_of(
    primitives.add_windows,
    "(2,2,1,2,3)->",
    options={
        "shape": Choice(((2, 6, 6), (2, 6, 5))),
        "stride": Choice(((3, 2),)),
        "dilation": Choice(((1, 1), (2, 1))),
    },
)
def add_windows(y: Array, x: Array, shape: Shape, stride: Shape, dilation: Shape) -> LinearMap:
    """d(added windows) = the windows of dx, added: the transpose of cutting them"""
    return windows(shape, x.shape[-2 * len(stride) : -len(stride)], stride, dilation).transpose
