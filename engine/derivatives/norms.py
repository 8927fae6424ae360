"""Norms of vectors and matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import primitives
from ..domains import nonzero
from ..linear import Array, LinearMap
from ..maps import (
    inner_product_with,
    kept_shape,
    sum_over,
)
from ..options import Axes, Choice, flag
from .definitions import defined_as
from .rules import derivative_of


@defined_as(
    np.linalg.norm,
    "(n,m)->",
    domain={"a": nonzero},
    options={"ord": Choice((None, "fro", 1, np.inf)), "keepdims": flag},
)
def norm(x: Array, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Array:  # noqa: A002
    """``(sum_i |x_i|^p)^(1/p)`` of vectors; of matrices by squares, singular values, or sums along an axis"""
    axes = tuple(range(x.ndim)) if axis is None else tuple(np.atleast_1d(np.asarray(axis, dtype=int)).tolist())
    is_square = ord is None or (ord == "fro" if isinstance(ord, str) else ord == 2 and len(axes) == 1)
    if is_square:
        return primitives.root_of_squares(x, axis=axes, keepdims=keepdims)
    if len(axes) == 1:
        return _vector_norm(x, ord, axes[0], keepdims)
    if (ord == "nuc" if isinstance(ord, str) else ord == 2) and x.ndim == 2:
        values = np.linalg.svdvals(x)
        size = np.sum(values) if isinstance(ord, str) else np.max(values)
        return np.reshape(size, (1, 1)) if keepdims else size
    if abs(ord) in (1, np.inf):
        first, second = axes if abs(ord) == 1 else axes[::-1]
        sums = np.sum(np.absolute(x), axis=first, keepdims=True)
        sizes = (np.max if ord > 0 else np.min)(sums, axis=second, keepdims=True)
        return sizes if keepdims else np.squeeze(sizes, axes)
    raise NotImplementedError(f"np.linalg.norm with ord={ord!r} over {len(axes)} axes is not traced")


def _vector_norm(x: Array, order: Any, axis: int, keepdims: bool) -> Array:
    sizes = np.absolute(x)
    if abs(order) == np.inf:
        return (np.max if order > 0 else np.min)(sizes, axis=axis, keepdims=keepdims)
    if order == 1:
        return np.sum(sizes, axis=axis, keepdims=keepdims)
    return np.sum(sizes**order, axis=axis, keepdims=keepdims) ** (1 / order)


@derivative_of(primitives.root_of_squares, "(...)->", domain={"x": nonzero}, options={"axis": Axes(), "keepdims": flag})
def root_of_squares(y: Array, x: Array, axis: Any = None, keepdims: bool = False) -> LinearMap:
    """``d||x|| = <x, dx> / ||x||``; at ``x = 0``, where every vector not longer than 1 is a subgradient, 0"""
    kept = np.reshape(y, kept_shape(x.shape, axis))
    return sum_over(x.shape, axis, keepdims) @ inner_product_with(x / np.where(kept == 0, 1, kept))


@defined_as(
    np.linalg.vector_norm,
    "(n,m)->",
    domain={"a": nonzero},
    options={"axis": Choice((0, None, -1)), "ord": Choice((2, 1, np.inf, 3)), "keepdims": flag},
)
def vector_norm(x: Array, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Array:  # noqa: A002
    """``(sum_i |x_i|^p)^(1/p)``, of the vectors along an axis, or of all elements"""
    if axis is None:
        size = np.linalg.norm(np.ravel(x), ord)
        return np.reshape(size, (1,) * x.ndim) if keepdims else size
    return np.linalg.norm(x, ord, axis, keepdims)
