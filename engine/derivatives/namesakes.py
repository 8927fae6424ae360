"""Functions of the array API standard that do what older ones do, under names or with parameters of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..domains import Interval, nonzero
from ..linear import Array
from ..options import Choice, flag
from .definitions import defined_as, in_a_list


@defined_as(np.linalg.outer, "(n),(m)->")
def linalg_outer(x1: Array, x2: Array) -> Array:
    """``y_ij = a_i b_j``"""
    return np.outer(x1, x2)


@defined_as(np.linalg.tensordot, "(n,m),(m,n)->", options={"axes": Choice((1, ((0, 1), (1, 0))))})
def linalg_tensordot(x1: Array, x2: Array, *, axes: Any = 2) -> Array:
    """sums of products over axes of both"""
    return np.tensordot(x1, x2, axes)


@defined_as(np.linalg.cross, "(n,3),(n,3)->")
def linalg_cross(x1: Array, x2: Array, *, axis: int = -1) -> Array:
    """``a x b``, of vectors of three along an axis"""
    return np.cross(x1, x2, axis=axis)


@defined_as(np.linalg.vecdot, "(b,n),(b,n)->")
def linalg_vecdot(x1: Array, x2: Array, *, axis: int = -1) -> Array:
    """``y_b = sum_i conj(x_bi) z_bi``"""
    return np.vecdot(np.moveaxis(x1, axis, -1), np.moveaxis(x2, axis, -1))


@defined_as(np.linalg.matrix_transpose, "(b,n,m)->")
def linalg_matrix_transpose(x: Array) -> Array:
    """``x^T``, for each matrix of a stack"""
    return np.matrix_transpose(x)


@defined_as(np.linalg.diagonal, "(b,n,m)->", options={"offset": Choice((0,))})
def linalg_diagonal(x: Array, *, offset: int = 0) -> Array:
    """``x_ii``, of each matrix of a stack"""
    return np.diagonal(x, offset, -2, -1)


@defined_as(np.linalg.trace, "(b,n,m)->")
def linalg_trace(x: Array, *, offset: int = 0) -> Array:
    """``sum_i x_ii``, of each matrix of a stack"""
    return np.trace(x, offset, -2, -1)


@defined_as(
    np.linalg.matrix_norm,
    "(n,m)->",
    domain={"a": nonzero},
    options={"ord": Choice(("fro", 1, np.inf)), "keepdims": flag},
)
def matrix_norm(x: Array, *, keepdims: bool = False, ord: Any = "fro") -> Array:  # noqa: A002  # NumPy's own name
    """``sqrt(sum_ij x_ij^2)``, and other norms of matrices"""
    return np.linalg.norm(x, ord, (-2, -1), keepdims)


def _apart(cond: Any, a: Array, p: Any) -> Array:
    return cond(a + np.array([[20.0, 0.0], [3.0, 60.0]], dtype=a.dtype), p)


@defined_as(
    np.linalg.cond, "(2,2)->", call=_apart, domain={"a": Interval(-2.0, 2.0)}, options={"p": Choice((None, "fro", 1))}
)
def cond(x: Array, p: Any = None) -> Array:
    """``||A|| ||A^-1||``; in the norm of order 2, the largest singular value over the smallest"""
    if p is None or (p == 2 and not isinstance(p, str)):
        values = np.linalg.svdvals(x)
        return values[..., 0] / values[..., -1]
    return np.linalg.norm(x, p, (-2, -1)) * np.linalg.norm(np.linalg.inv(x), p, (-2, -1))


@defined_as(np.cumulative_sum, "(n,m)->", options={"axis": Choice((0, -1)), "include_initial": flag})
def cumulative_sum(x: Array, *, axis: int | None = None, include_initial: bool = False) -> Array:
    """``y_i = sum_(j <= i) x_j``"""
    return _with_first(np.cumsum(x, axis=axis), axis or 0, 0) if include_initial else np.cumsum(x, axis=axis)


@defined_as(np.cumulative_prod, "(n,m)->", options={"axis": Choice((0, -1)), "include_initial": flag})
def cumulative_prod(x: Array, *, axis: int | None = None, include_initial: bool = False) -> Array:
    """``y_i = prod_(j <= i) x_j``"""
    return _with_first(np.cumprod(x, axis=axis), axis or 0, 1) if include_initial else np.cumprod(x, axis=axis)


def _with_first(running: Array, axis: int, value: int) -> Array:
    shape = [1 if place == axis % running.ndim else size for place, size in enumerate(running.shape)]
    return np.concatenate([np.full(shape, value, dtype=running.dtype), running], axis)


@defined_as(np.block, "(n,m),(n,k)->", call=in_a_list)
def block(arrays: Sequence[Any]) -> Array:
    """arrays side by side in the innermost lists, and above each other in those around them"""
    return _block(arrays, _depth(arrays))


def _depth(arrays: Any) -> int:
    return 1 + _depth(arrays[0]) if isinstance(arrays, list) else 0


def _block(arrays: Any, depth: int) -> Array:
    if not isinstance(arrays, list):
        return np.atleast_2d(arrays) if depth == 0 else arrays
    parts = [_block(part, depth - 1) for part in arrays]
    rank = max(2, *(part.ndim for part in parts))
    parts = [np.reshape(part, (1,) * (rank - part.ndim) + part.shape) for part in parts]
    return np.concatenate(parts, -depth)


@defined_as(
    np.unstack, "(3,2)->", call=lambda unstack, a, axis: unstack(a, axis=axis)[-1], options={"axis": Choice((0, 1))}
)
def unstack(x: Array, /, *, axis: int = 0) -> tuple[Array, ...]:
    """the parts along an axis, one by one"""
    return tuple(np.moveaxis(x, axis, 0))


@defined_as(np.extract, "(2,2)->", call=lambda extract, a: extract([True, False, True, True], a))
def extract(condition: Any, arr: Array) -> Array:
    """the elements whose condition holds, in one row"""
    return np.compress(np.ravel(condition), np.ravel(arr))


@defined_as(np.rollaxis, "(n,2,3)->", options={"axis": Choice((2, 0, 1)), "start": Choice((0, 1, 3))})
def rollaxis(a: Array, axis: int, start: int = 0) -> Array:
    """an axis moved to before another"""
    place, before = axis % a.ndim, start if start >= 0 else start + a.ndim
    return np.moveaxis(a, place, before - 1 if before > place else before)


@defined_as(np.dsplit, "(2,1,4)->", call=lambda dsplit, a: dsplit(a, 2)[1])
def dsplit(ary: Array, indices_or_sections: Any) -> list[Array]:
    """parts along the third axis"""
    return np.split(ary, indices_or_sections, 2)
