"""Sums, products, means, variances, norms, and their running forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import Any

import numpy as np

from .operands import axes_of, held_down, numbers, shape_of

Dims = int | Sequence[int] | None


def _sum(x: Any, dims: Dims = None, keepdim: bool = False) -> Any:
    return np.sum(x, axis=axes_of(x, dims), keepdims=keepdim)


def _mean(x: Any, dims: Dims = None, keepdim: bool = False) -> Any:
    return np.mean(x, axis=axes_of(x, dims), keepdims=keepdim)


def _prod(x: Any, dims: Dims = None, keepdim: bool = False) -> Any:
    return np.prod(x, axis=axes_of(x, dims), keepdims=keepdim)


def _var(x: Any, dims: Dims = None, *, correction: Any = 1, keepdim: bool = False) -> Any:
    return np.var(x, axis=axes_of(x, dims), ddof=1 if correction is None else correction, keepdims=keepdim)


def _std(x: Any, dims: Dims = None, *, correction: Any = 1, keepdim: bool = False) -> Any:
    return np.sqrt(_var(x, dims, correction=correction, keepdim=keepdim))


def _nansum(x: Any, dims: Dims = None, keepdim: bool = False) -> Any:
    return _sum(np.where(np.isnan(x), 0, x), dims, keepdim)


def _logsumexp(x: Any, dims: Dims, keepdim: bool = False) -> Any:
    axes = axes_of(x, dims)
    shift = held_down(x, axes)
    total = np.log(np.sum(np.exp(x - shift), axis=axes, keepdims=True)) + shift
    return total if keepdim else np.squeeze(total, axis=axes)


def _any(x: Any, dims: Dims = None, keepdim: bool = False) -> Any:
    return np.any(x, axis=axes_of(x, dims), keepdims=keepdim)


def _all(x: Any, dims: Dims = None, keepdim: bool = False) -> Any:
    return np.all(x, axis=axes_of(x, dims), keepdims=keepdim)


def _cumulative(ufunc: np.ufunc) -> Callable[..., Any]:
    return lambda x, dim: ufunc.accumulate(x, axis=dim) if shape_of(x) else x


def _logcumsumexp(x: Any, dim: int) -> Any:
    return np.log(np.add.accumulate(np.exp(x), axis=dim)) if shape_of(x) else x


def vector_norm(x: Any, order: Any = 2, dims: Dims = None, keepdim: bool = False) -> Any:
    """The norm of all entries along the given axes, none of them special."""
    axes, order = axes_of(x, dims), 2 if order is None else order
    if order == 2:
        return np.sqrt(np.sum(x * x, axis=axes, keepdims=keepdim))
    sizes = np.abs(x)
    if order in (inf, -inf):
        return (np.max if order > 0 else np.min)(sizes, axis=axes, keepdims=keepdim)
    if order == 1:
        return np.sum(sizes, axis=axes, keepdims=keepdim)
    if order == 0:
        return np.sum(np.not_equal(x, 0), axis=axes, keepdims=keepdim)
    return np.power(np.sum(np.power(sizes, order), axis=axes, keepdims=keepdim), 1 / numbers(order))


def _pairs(x: Any, y: Any, order: Any) -> Any:
    return vector_norm(x[..., :, None, :] - y[..., None, :, :], order, -1)


def _pdist(x: Any, order: Any = 2) -> Any:
    one, two = np.triu_indices(shape_of(x)[0], 1)
    return vector_norm(x[one] - x[two], order, -1)


def _renorm(x: Any, order: Any, dim: int, largest: Any) -> Any:
    """Rows along an axis, none of them longer than ``largest``; torch adds 1e-7 to what it divides by."""
    others = tuple(axis for axis in range(len(shape_of(x))) if axis != dim % len(shape_of(x)))
    size = vector_norm(x, order, others, True)
    return x * np.where(size > largest, largest / (size + 1e-7), 1)


def _count_nonzero(x: Any, dims: Dims = None) -> Any:
    return np.sum(np.not_equal(x, 0), axis=axes_of(x, dims))


REDUCTIONS: Mapping[str, Callable[..., Any]] = {
    "sum": _sum,
    "mean": _mean,
    "prod": _prod,
    "var": _var,
    "std": _std,
    "var_mean": lambda x, dims=None, **more: (_var(x, dims, **more), _mean(x, dims, more.get("keepdim", False))),
    "std_mean": lambda x, dims=None, **more: (_std(x, dims, **more), _mean(x, dims, more.get("keepdim", False))),
    "nansum": _nansum,
    "logsumexp": _logsumexp,
    "any": _any,
    "all": _all,
    "cumsum": _cumulative(np.add),
    "cumprod": _cumulative(np.multiply),
    "logcumsumexp": _logcumsumexp,
    "linalg_vector_norm": vector_norm,
    "norm": vector_norm,
    "dist": lambda x, y, order=2: vector_norm(x - y, order),
    "_cdist_forward": lambda x, y, order, _: _pairs(x, y, order),
    "_pdist_forward": _pdist,
    "renorm": _renorm,
    "trace": np.trace,
    "count_nonzero": _count_nonzero,
}
