"""Exponentials, logarithms and hyperbolic functions; most derivatives are written with the output."""

from __future__ import annotations

import numpy as np

from ..domains import Interval, positive
from ..linear import Array, LinearMap
from ..maps import divide_by, scale
from .rules import derivative_of

Two = tuple[LinearMap, LinearMap]


@derivative_of(np.exp)
def exp(y: Array, x: Array) -> LinearMap:
    """``d(e^x) = e^x dx``"""
    return scale(y)


@derivative_of(np.expm1)
def expm1(y: Array, x: Array) -> LinearMap:
    """``d(e^x - 1) = e^x dx``; from x, as ``1 + y`` would lose the small ``e^x`` of a very negative x"""
    return scale(np.exp(x))


@derivative_of(np.log, domain={"x": positive})
def log(y: Array, x: Array) -> LinearMap:
    """``d(log x) = dx / x``"""
    return divide_by(x)


@derivative_of(np.log1p, domain={"x": Interval(low=-1.0)})
def log1p(y: Array, x: Array) -> LinearMap:
    """``d(log(1 + x)) = dx / (1 + x)``"""
    return divide_by(1 + x)


@derivative_of(np.tanh)
def tanh(y: Array, x: Array) -> LinearMap:
    """``d(tanh x) = (1 - tanh^2 x) dx``"""
    return scale(1 - y**2)


@derivative_of(np.exp2)
def exp2(y: Array, x: Array) -> LinearMap:
    """``d(2^x) = 2^x log(2) dx``"""
    return scale(y * _log_of(2, x))


@derivative_of(np.log2, domain={"x": positive})
def log2(y: Array, x: Array) -> LinearMap:
    """``d(log x / log 2) = dx / (x log 2)``"""
    return divide_by(x * _log_of(2, x))


@derivative_of(np.log10, domain={"x": positive})
def log10(y: Array, x: Array) -> LinearMap:
    """``d(log x / log 10) = dx / (x log 10)``"""
    return divide_by(x * _log_of(10, x))


def _log_of(base: int, like: Array) -> Array:
    """``log(base)``, of the numbers that ``like`` is made of: a float would be one of 53 bits."""
    return np.log(base * np.ones_like(like))


@derivative_of(np.logaddexp)
def logaddexp(y: Array, a: Array, b: Array) -> Two:
    """``d(log(e^a + e^b)) = e^(a-y) da + e^(b-y) db``, with y the output: no exponent is above 0"""
    return scale(lambda: np.exp(a - y)), scale(lambda: np.exp(b - y))


@derivative_of(np.logaddexp2)
def logaddexp2(y: Array, a: Array, b: Array) -> Two:
    """``d(log2(2^a + 2^b)) = 2^(a-y) da + 2^(b-y) db``, with y the output"""
    return scale(lambda: np.exp2(a - y)), scale(lambda: np.exp2(b - y))


@derivative_of(np.sinh)
def sinh(y: Array, x: Array) -> LinearMap:
    """``d(sinh x) = cosh x dx``"""
    return scale(np.cosh(x))


@derivative_of(np.cosh)
def cosh(y: Array, x: Array) -> LinearMap:
    """``d(cosh x) = sinh x dx``"""
    return scale(np.sinh(x))


@derivative_of(np.arcsinh)
def arcsinh(y: Array, x: Array) -> LinearMap:
    """``d(arcsinh x) = dx / sqrt(1 + x^2)``"""
    return divide_by(np.hypot(1, x))


@derivative_of(np.arccosh, domain={"x": Interval(low=1.0)})
def arccosh(y: Array, x: Array) -> LinearMap:
    """``d(arccosh x) = dx / sqrt(x^2 - 1)``, as ``sqrt(x - 1) sqrt(x + 1)``: ``x^2 - 1`` would cancel near 1"""
    return divide_by(np.sqrt(x - 1) * np.sqrt(x + 1))


@derivative_of(np.arctanh, domain={"x": Interval(-1.0, 1.0)})
def arctanh(y: Array, x: Array) -> LinearMap:
    """``d(arctanh x) = dx / (1 - x^2)``, which is ``(1 - x) (1 + x)``: ``1 - x^2`` would cancel near 1"""
    return divide_by((1 - x) * (1 + x))
