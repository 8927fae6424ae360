"""Functions that choose one of several values; where two are tied, the shares of the choices sum to one."""

from __future__ import annotations

import numpy as np

from ..domains import mask
from ..linear import Array, LinearMap
from ..maps import divide_by, scale, sum_over
from ..maps.sums import Axis
from ..options import Axes, flag
from .rules import derivative_of

Two = tuple[LinearMap, LinearMap]


@derivative_of(np.maximum)
def maximum(y: Array, a: Array, b: Array) -> Two:
    """d max(a, b) is da where a > b and db elsewhere; so max(x, 0) has derivative 0 at x = 0"""
    return scale(a > b), scale(a <= b)


@derivative_of(np.minimum)
def minimum(y: Array, a: Array, b: Array) -> Two:
    """d min(a, b) is da where a < b and db elsewhere"""
    return scale(a < b), scale(a >= b)


@derivative_of(np.where, "(),(),()->()", domain={"condition": mask})
def where(y: Array, condition: Array, a: Array, b: Array) -> tuple[None, LinearMap, LinearMap]:
    """d where(c, a, b) is da where c holds and db elsewhere"""
    chosen = np.not_equal(condition, 0)
    return None, scale(chosen), scale(np.logical_not(chosen))


@derivative_of(np.max, "(...)->", options={"axis": Axes(nonempty=True), "keepdims": flag})
def max(y: Array, x: Array, axis: Axis = None, keepdims: bool = False) -> LinearMap:
    """d max(x) is dx at the largest element, shared evenly where several are"""
    largest = x == np.max(x, axis=axis, keepdims=True)
    count = np.sum(largest, axis=axis, keepdims=True, dtype=x.dtype)
    return sum_over(x.shape, axis, keepdims) @ divide_by(count) @ scale(largest)
