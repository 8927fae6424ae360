"""Trigonometric functions, their inverses, and angles in degrees."""

from __future__ import annotations

import numpy as np

from ..domains import Interval, nonzero
from ..linear import Array, LinearMap
from ..maps import divide_by, scale
from .rules import derivative_of

Two = tuple[LinearMap, LinearMap]


@derivative_of(np.sin)
def sin(y: Array, x: Array) -> LinearMap:
    """``d(sin x) = cos x dx``"""
    return scale(np.cos(x))


@derivative_of(np.cos)
def cos(y: Array, x: Array) -> LinearMap:
    """``d(cos x) = -sin x dx``"""
    return scale(-np.sin(x))


@derivative_of(np.tan)
def tan(y: Array, x: Array) -> LinearMap:
    """``d(tan x) = (1 + tan^2 x) dx``"""
    return scale(1 + y**2)


@derivative_of(np.arcsin, domain={"x": Interval(-1.0, 1.0)})
def arcsin(y: Array, x: Array) -> LinearMap:
    """``d(arcsin x) = dx / sqrt(1 - x^2)``, as ``sqrt((1 - x) (1 + x))``: ``1 - x^2`` would cancel near 1"""
    return divide_by(np.sqrt((1 - x) * (1 + x)))


@derivative_of(np.arccos, domain={"x": Interval(-1.0, 1.0)})
def arccos(y: Array, x: Array) -> LinearMap:
    """``d(arccos x) = -dx / sqrt(1 - x^2)``"""
    return divide_by(-np.sqrt((1 - x) * (1 + x)))


@derivative_of(np.arctan)
def arctan(y: Array, x: Array) -> LinearMap:
    """``d(arctan x) = dx / (1 + x^2)``"""
    return divide_by(1 + x**2)


@derivative_of(np.arctan2, domain={"a": nonzero})
def arctan2(y: Array, a: Array, b: Array) -> Two:
    """``d(arctan2(a, b)) = (b da - a db) / r^2``, divided by r twice, as ``r^2`` overflows where r does not"""
    r = np.hypot(a, b)
    return scale(b / r / r), scale(-a / r / r)


@derivative_of(np.deg2rad)
def deg2rad(y: Array, x: Array) -> LinearMap:
    """``d(x pi / 180) = dx pi / 180``"""
    return scale(np.deg2rad(np.ones_like(x)))


@derivative_of(np.radians)
def radians(y: Array, x: Array) -> LinearMap:
    """``d(x pi / 180) = dx pi / 180``"""
    return scale(np.radians(np.ones_like(x)))


@derivative_of(np.rad2deg)
def rad2deg(y: Array, x: Array) -> LinearMap:
    """``d(x 180 / pi) = dx 180 / pi``"""
    return scale(np.rad2deg(np.ones_like(x)))


@derivative_of(np.degrees)
def degrees(y: Array, x: Array) -> LinearMap:
    """``d(x 180 / pi) = dx 180 / pi``"""
    return scale(np.degrees(np.ones_like(x)))
