"""Extrema, sorting, and what is read off a sorted array: values go where the recorded order says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .operands import axes_of, shape_of

Dims = int | Sequence[int] | None


def _amax(x: Any, dims: Dims = None, keepdim: bool = False) -> Any:
    return np.max(x, axis=axes_of(x, dims), keepdims=keepdim)


def _amin(x: Any, dims: Dims = None, keepdim: bool = False) -> Any:
    return np.min(x, axis=axes_of(x, dims), keepdims=keepdim)


def _taken(x: Any, places: Any, dim: int, keepdim: bool = True) -> tuple[Any, Any]:
    """The values at places along an axis, and the places."""
    places = np.asarray(places)
    values = np.take_along_axis(x, places, axis=dim)
    if keepdim:
        return values, places
    return np.squeeze(values, axis=dim), np.squeeze(places, axis=dim)


def _extremum(positions: Callable[..., Any]) -> Callable[..., Any]:
    def along(x: Any, dim: int, keepdim: bool = False) -> tuple[Any, Any]:
        if not shape_of(x):
            return x, np.zeros((), dtype=int)
        return _taken(x, np.expand_dims(positions(x, axis=dim), dim), dim, keepdim)

    return along


def _position(positions: Callable[..., Any]) -> Callable[..., Any]:
    def of(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:
        if dim is None:
            return np.asarray(positions(np.reshape(x, (-1,)), axis=0))
        return np.asarray(positions(x, axis=dim, keepdims=keepdim))

    return of


def _order(x: Any, dim: int, descending: bool) -> Any:
    return np.asarray(np.argsort(-x if descending else x, axis=dim, kind="stable"))


def _sort(x: Any, dim: int = -1, descending: bool = False, **more: Any) -> tuple[Any, Any]:
    if not shape_of(x):
        return x, np.zeros((), dtype=int)
    axis, downward = more.get("dim", dim), more.get("descending", descending)
    return _taken(x, _order(x, axis, downward), axis)


def _argsort(x: Any, dim: int = -1, descending: bool = False, **more: Any) -> Any:
    return _sort(x, dim, descending, **more)[1]


def _topk(x: Any, k: int, dim: int = -1, largest: bool = True, _: bool = True) -> tuple[Any, Any]:
    return _taken(x, np.take(_order(x, dim, largest), np.arange(k), axis=dim), dim)


def _kth(x: Any, k: int, dim: int = -1, keepdim: bool = False) -> tuple[Any, Any]:
    return _taken(x, np.take(_order(x, dim, False), [k - 1], axis=dim), dim, keepdim)


def _median(x: Any, dim: int, keepdim: bool = False) -> tuple[Any, Any]:
    """The lower one of two in the middle."""
    return _kth(x, (shape_of(x)[dim] + 1) // 2, dim, keepdim)


def _median_of_all(x: Any) -> Any:
    return _median(np.reshape(x, (-1,)), 0)[0]


def _running(better: np.ufunc) -> Callable[..., Any]:
    """The extremum so far, and where it stands: the last place where it is met, as torch has it."""

    def along(x: Any, dim: int) -> tuple[Any, Any]:
        rows = np.moveaxis(x, dim, 0)
        places = np.zeros(shape_of(rows), dtype=int)
        best = rows[:1]
        for row in range(1, len(places)):
            wins = np.asarray(better(rows[row : row + 1], best))
            best = np.where(wins, rows[row : row + 1], best)
            places[row] = np.where(wins[0], row, places[row - 1])
        return _taken(x, np.moveaxis(places, 0, dim), dim)

    return along


ORDERING: Mapping[str, Callable[..., Any]] = {
    "amax": _amax,
    "amin": _amin,
    "aminmax": lambda x, dim=None, keepdim=False: (_amin(x, dim, keepdim), _amax(x, dim, keepdim)),
    "max": _amax,
    "max.dim": _extremum(np.argmax),
    "max.other": np.maximum,
    "min": _amin,
    "min.dim": _extremum(np.argmin),
    "min.other": np.minimum,
    "argmax": _position(np.argmax),
    "argmin": _position(np.argmin),
    "sort": _sort,
    "sort.stable": lambda x, **more: _sort(x, **more),
    "argsort": _argsort,
    "argsort.stable": lambda x, **more: _argsort(x, **more),
    "topk": _topk,
    "kthvalue": _kth,
    "median": _median_of_all,
    "median.dim": _median,
    "cummax": _running(np.greater_equal),
    "cummin": _running(np.less_equal),
}
