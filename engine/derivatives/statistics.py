"""Covariances, and statistics that leave out what is no number."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..domains import Interval
from ..linear import Array, LinearMap
from ..maps import conjugated, rearrange, scale, sum_over
from ..options import Axes, Choice, flag
from .definitions import defined_as
from .rules import derivative_of

Axis = int | tuple[int, ...] | None


@derivative_of(np.nanvar, "(...)->", options={"axis": Axes(nonempty=True), "ddof": Choice((0, 0.5)), "keepdims": flag})
def nanvar(y: Array, a: Array, axis: Axis = None, ddof: float = 0, keepdims: bool = False) -> LinearMap:
    """``d(sum_i (x_i - mu)^2 / f) = sum_i 2 (x_i - mu) dx_i / f`` over what is a number, f of them less ddof"""
    deviation, freedom = _deviation_and_freedom(a, axis, ddof)
    return sum_over(a.shape, axis, keepdims) @ scale(2 * deviation / freedom)


@derivative_of(np.nanstd, "(...)->", options={"axis": Axes(nonempty=True), "ddof": Choice((0, 0.5)), "keepdims": flag})
def nanstd(y: Array, a: Array, axis: Axis = None, ddof: float = 0, keepdims: bool = False) -> LinearMap:
    """``d(sqrt(v)) = dv / (2 sqrt(v)) = sum_i (x_i - mu) dx_i / (f sqrt(v))``; where all are equal, 0"""
    deviation, freedom = _deviation_and_freedom(a, axis, ddof)
    variance = np.sum(deviation * deviation, axis=axis, keepdims=True) / freedom
    root = np.sqrt(np.where(variance == 0, 1, variance))
    return sum_over(a.shape, axis, keepdims) @ scale(deviation / (freedom * root))


def _deviation_and_freedom(a: Array, axis: Axis, ddof: float) -> tuple[Array, Array]:
    """From the mean of what is a number (subtracted twice, as what rounding left over is not small against this)."""
    missing = np.isnan(a)
    count = np.sum(~missing, axis=axis, keepdims=True, dtype=a.dtype)
    deviation = np.where(missing, 0, a)
    for _ in range(2):
        deviation = np.where(missing, 0, deviation - np.sum(deviation, axis=axis, keepdims=True) / count)
    return deviation, count - ddof


@defined_as(np.nanprod, "(...)->", options={"axis": Axes(), "keepdims": flag})
def nanprod(a: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """``prod_i x_i`` of what is a number"""
    return np.prod(np.where(np.isnan(a), 1, a), axis=axis, keepdims=keepdims)


@defined_as(np.cov, "(2,4)->", "(3),(3)->", options={"bias": flag})
def cov(m: Array, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None) -> Array:
    """``C = (X - mu) conj(X - mu)^T / (n - ddof)``, of the rows of X"""
    rows = _rows_of(m, rowvar) if y is None else np.concatenate([_rows_of(m, rowvar), _rows_of(y, rowvar)])
    deviation = rows - np.mean(rows, axis=1, keepdims=True)
    freedom = rows.shape[1] - ((0 if bias else 1) if ddof is None else ddof)
    return np.squeeze(np.matmul(deviation, conjugated(deviation).T) / freedom)


def _rows_of(m: Array, rowvar: bool) -> Array:
    return np.atleast_2d(m if rowvar or m.ndim == 1 else m.T)


def _unequal(corrcoef: Any, a: Array) -> Array:
    return corrcoef(a + np.array([[0.0, 5.0, 1.0, -3.0], [3.0, 0.0, -4.0, 1.0]], dtype=a.dtype))


@defined_as(np.corrcoef, "(2,4)->", call=_unequal, domain={"a": Interval(-1.0, 1.0)})
def corrcoef(x: Array, y: Any = None, rowvar: bool = True) -> Array:
    """``C_ij / sqrt(C_ii C_jj)``, where C is the covariance"""
    covariance = np.cov(x, y, rowvar)
    if not covariance.ndim:
        return covariance / covariance
    spread = np.sqrt(np.real(np.diagonal(covariance)))
    return covariance / spread[:, None] / spread[None, :]


@derivative_of(np.partition, "(3)->", options={"kth": Choice(((0, 1, 2),))})
def partition(y: Array, a: Array, kth: Any, axis: int = -1) -> LinearMap:
    """``d(x_pi(i)) = dx_pi(i)``: the changes, in the order pi that x is brought into"""
    order = np.argpartition(a, kth, axis=axis)
    return rearrange(a.shape, lambda dx: np.take_along_axis(dx, order, axis), f"partition along axis {axis}")
