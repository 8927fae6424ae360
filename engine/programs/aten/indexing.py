"""Taking from and putting into arrays by integers and masks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ...errors import NotExtendable
from .operands import shape_of

_REDUCING = {"sum": np.add, "prod": np.multiply, "amax": np.maximum, "amin": np.minimum}


def _places(indices: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(slice(None) if index is None else np.asarray(index) for index in indices)


def _index_put(x: Any, indices: Sequence[Any], values: Any, accumulate: bool = False, *_: Any) -> Any:
    out, places = np.copy(x), _places(indices)
    if not accumulate:
        out[places] = values
        return out
    np.add.at(out, places, np.broadcast_to(values, shape_of(out[places])))
    return out


def _along(index: Any, dim: int) -> tuple[Any, ...]:
    """The index that takes, at each place, the entry that stands at ``index`` along one axis."""
    index = np.asarray(index)
    places: list[Any] = list(np.indices(index.shape, sparse=True))
    places[dim] = index
    return tuple(places)


def _gather(x: Any, dim: int, index: Any, **_: Any) -> Any:
    return x[_along(index, dim)] if shape_of(x) else np.broadcast_to(x, shape_of(index))


def _source(value: Any, index: Any) -> Any:
    """As much of the source as there are indices."""
    shape = shape_of(index)
    if not shape_of(value):
        return np.broadcast_to(value, shape)
    return value[tuple(slice(0, size) for size in shape)]


def _scatter(x: Any, dim: int, index: Any, value: Any, **more: Any) -> Any:
    if more.get("reduce"):
        raise NotExtendable("torch's operation aten.scatter with reduce= is not supported; use scatter_reduce.")
    out = np.copy(x)
    if not shape_of(x):
        out[...] = np.reshape(value, ())
        return out
    out[_along(index, dim)] = _source(value, index)
    return out


def _scatter_reduce(x: Any, dim: int, index: Any, source: Any, reduce: str, *, include_self: bool = True) -> Any:
    if reduce not in _REDUCING or not include_self:
        raise NotExtendable(f"torch's operation aten.scatter_reduce with {reduce!r} is not supported.")
    out = np.copy(x)
    _REDUCING[reduce].at(out, _along(index, dim), _source(source, index))
    return out


def _index_add(x: Any, dim: int, index: Any, source: Any, *, alpha: Any = 1) -> Any:
    out = np.copy(x)
    added = np.moveaxis(source, dim, 0) if shape_of(source) else source
    np.add.at(np.moveaxis(out, dim, 0), np.asarray(index), added if alpha == 1 else added * alpha)
    return out


def _index_copy(x: Any, dim: int, index: Any, source: Any) -> Any:
    out = np.copy(x)
    np.moveaxis(out, dim, 0)[np.asarray(index)] = np.moveaxis(source, dim, 0)
    return out


def _index_fill(x: Any, dim: int, index: Any, value: Any) -> Any:
    out = np.copy(x)
    np.moveaxis(out, dim, 0)[np.asarray(index)] = value
    return out


def _masked_scatter(x: Any, mask: Any, source: Any) -> Any:
    shape = np.broadcast_shapes(shape_of(x), shape_of(mask))
    chosen = np.broadcast_to(np.asarray(mask), shape)
    out = np.copy(np.broadcast_to(x, shape))
    out[chosen] = np.reshape(source, (-1,))[: int(chosen.sum())]
    return out


def _masked_select(x: Any, mask: Any) -> Any:
    shape = np.broadcast_shapes(shape_of(x), shape_of(mask))
    return np.broadcast_to(x, shape)[np.broadcast_to(np.asarray(mask), shape)]


def _put(x: Any, index: Any, source: Any, accumulate: bool = False) -> Any:
    flat = np.reshape(x, (-1,))
    result = _index_put(flat, [np.reshape(np.asarray(index), (-1,))], np.reshape(source, (-1,)), accumulate)
    return np.reshape(result, shape_of(x))


def _searchsorted(sorted_: Any, values: Any, *, right: bool = False, side: Any = None, **_: Any) -> Any:
    if len(shape_of(sorted_)) != 1:
        raise NotExtendable("torch's operation aten.searchsorted in more than one row is not supported.")
    return np.searchsorted(sorted_, values, side=side or ("right" if right else "left"))


INDEXING: Mapping[str, Callable[..., Any]] = {
    "index": lambda x, indices: x[_places(indices)],
    "index_put": _index_put,
    "index_select": lambda x, dim, index: np.take(x, np.atleast_1d(np.asarray(index)), axis=dim),
    "index_add": _index_add,
    "index_copy": _index_copy,
    "index_fill": _index_fill,
    "gather": _gather,
    "scatter": _scatter,
    "scatter_add": lambda x, dim, index, source: _scatter_reduce(x, dim, index, source, "sum"),
    "scatter_reduce": _scatter_reduce,
    "masked_fill": lambda x, mask, value: np.where(mask, value, x),
    "masked_scatter": _masked_scatter,
    "masked_select": _masked_select,
    "take": lambda x, index: np.reshape(x, (-1,))[np.asarray(index)],
    "put": _put,
    "embedding": lambda weight, indices, *_: weight[np.asarray(indices)],
    "nonzero": np.argwhere,
    "searchsorted": _searchsorted,
    "bucketize": lambda x, boundaries, **more: _searchsorted(boundaries, x, **more),
}
