"""Differences, slopes, integrals and polynomials along an axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..linear import Array
from ..options import Choice
from .definitions import defined_as


@defined_as(np.diff, "(4,3)->", options={"n": Choice((1, 2, 0)), "axis": Choice((-1, 0))})
def diff(a: Array, n: int = 1, axis: int = -1) -> Array:
    """``y_i = x_(i+1) - x_i``, n times"""
    rows = np.moveaxis(a, axis, 0)
    for _ in range(n):
        rows = rows[1:] - rows[:-1]
    return np.moveaxis(rows, 0, axis)


@defined_as(np.ediff1d, "(n)->")
def ediff1d(ary: Array) -> Array:
    """``y_i = x_(i+1) - x_i``, of all elements in one row"""
    return np.diff(np.ravel(ary))


@defined_as(np.gradient, "(4,3)->", call=lambda f, a, **given: f(a, 0.5, **given), options={"axis": Choice((0, 1, -1))})
def gradient(f: Array, *varargs: Any, axis: Any = None) -> Any:
    """``(x_(i+1) - x_(i-1)) / (2 h)`` inside, one-sided differences at the ends"""
    axes = list(range(f.ndim)) if axis is None else np.atleast_1d(np.asarray(axis, dtype=int)).tolist()
    spacings = list(varargs or (1,)) * (1 if len(varargs) > 1 else len(axes))
    if any(np.ndim(spacing) for spacing in spacings):
        raise NotImplementedError("uneven spacing is not traced; divide np.diff by the spacing")
    slopes = []
    for one, spacing in zip(axes, spacings, strict=True):
        rows = np.moveaxis(f, one, 0)
        slope = np.concatenate([rows[1:2] - rows[:1], (rows[2:] - rows[:-2]) / 2, rows[-1:] - rows[-2:-1]])
        slopes.append(np.moveaxis(slope, 0, one) / spacing)
    return slopes[0] if len(slopes) == 1 else tuple(slopes)


@defined_as(np.trapezoid, "(n,m)->", "(n,m),(m)->", "(n,m),(n,m)->")
def trapezoid(y: Array, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Array:
    """the integral of the polygon through points: ``sum_i (x_(i+1) - x_i) (y_(i+1) + y_i) / 2``"""
    rows = np.moveaxis(y, axis, -1)
    nodes = x if x is None or np.ndim(x) == 1 else np.moveaxis(x, axis, -1)
    widths = dx if nodes is None else nodes[..., 1:] - nodes[..., :-1]
    return np.sum(widths * (rows[..., 1:] + rows[..., :-1]) / 2, axis=-1)


@defined_as(np.polyval, "(3),(n)->(n)")
def polyval(p: Array, x: Array) -> Array:
    """``p_0 x^(k-1) + ... + p_(k-1)``, by Horner's rule"""
    value = 0 * x
    for number in range(len(p)):
        value = value * x + p[number]
    return value
