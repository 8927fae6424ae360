"""Functions that only move elements about: linear, and so their own derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import primitives
from ..linear import Array, LinearMap
from ..maps import broadcast, gather, permute
from ..maps import reshape as reshape_map
from ..options import Broadcasting, Choice, Index, Permutation, Reshaping
from ..signatures import Shape
from .rules import derivative_of


@derivative_of(np.reshape, "(...)->", options={"shape": Reshaping()})
def reshape(y: Array, x: Array, shape: Shape) -> LinearMap:
    """d(reshape x) = reshape dx"""
    return reshape_map(x.shape, y.shape)


@derivative_of(np.transpose, "(...)->", options={"axes": Permutation()})
def transpose(y: Array, x: Array, axes: Shape | None = None) -> LinearMap:
    """d(transpose x) = transpose dx"""
    return permute(axes)


@derivative_of(np.broadcast_to, "(...)->", options={"shape": Broadcasting()})
def broadcast_to(y: Array, x: Array, shape: Shape) -> LinearMap:
    """d(broadcast x) = broadcast dx"""
    return broadcast(x.shape, y.shape)


@derivative_of(primitives.getitem, "(...)->", options={"index": Index()})
def getitem(y: Array, x: Array, index: Any) -> LinearMap:
    """d(x[index]) = dx[index]"""
    return gather(x.shape, index)


@derivative_of(
    primitives.scatter_add,
    "(2,1)->",
    options={"index": Choice(([0, 1], [1, 1], [2, 0])), "shape": Choice(((3, 1),))},
)
def scatter_add(y: Array, x: Array, index: Any, shape: Shape) -> LinearMap:
    """d(scatter-add x) = scatter-add dx, the transpose of picking"""
    return gather(shape, index).transpose
