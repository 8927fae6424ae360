"""Sums and means: linear functions, and so their own derivatives."""

from __future__ import annotations

import numpy as np

from ..linear import Array, LinearMap
from ..maps import divide_by, reduced_size, sum_over
from ..maps.sums import Axis
from ..options import Axes, flag
from .rules import derivative_of


@derivative_of(np.sum, "(...)->", options={"axis": Axes(), "keepdims": flag})
def sum(y: Array, x: Array, axis: Axis = None, keepdims: bool = False) -> LinearMap:
    """d(sum x) = sum dx"""
    return sum_over(x.shape, axis, keepdims)


@derivative_of(np.mean, "(...)->", options={"axis": Axes(nonempty=True), "keepdims": flag})
def mean(y: Array, x: Array, axis: Axis = None, keepdims: bool = False) -> LinearMap:
    """d(mean x) = (sum dx) / n, n elements to each mean"""
    return divide_by(reduced_size(x.shape, axis)) @ sum_over(x.shape, axis, keepdims)
