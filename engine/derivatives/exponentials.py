"""Exponentials, logarithms and hyperbolic functions; most derivatives are written with the output."""

from __future__ import annotations

import numpy as np

from ..domains import Interval, positive
from ..linear import Array, LinearMap
from ..maps import divide_by, scale
from .rules import derivative_of


@derivative_of(np.exp)
def exp(y: Array, x: Array) -> LinearMap:
    """d(e^x) = e^x dx"""
    return scale(y)


@derivative_of(np.expm1)
def expm1(y: Array, x: Array) -> LinearMap:
    """d(e^x - 1) = e^x dx; from x, as 1 + y would lose the small e^x of a very negative x"""
    return scale(np.exp(x))


@derivative_of(np.log, domain={"x": positive})
def log(y: Array, x: Array) -> LinearMap:
    """d(log x) = dx / x"""
    return divide_by(x)


@derivative_of(np.log1p, domain={"x": Interval(low=-1.0)})
def log1p(y: Array, x: Array) -> LinearMap:
    """d(log(1 + x)) = dx / (1 + x)"""
    return divide_by(1 + x)


@derivative_of(np.tanh)
def tanh(y: Array, x: Array) -> LinearMap:
    """d(tanh x) = (1 - tanh^2 x) dx"""
    return scale(1 - y**2)
