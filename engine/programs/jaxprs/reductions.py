"""jax's reductions, running forms and sorts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...extended import stripped, wrap
from ...extended.ufunc_methods import accumulate, reduce
from .values import combining, is_whole


def _over_axes(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, axes, **_: function(x, axis=tuple(map(int, axes)))


def _extremum(ufunc: np.ufunc, of_nothing: float) -> Callable[..., Any]:
    """Picked, so that no rounding happens: the vjp asks which element equals it."""

    def compute(x: Any, axes: Any, **_: Any) -> Any:
        if stripped(x).size or is_whole(x.dtype):
            return reduce(ufunc, x, tuple(map(int, axes)))
        return np.full([n for axis, n in enumerate(stripped(x).shape) if axis not in axes], of_nothing)

    return compute


def _position(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, axes, **_: function(x, axis=int(axes[0]))


def _any_reduction(x: Any, start: Any, *, jaxpr: Any, dimensions: Any, **_: Any) -> Any:
    """One array reduced by a program of its own, where that is a sum, a product or an extremum."""
    ufunc = combining(jaxpr, "reduce")
    return (ufunc(ufunc.reduce(x, axis=tuple(map(int, dimensions))), start),)


def _running(function: Callable[..., Any]) -> Callable[..., Any]:
    def compute(x: Any, *, axis: int, reverse: bool, **_: Any) -> Any:
        if not reverse:
            return function(x, axis)
        return np.flip(stripped(function(np.flip(x, axis), axis)), axis)

    return compute


def _log_of_sums(x: Any, axis: int) -> Any:
    """No shift is needed: exponents of extended numbers do not overflow."""
    return np.log(np.cumsum(np.exp(x), axis=axis))


def _sort(*operands: Any, dimension: int, num_keys: int, **_: Any) -> list[Any]:
    """All operands in the order of the first ones, equal elements as they were; a lone array is sorted by itself."""
    if len(operands) == 1:
        return [np.sort(operands[0], axis=dimension, kind="stable")]
    arrays = [stripped(operand) for operand in operands]
    for key in reversed(range(num_keys)):
        sorted_by = wrap(arrays[key]) if arrays[key].dtype.hasobject else arrays[key]
        order = stripped(np.argsort(sorted_by, axis=dimension, kind="stable"))
        arrays = [np.take_along_axis(array, order, axis=dimension) for array in arrays]
    return arrays


def _top_k(x: Any, *, k: int, axis: int = -1, **_: Any) -> tuple[Any, Any]:
    """The largest elements along an axis in descending order, the first of equal ones first, and where they stood."""
    order = stripped(np.argsort(np.negative(x), axis=axis, kind="stable"))
    order = np.take(order, np.arange(int(k)), axis=axis)
    return np.take_along_axis(stripped(x), order, axis=axis), order


REDUCTIONS: Mapping[str, Any] = {
    "reduce_sum": _over_axes(np.sum),
    "reduce_prod": _over_axes(np.prod),
    "reduce_max": _extremum(np.maximum, -np.inf),
    "reduce_min": _extremum(np.minimum, np.inf),
    "reduce_and": _over_axes(np.bitwise_and.reduce),
    "reduce_or": _over_axes(np.bitwise_or.reduce),
    "reduce_xor": _over_axes(np.bitwise_xor.reduce),
    "argmax": _position(np.argmax),
    "argmin": _position(np.argmin),
    "reduce": _any_reduction,
    "cumsum": _running(lambda x, axis: np.cumsum(x, axis=axis)),
    "cumprod": _running(lambda x, axis: np.cumprod(x, axis=axis)),
    "cummax": _running(lambda x, axis: accumulate(np.maximum, x, axis)),
    "cummin": _running(lambda x, axis: accumulate(np.minimum, x, axis)),
    "cumlogsumexp": _running(_log_of_sums),
    "sort": _sort,
    "top_k": _top_k,
}
