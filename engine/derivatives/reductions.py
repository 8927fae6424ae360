"""Sums, means, variances, products, and their running forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .. import primitives
from ..linear import Array, LinearMap
from ..maps import (
    cumulative_sum,
    divide_by,
    inner_product_with,
    kept_shape,
    permute,
    recurrence,
    reduced_size,
    scale,
    sum_over,
)
from ..maps import reshape as reshape_map
from ..maps.recurrences import product_with_zeros
from ..maps.sums import Axis
from ..options import Axes, Choice, flag
from .rules import derivative_of


@derivative_of(np.sum, "(...)->", options={"axis": Axes(), "keepdims": flag})
def sum(y: Array, x: Array, axis: Axis = None, keepdims: bool = False) -> LinearMap:
    """``d(sum_i x_i) = sum_i dx_i``"""
    return sum_over(x.shape, axis, keepdims)


@derivative_of(np.mean, "(...)->", options={"axis": Axes(nonempty=True), "keepdims": flag})
def mean(y: Array, x: Array, axis: Axis = None, keepdims: bool = False) -> LinearMap:
    """``d(mean x) = (sum_i dx_i) / n``, n elements to each mean"""
    return divide_by(reduced_size(x.shape, axis)) @ sum_over(x.shape, axis, keepdims)


@derivative_of(np.var, "(...)->", options={"axis": Axes(nonempty=True), "ddof": Choice((0, 0.5)), "keepdims": flag})
def var(y: Array, x: Array, axis: Axis = None, ddof: float = 0, keepdims: bool = False) -> LinearMap:
    """``d(sum_i (x_i - mu)^2 / f) = sum_i 2 (x_i - mu) dx_i / f``, ``f = n - ddof``; the mean's change sums to 0"""
    freedom, deviation = reduced_size(x.shape, axis) - ddof, _deviation(x, axis)
    return divide_by(freedom) @ sum_over(x.shape, axis, keepdims) @ inner_product_with(2 * deviation)


@derivative_of(np.std, "(...)->", options={"axis": Axes(nonempty=True), "ddof": Choice((0, 0.5)), "keepdims": flag})
def std(y: Array, x: Array, axis: Axis = None, ddof: float = 0, keepdims: bool = False) -> LinearMap:
    """``d(sqrt(v)) = dv / (2 sqrt(v)) = sum_i (x_i - mu) dx_i / (f sqrt(v))``; where all are equal, 0"""
    deviation, freedom = _deviation(x, axis), reduced_size(x.shape, axis) - ddof
    variance = np.sum(np.real(deviation * np.conjugate(deviation)), axis=axis, keepdims=True) / freedom
    std = np.sqrt(np.where(variance == 0, 1, variance))
    return divide_by(freedom) @ sum_over(x.shape, axis, keepdims) @ inner_product_with(deviation / std)


def _deviation(x: Array, axis: Axis) -> Array:
    """From the mean, which is subtracted twice: what rounding it left over is small against x, not against this."""
    nearly = x - np.mean(x, axis=axis, keepdims=True)
    return nearly - np.mean(nearly, axis=axis, keepdims=True)


@derivative_of(np.prod, "(...)->", options={"axis": Axes(), "keepdims": flag})
def prod(y: Array, x: Array, axis: Axis = None, keepdims: bool = False) -> LinearMap:
    """``d(prod x) = sum_i dx_i prod_(j != i) x_j``, which no division finds where ``x_i`` is 0"""
    return sum_over(x.shape, axis, keepdims) @ scale(lambda: _products_of_others(x, axis))


def _products_of_others(x: Array, axis: Axis) -> Array:
    """The product of all before times the product of all behind."""
    kept = kept_shape(x.shape, axis)
    reduced = [a for a in range(x.ndim) if kept[a] != x.shape[a] or a in _axes(axis, x.ndim)]
    order = (*reduced, *(a for a in range(x.ndim) if a not in reduced))
    moved = np.transpose(x, order)
    rows = np.reshape(moved, (reduced_size(x.shape, axis), -1 if x.size else 0))
    ones = np.ones_like(rows[:1])
    before = np.cumprod(np.concatenate([ones, rows[:-1]]), axis=0)
    behind = np.cumprod(np.concatenate([ones, rows[:0:-1]]), axis=0)[::-1]
    overflown = (before == 0) & ~np.isfinite(behind) | (behind == 0) & ~np.isfinite(before)
    others = np.where(overflown, 0, before) * np.where(overflown, 0, behind)
    return np.transpose(np.reshape(others, moved.shape), np.argsort(order))


def _axes(axis: Axis, rank: int) -> list[int]:
    return (
        list(range(rank)) if axis is None else [a % rank for a in np.atleast_1d(np.asarray(axis, dtype=int)).tolist()]
    )


@derivative_of(np.cumsum, "(n,m)->", "(n)->", options={"axis": Choice((0, -1, None))})
def cumsum(y: Array, x: Array, axis: int | None = None) -> LinearMap:
    """``dy_i = sum_(j <= i) dx_j``: running sums of the change"""
    return cumulative_sum(0) @ reshape_map(x.shape, y.shape) if axis is None else cumulative_sum(axis)


@derivative_of(np.cumprod, "(n,m)->", "(n)->", options={"axis": Choice((0, -1, None))})
def cumprod(y: Array, x: Array, axis: int | None = None) -> LinearMap:
    """``y_i = x_i y_(i-1)``, so ``dy_i = x_i dy_(i-1) + y_(i-1) dx_i``: a recurrence along the axis, laid out first"""
    flat = reshape_map(x.shape, y.shape) if axis is None else permute(tuple(range(x.ndim)))
    rank, along = y.ndim, 0 if axis is None else axis % x.ndim
    order = (along, *(a for a in range(rank) if a != along))
    first, products = np.transpose(flat.apply(x), order), np.transpose(y, order)
    before = np.concatenate([np.ones_like(products[:1]), products[:-1]])
    back = permute(order).transpose
    return back @ recurrence(first) @ _scale_with_zeros(before) @ permute(order) @ flat


def _scale_with_zeros(factor: Array) -> LinearMap:
    """``dx -> dx * factor``, but a cotangent that has overflowed, on its way to a factor of zero, is none."""
    return replace(scale(factor), apply_transpose=lambda ct: product_with_zeros(factor, ct))


@derivative_of(primitives.log_sum_exp, "(...)->", options={"axis": Axes(nonempty=True), "keepdims": flag})
def log_sum_exp(y: Array, x: Array, axis: Axis = None, keepdims: bool = False) -> LinearMap:
    """``d(log(sum_i e^x_i)) = sum_i e^(x_i-y) dx_i``, with y the output: the weights are ``softmax(x)``"""
    kept = np.reshape(y, kept_shape(x.shape, axis))
    return sum_over(x.shape, axis, keepdims) @ scale(np.exp(x - kept))
