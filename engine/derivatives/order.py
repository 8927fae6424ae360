"""Order statistics, and reductions that leave out what is no number."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..domains import positive
from ..linear import Array
from ..options import Axes, Choice, flag
from .definitions import defined_as

Axis = int | tuple[int, ...] | None


@defined_as(np.ptp, "(...)->", options={"axis": Axes(nonempty=True), "keepdims": flag})
def ptp(a: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """``max x - min x``"""
    return np.max(a, axis=axis, keepdims=keepdims) - np.min(a, axis=axis, keepdims=keepdims)


@defined_as(np.median, "(...)->", options={"axis": Axes(nonempty=True), "keepdims": flag})
def median(a: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """the middle of the sorted elements, or the mean of the two middle ones"""
    rows, kept = _rows(a, axis)
    ascending, count = np.sort(rows, axis=-1), rows.shape[-1]
    result = np.mean(ascending[..., (count - 1) // 2 : count // 2 + 1], axis=-1)
    return np.reshape(result, kept) if keepdims else result


@defined_as(
    np.quantile,
    "(n,3)->",
    call=lambda f, a, q, **given: f(a, q, **given),
    options={"q": Choice((0.5, 0.0, 0.3, 1.0)), "axis": Choice((-1, 1))},
)
def quantile(a: Array, q: Any, axis: Axis = None, method: str = "linear", keepdims: bool = False) -> Array:
    """``(1 - t) a_k + t a_(k+1)``, between two of the sorted elements, in proportion"""
    if method != "linear":
        raise NotImplementedError(f"method={method!r} is not traced; use method='linear'")
    rows, kept = _rows(a, axis)
    ascending = np.sort(rows, axis=-1)
    place = np.asarray(q, dtype=float) * (rows.shape[-1] - 1)
    below = np.floor(place).astype(int)
    share = (place - below).astype(a.dtype)
    above = np.minimum(below + 1, rows.shape[-1] - 1)
    result = (
        np.moveaxis(ascending[..., below] * (1 - share) + ascending[..., above] * share, -1, 0)
        if below.ndim
        else (ascending[..., int(below)] * (1 - share) + ascending[..., int(above)] * share)
    )
    return np.reshape(result, (*below.shape, *kept)) if keepdims else result


@defined_as(np.percentile, "(n,3)->", options={"q": Choice((50, 0, 25)), "axis": Choice((-1, 1))})
def percentile(a: Array, q: Any, axis: Axis = None, method: Any = "linear", keepdims: bool = False) -> Array:
    """the quantile at ``q / 100``"""
    return np.quantile(a, np.asarray(q) / 100, axis=axis, method=method, keepdims=keepdims)


def _rows(a: Array, axis: Axis) -> tuple[Array, tuple[int, ...]]:
    """The axes to be reduced gathered into one last axis, and the shape that they leave with keepdims."""
    axes = range(a.ndim) if axis is None else np.atleast_1d(np.asarray(axis, dtype=int)).tolist()
    reduced = sorted({one % a.ndim for one in axes})
    left = [one for one in range(a.ndim) if one not in reduced]
    count = int(np.prod([a.shape[one] for one in reduced], dtype=int))
    rows = np.reshape(np.transpose(a, (*left, *reduced)), (*(a.shape[one] for one in left), count))
    return rows, tuple(1 if one in reduced else a.shape[one] for one in range(a.ndim))


@defined_as(
    np.average,
    "(n,m)->",
    "(n,m),(n,m)->",
    call=lambda f, a, *w, axis: f(a, axis=axis, weights=w[0] if w else None),
    domain={"b": positive},
    options={"axis": Choice((None, 0))},
)
def average(a: Array, axis: Axis = None, weights: Any = None, keepdims: bool = False) -> Array:
    """``(sum_i w_i a_i) / (sum_i w_i)``"""
    if weights is None:
        return np.mean(a, axis=axis, keepdims=keepdims)
    if np.ndim(weights) < a.ndim:
        weights = np.reshape(weights, [-1 if one == axis % a.ndim else 1 for one in range(a.ndim)]) + 0 * a
    return np.sum(a * weights, axis=axis, keepdims=keepdims) / np.sum(weights, axis=axis, keepdims=keepdims)


@defined_as(np.nansum, "(...)->", options={"axis": Axes(), "keepdims": flag})
def nansum(a: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """the sum of what is a number"""
    return np.sum(np.where(np.isnan(a), 0, a), axis=axis, keepdims=keepdims)


@defined_as(np.nanmean, "(...)->", options={"axis": Axes(nonempty=True), "keepdims": flag})
def nanmean(a: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """the mean of what is a number"""
    count = np.sum(~np.isnan(a), axis=axis, keepdims=keepdims, dtype=a.dtype)
    return np.nansum(a, axis=axis, keepdims=keepdims) / count


@defined_as(np.nanmax, "(...)->", options={"axis": Axes(nonempty=True), "keepdims": flag})
def nanmax(a: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """the largest of what is a number"""
    return np.max(np.where(np.isnan(a), -np.inf, a), axis=axis, keepdims=keepdims)


@defined_as(np.nanmin, "(...)->", options={"axis": Axes(nonempty=True), "keepdims": flag})
def nanmin(a: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """the smallest of what is a number"""
    return np.min(np.where(np.isnan(a), np.inf, a), axis=axis, keepdims=keepdims)
