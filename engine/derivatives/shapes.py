"""Functions that only move elements about: linear, and so their own derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import primitives
from ..linear import Array, LinearMap, identity
from ..maps import broadcast, flip, gather, permute
from ..maps import reshape as reshape_map
from ..options import Axes, Broadcasting, Choice, Index, Permutation, Reshaping
from ..signatures import Shape
from .rules import derivative_of


@derivative_of(np.reshape, "(...)->", options={"shape": Reshaping()})
def reshape(y: Array, x: Array, shape: Shape) -> LinearMap:
    """``d(reshape x) = reshape dx``"""
    return reshape_map(x.shape, y.shape)


@derivative_of(np.transpose, "(...)->", options={"axes": Permutation()})
def transpose(y: Array, x: Array, axes: Shape | None = None) -> LinearMap:
    """``d(x^T) = dx^T``, for any order of the axes; a vector is its own transpose"""
    return permute(axes) if x.ndim > 1 else identity


@derivative_of(np.broadcast_to, "(...)->", options={"shape": Broadcasting()})
def broadcast_to(y: Array, x: Array, shape: Shape) -> LinearMap:
    """``d(broadcast x) = broadcast dx``"""
    return broadcast(x.shape, y.shape)


@derivative_of(primitives.getitem, "(...)->", options={"index": Index()})
def getitem(y: Array, x: Array, index: Any) -> LinearMap:
    """``d(x[k]) = dx[k]``"""
    return gather(x.shape, index)


@derivative_of(
    primitives.scatter_add,
    "(2,1)->",
    options={"index": Choice(([0, 1], [1, 1], [2, 0])), "shape": Choice(((3, 1),))},
)
def scatter_add(y: Array, x: Array, index: Any, shape: Shape) -> LinearMap:
    """``y_k = sum_i x_i`` over all i that go to k, and ``dy_k = sum_i dx_i``: the transpose of picking"""
    return gather(shape, index).transpose


@derivative_of(np.ravel, "(...)->")
def ravel(y: Array, x: Array) -> LinearMap:
    """``d(ravel x) = ravel dx``"""
    return reshape_map(x.shape, y.shape)


@derivative_of(np.expand_dims, "(n,m)->", options={"axis": Choice((0, 1, -1, (0, -1)))})
def expand_dims(y: Array, x: Array, axis: Any) -> LinearMap:
    """``d(expand x) = expand dx``, with new axes"""
    return reshape_map(x.shape, y.shape)


@derivative_of(np.squeeze, "(1,n,1)->", options={"axis": Choice((None, 0, -1, (0, 2)))})
def squeeze(y: Array, x: Array, axis: Any = None) -> LinearMap:
    """``d(squeeze x) = squeeze dx``, without axes of size one"""
    return reshape_map(x.shape, y.shape)


@derivative_of(np.swapaxes, "(n,m,k)->", options={"axis1": Choice((0, 1)), "axis2": Choice((-1, 0))})
def swapaxes(y: Array, x: Array, axis1: int, axis2: int) -> LinearMap:
    """``d(x^T) = dx^T``, where two axes are swapped"""
    return permute(_order(x, lambda a: np.swapaxes(a, axis1, axis2)))


@derivative_of(
    np.moveaxis,
    "(n,m,k)->",
    options={"source": Choice((0, -1, 1)), "destination": Choice((1, 2, -2, 0))},
)
def moveaxis(y: Array, x: Array, source: Any, destination: Any) -> LinearMap:
    """``d(x^T) = dx^T``, where axes are moved"""
    return permute(_order(x, lambda a: np.moveaxis(a, source, destination)))


@derivative_of(np.matrix_transpose, "(b,n,m)->")
def matrix_transpose(y: Array, x: Array) -> LinearMap:
    """``d(x^T) = dx^T``, for each matrix of a stack"""
    return permute((*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))


def _order(x: Array, move: Any) -> tuple[int, ...]:
    """The axes of x in the order in which they come out, told apart by their sizes."""
    return tuple(size - 1 for size in move(np.empty([axis + 1 for axis in range(x.ndim)])).shape)


@derivative_of(np.flip, "(...)->", options={"axis": Axes()})
def flip_(y: Array, m: Array, axis: Any = None) -> LinearMap:
    """``d(flip x) = flip dx``"""
    return flip(tuple(range(m.ndim)) if axis is None else axis)


@derivative_of(np.flipud, "(n,m)->")
def flipud(y: Array, m: Array) -> LinearMap:
    """``d(flip x) = flip dx``, along the first axis"""
    return flip(0)


@derivative_of(np.fliplr, "(n,m)->")
def fliplr(y: Array, m: Array) -> LinearMap:
    """``d(flip x) = flip dx``, along the second axis"""
    return flip(1)


@derivative_of(np.copy, "(...)->")
def copy(y: Array, a: Array) -> LinearMap:
    """``dy = dx``: a copy changes as the array does"""
    return identity
