"""Functions that choose one of several values; where two are tied, the shares of the choices sum to one."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import primitives
from ..domains import mask
from ..linear import Array, LinearMap
from ..maps import divide_by, rearrange, scale, sum_over
from ..maps.sums import Axis
from ..options import Axes, Choice, flag
from .rules import derivative_of

Two = tuple[LinearMap, LinearMap]


@derivative_of(np.maximum)
def maximum(y: Array, a: Array, b: Array) -> Two:
    """``d(max(a, b))`` is ``da`` where ``a > b`` and ``db`` elsewhere; so ``max(x, 0)`` has the slope 0 at ``x = 0``"""
    return scale(lambda: a > b), scale(lambda: a <= b)


@derivative_of(np.minimum)
def minimum(y: Array, a: Array, b: Array) -> Two:
    """``d(min(a, b))`` is ``da`` where ``a < b`` and ``db`` elsewhere"""
    return scale(lambda: a < b), scale(lambda: a >= b)


@derivative_of(np.where, "(),(),()->()", domain={"condition": mask})
def where(y: Array, condition: Array, a: Array, b: Array) -> tuple[None, LinearMap, LinearMap]:
    """``dy = da`` where the condition holds, ``dy = db`` elsewhere"""
    chosen = np.not_equal(condition, 0)
    return None, scale(chosen), scale(np.logical_not(chosen))


@derivative_of(np.max, "(...)->", options={"axis": Axes(nonempty=True), "keepdims": flag})
def max(y: Array, x: Array, axis: Axis = None, keepdims: bool = False) -> LinearMap:
    """``d(max x) = dx_k`` at the largest element, shared evenly where several are"""
    largest = x == np.max(x, axis=axis, keepdims=True)
    count = np.sum(largest, axis=axis, keepdims=True, dtype=x.dtype)
    return sum_over(x.shape, axis, keepdims) @ divide_by(count) @ scale(largest)


@derivative_of(np.min, "(...)->", options={"axis": Axes(nonempty=True), "keepdims": flag})
def min(y: Array, x: Array, axis: Axis = None, keepdims: bool = False) -> LinearMap:
    """``d(min x) = dx_k`` at the smallest element, shared evenly where several are"""
    smallest = x == np.min(x, axis=axis, keepdims=True)
    count = np.sum(smallest, axis=axis, keepdims=True, dtype=x.dtype)
    return sum_over(x.shape, axis, keepdims) @ divide_by(count) @ scale(smallest)


@derivative_of(np.fmax)
def fmax(y: Array, a: Array, b: Array) -> Two:
    """``dy = da`` where ``a > b`` or b is no number, ``dy = db`` elsewhere"""
    first = (a > b) | np.isnan(b)
    return scale(first), scale(~first)


@derivative_of(np.fmin)
def fmin(y: Array, a: Array, b: Array) -> Two:
    """``dy = da`` where ``a < b`` or b is no number, ``dy = db`` elsewhere"""
    first = (a < b) | np.isnan(b)
    return scale(first), scale(~first)


@derivative_of(np.nan_to_num, "(...)->")
def nan_to_num(y: Array, x: Array, nan: float = 0.0, posinf: Any = None, neginf: Any = None) -> LinearMap:
    """``dy = dx`` where x is finite, ``dy = 0`` elsewhere"""
    return scale(np.isfinite(x))


@derivative_of(np.sort, "(n,m)->(n,m)", "(n)->(n)", options={"axis": Choice((-1, 0))})
def sort(y: Array, x: Array, axis: int = -1, kind: Any = None, stable: Any = None) -> LinearMap:
    """``d(x_pi(i)) = dx_pi(i)``: the changes, in the order pi of x"""
    order = np.argsort(x, axis=axis, kind="stable")
    return rearrange(x.shape, lambda dx: np.take_along_axis(dx, order, axis), f"sort along axis {axis}")


@derivative_of(primitives.running_max, "(n,m)->(n,m)", options={"axis": Choice((-1, 0, 1))})
def running_max(y: Array, x: Array, axis: int) -> LinearMap:
    """``dy_i = dx_k`` with k the last element up to i that is the largest so far"""
    place = np.reshape(np.arange(x.shape[axis]), [-1 if a == axis % x.ndim else 1 for a in range(x.ndim)])
    largest = np.maximum.accumulate(np.where(x == y, place, 0), axis=axis)
    return rearrange(x.shape, lambda dx: np.take_along_axis(dx, largest, axis), f"largest so far along axis {axis}")
