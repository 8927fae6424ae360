"""Windows that slide over an array: reductions of each, and the elements that a maximum of each has come from."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ...extended import extended, stripped, wrap
from ...extended.lifting import lifted
from ...extended.ufunc_methods import reduce
from .shapes import Plain, padded
from .values import combining, is_whole


def windowed(
    x: Plain, config: Sequence[tuple[int, int, int]], sizes: Any, strides: Any, dilations: Any, value: Any = 0.0
) -> Plain:
    """The windows of ``x``, padded with ``value``, over its last axes.

    Leading axes stay in front; then come the places of the windows, then the axes inside of each.
    """
    fill = np.asarray(lifted(value) if x.dtype.hasobject else value)
    spread = padded(x, fill, config)
    leading, rank = x.ndim - len(sizes), len(sizes)
    for number, (size, stride, dilation) in enumerate(zip(sizes, strides, dilations, strict=True)):
        axis = leading + 2 * number
        count = max(0, (spread.shape[axis] - (size - 1) * dilation - 1) // stride + 1)
        spread = np.take(spread, np.arange(count)[:, None] * stride + np.arange(size) * dilation, axis=axis)
    places = [leading + 2 * number for number in range(rank)]
    return np.transpose(spread, (*range(leading), *places, *(place + 1 for place in places)))


def _over_windows(
    x: Any,
    value: Any,
    *,
    window_dimensions: Any,
    window_strides: Any,
    padding: Any,
    base_dilation: Any = None,
    window_dilation: Any = None,
    **_: Any,
) -> Plain:
    """The windows of an array, each in one last axis."""
    ones = (1,) * x.ndim
    config = [
        (int(low), int(high), int(dilation) - 1)
        for (low, high), dilation in zip(padding, base_dilation or ones, strict=True)
    ]
    found = windowed(stripped(x), config, window_dimensions, window_strides, window_dilation or ones, value)
    return found.reshape(*found.shape[: x.ndim], math.prod(window_dimensions))


def _lowest(x: Any, sign: int) -> Any:
    """What every number is larger (sign -1) or smaller than."""
    if not is_whole(x.dtype):
        return sign * np.inf
    limits = np.iinfo(x.dtype)
    return limits.min if sign < 0 else limits.max


def _sum(x: Any, **window: Any) -> Any:
    found = _over_windows(x, 0, **window)
    return np.sum(found if is_whole(x.dtype) else wrap(found), axis=-1)


def _extremum(ufunc: np.ufunc, sign: int) -> Callable[..., Any]:
    return lambda x, **window: reduce(ufunc, _held(x, _over_windows(x, _lowest(x, sign), **window)), -1)


def _held(x: Any, found: Plain) -> Any:
    return found if is_whole(x.dtype) else wrap(found)


def _any_reduction(x: Any, start: Any, *, jaxpr: Any, **window: Any) -> Any:
    """A reduction by a program of its own, where that is a sum, a product or an extremum."""
    ufunc = combining(jaxpr, "reduce_window")
    found = _held(x, _over_windows(x, stripped(start), **window))
    return (ufunc.reduce(found, axis=-1),)


def _taken(x: Any, sign: int, window: Mapping[str, Any]) -> tuple[Plain, Plain]:
    """Where the first extremum of each window stands: in the window, and in the array (-1: in the padding)."""
    values = _over_windows(x, sign * -np.inf, **window)
    positions = _over_windows(np.arange(x.size).reshape(stripped(x).shape), -1, **window)
    first = np.asarray((np.argmax if sign > 0 else np.argmin)(wrap(values), axis=-1))[..., None]
    return first, np.take_along_axis(positions, first, axis=-1)[..., 0]


def _sign_of(select_prim: Any) -> int:
    return 1 if select_prim.name == "ge" else -1


def _scatter_to_extrema(source: Any, x: Any, *, select_prim: Any, **window: Any) -> Any:
    """Each number of ``source`` is added where the extremum of its window of ``x`` stands."""
    _, places = _taken(x, _sign_of(select_prim), window)
    target = extended(np.zeros(x.size))
    inside = places >= 0
    np.add.at(target, places[inside], wrap(stripped(source)[inside]))
    return stripped(target).reshape(stripped(x).shape)


def _gather_from_extrema(tangents: Any, x: Any, *, select_prim: Any, **window: Any) -> Any:
    """For each window, the tangent of the element that is its extremum."""
    first, _ = _taken(x, _sign_of(select_prim), window)
    return np.take_along_axis(_over_windows(tangents, 0.0, **window), first, axis=-1)[..., 0]


WINDOWS: Mapping[str, Any] = {
    "reduce_window_sum": _sum,
    "reduce_window_max": _extremum(np.maximum, -1),
    "reduce_window_min": _extremum(np.minimum, 1),
    "reduce_window": _any_reduction,
    "select_and_scatter_add": _scatter_to_extrema,
    "select_and_gather_add": _gather_from_extrema,
}
