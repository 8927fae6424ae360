"""Reductions: sums, means, variances, products, extrema, and their running forms."""

from __future__ import annotations

from functools import wraps
from typing import Any

import numpy as np

from .. import orderings
from ..arithmetic import Objects, active
from ..lifting import entered, filled, lifted, stores_numbers
from ..ufunc_methods import accumulate, reduce, rows_of
from ..ufuncs import call, matmul, truth
from .dispatching import Function, implements

Axis = int | tuple[int, ...] | None


@implements(np.sum)
def sum_(
    a: Any,
    axis: Axis = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = None,
    where: Any = True,
) -> Any:
    total = reduce(np.add, a, axis, keepdims, initial, where)
    return lifted(total) if dtype is not None and np.dtype(dtype).kind == "f" else total


@implements(np.prod)
def prod(
    a: Any,
    axis: Axis = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = None,
    where: Any = True,
) -> Any:
    return reduce(np.multiply, a, axis, keepdims, initial, where)


@implements(np.max, np.amax)
def max_(
    a: Any, axis: Axis = None, out: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    return reduce(np.maximum, a, axis, keepdims, initial, where)


@implements(np.min, np.amin)
def min_(
    a: Any, axis: Axis = None, out: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    return reduce(np.minimum, a, axis, keepdims, initial, where)


@implements(np.ptp)
def ptp(a: Any, axis: Axis = None, out: Any = None, keepdims: bool = False) -> Any:
    return call(np.subtract, (max_(a, axis, keepdims=keepdims), min_(a, axis, keepdims=keepdims)))


@implements(np.any)
def any_(a: Any, axis: Axis = None, out: Any = None, keepdims: bool = False, where: Any = True) -> Any:
    return np.any(truth(entered(a)), axis=axis, keepdims=keepdims, where=where)


@implements(np.all)
def all_(a: Any, axis: Axis = None, out: Any = None, keepdims: bool = False, where: Any = True) -> Any:
    return np.all(truth(entered(a)), axis=axis, keepdims=keepdims, where=where)


@implements(np.count_nonzero)
def count_nonzero(a: Any, axis: Axis = None, *, keepdims: bool = False) -> Any:
    return np.count_nonzero(truth(entered(a)), axis=axis, keepdims=keepdims)


@implements(np.mean)
def mean(
    a: Any, axis: Axis = None, dtype: Any = None, out: Any = None, keepdims: bool = False, where: Any = True
) -> Any:
    numbers = lifted(entered(a))
    return divided(sum_(numbers, axis, keepdims=keepdims, where=where), _counts(numbers, axis, keepdims, where))


def divided(numerator: Any, denominator: Any) -> Objects:
    """The quotient, by the rules of IEEE 754."""
    return active().elementwise[np.true_divide](lifted(numerator), lifted(denominator))


def _counts(numbers: Objects, axis: Axis, keepdims: bool, where: Any) -> Any:
    """How many elements each sum has."""
    if where is True:
        rows, _ = rows_of(numbers, axis)
        return np.asarray(rows.shape[-1])
    mask = np.broadcast_to(truth(entered(where)), numbers.shape)
    return np.sum(mask, axis=axis, keepdims=keepdims)


@implements(np.var)
def var(
    a: Any,
    axis: Axis = None,
    dtype: Any = None,
    out: Any = None,
    ddof: Any = 0,
    keepdims: bool = False,
    where: Any = True,
    mean: Any = None,
    correction: Any = None,
) -> Any:
    numbers = lifted(entered(a))
    center = mean_of(numbers, axis, where) if mean is None else lifted(entered(mean))
    deviation = numbers - center
    total = sum_(deviation * deviation, axis, keepdims=keepdims, where=where)
    freedom = lifted(_counts(numbers, axis, keepdims, where)) - lifted(
        entered(ddof if correction is None else correction)
    )
    return divided(total, freedom)


mean_of_all = mean


def mean_of(numbers: Objects, axis: Axis, where: Any) -> Objects:
    """The mean with the reduced axes kept, to be subtracted."""
    return lifted(mean_of_all(numbers, axis, keepdims=True, where=where))


def _root_of(variance: Function) -> Function:
    """The deviation to a variance, with the same parameters."""

    @wraps(variance)
    def deviation(*arguments: Any, **keywords: Any) -> Any:
        return active().elementwise[np.sqrt](lifted(variance(*arguments, **keywords)))

    return deviation


implements(np.std)(_root_of(var))


@implements(np.average)
def average(a: Any, axis: Axis = None, weights: Any = None, returned: bool = False, *, keepdims: bool = False) -> Any:
    numbers = lifted(entered(a))
    if weights is None:
        return mean(numbers, axis, keepdims=keepdims)
    given = lifted(entered(weights))
    if given.shape != numbers.shape:
        assert isinstance(axis, int), "NumPy asks for one axis where the weights have another shape"
        given = np.moveaxis(given.reshape(*[1] * (numbers.ndim - 1), -1), -1, axis)
    total = sum_(np.broadcast_to(given, numbers.shape), axis, keepdims=keepdims)
    result = divided(sum_(numbers * given, axis, keepdims=keepdims), total)
    return (result, total) if returned else result


@implements(np.cumsum)
def cumsum(a: Any, axis: int | None = None, dtype: Any = None, out: Any = None) -> Any:
    return _running(np.add, a, axis)


@implements(np.cumprod)
def cumprod(a: Any, axis: int | None = None, dtype: Any = None, out: Any = None) -> Any:
    return _running(np.multiply, a, axis)


def _running(ufunc: np.ufunc, a: Any, axis: int | None) -> Any:
    plain = entered(a)
    return accumulate(ufunc, plain.ravel() if axis is None else plain, 0 if axis is None else axis)


def _ignoring_nan(reduction: Any, neutral: int) -> Any:
    def compute(a: Any, axis: Axis = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Any:
        numbers = lifted(entered(a))
        return reduction(numbers, axis, keepdims=keepdims, where=~active().is_nan(numbers), initial=neutral)

    return compute


implements(np.nansum)(_ignoring_nan(sum_, 0))
implements(np.nanprod)(_ignoring_nan(prod, 1))


@implements(np.nanmean)
def nanmean(a: Any, axis: Axis = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Any:
    numbers = lifted(entered(a))
    return mean(numbers, axis, keepdims=keepdims, where=~active().is_nan(numbers))


@implements(np.nanvar)
def nanvar(a: Any, axis: Axis = None, dtype: Any = None, out: Any = None, ddof: Any = 0, keepdims: bool = False) -> Any:
    numbers = lifted(entered(a))
    return var(numbers, axis, ddof=ddof, keepdims=keepdims, where=~active().is_nan(numbers))


implements(np.nanstd)(_root_of(nanvar))


@implements(np.nanmax)
def nanmax(a: Any, axis: Axis = None, out: Any = None, keepdims: bool = False) -> Any:
    numbers = lifted(entered(a))
    return max_(np.where(active().is_nan(numbers), active().lift(-np.inf), numbers), axis, keepdims=keepdims)


@implements(np.nanmin)
def nanmin(a: Any, axis: Axis = None, out: Any = None, keepdims: bool = False) -> Any:
    numbers = lifted(entered(a))
    return min_(np.where(active().is_nan(numbers), active().lift(np.inf), numbers), axis, keepdims=keepdims)


@implements(np.cov)
def cov(m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: Any = None) -> Any:
    numbers = lifted(entered(m))
    rows = np.atleast_2d(numbers if rowvar or numbers.ndim == 1 else numbers.T)
    if y is not None:
        more = lifted(entered(y))
        rows = np.concatenate([rows, np.atleast_2d(more if rowvar or more.ndim == 1 else more.T)])
    deviation = rows - mean_of(rows, 1, True)
    freedom = rows.shape[1] - ((0 if bias else 1) if ddof is None else int(ddof))
    return np.squeeze(divided(matmul(deviation, deviation.T), np.asarray(freedom)))


@implements(np.corrcoef)
def corrcoef(x: Any, y: Any = None, rowvar: bool = True) -> Any:
    covariance = lifted(cov(x, y, rowvar))
    if covariance.ndim == 0:
        return divided(covariance, covariance)
    deviation = active().elementwise[np.sqrt](np.diagonal(covariance))
    return divided(covariance, deviation[:, None] * deviation[None, :])


@implements(np.argmax)
def argmax(a: Any, axis: int | None = None, out: Any = None, *, keepdims: bool = False) -> Any:
    return _position(orderings.where_largest, np.argmax, a, axis, keepdims)


@implements(np.argmin)
def argmin(a: Any, axis: int | None = None, out: Any = None, *, keepdims: bool = False) -> Any:
    return _position(orderings.where_smallest, np.argmin, a, axis, keepdims)


def _position(find: Any, native: Any, a: Any, axis: int | None, keepdims: bool) -> Any:
    plain = entered(a)
    if not stores_numbers(plain) and plain.dtype.kind in "biu":
        return native(plain, axis=axis, keepdims=keepdims)
    rows, reduced = rows_of(lifted(plain), axis)
    if rows.shape[-1] == 0:
        raise ValueError(f"attempt to get {native.__name__} of an empty sequence")
    result = np.asarray(find(rows))
    return np.expand_dims(result, reduced) if keepdims else result


@implements(np.trace)
def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None, out: Any = None) -> Any:
    return sum_(np.diagonal(entered(a), offset, axis1, axis2), axis=-1)


@implements(np.bincount)
def bincount(x: Any, /, weights: Any = None, minlength: int = 0) -> Any:
    labels = np.asarray(entered(x))
    if weights is None:
        return np.bincount(labels, minlength=int(minlength))
    totals = filled((max(int(minlength), int(labels.max(initial=-1)) + 1),), 0)
    np.add.at(totals, labels, lifted(entered(weights)))
    return totals
