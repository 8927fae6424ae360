"""Sorting, and what is read off a sorted array."""

from __future__ import annotations

from functools import wraps
from typing import Any

import numpy as np

from .. import orderings
from ..arithmetic import Objects
from ..choices import compare
from ..decisions import decided, replayed
from ..lifting import Plain, entered, filled, lifted, stores_numbers, to_float
from ..ufunc_methods import rows_of
from .dispatching import implements
from .reductions import mean


def _along(sorting: Any, native: Any, a: Any, axis: int | None) -> Plain:
    plain = entered(a)
    if axis is None:
        plain, axis = plain.ravel(), -1
    if not stores_numbers(plain) and plain.dtype.kind in "biu":
        return native(plain, axis=axis, kind="stable")
    return np.moveaxis(np.asarray(sorting(np.moveaxis(lifted(plain), axis, -1))), -1, axis)


@implements(np.sort)
def sort(a: Any, axis: int | None = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Any:
    return _along(orderings.sort, np.sort, a, axis)


@implements(np.argsort)
def argsort(a: Any, axis: int | None = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Any:
    return _along(orderings.argsort, np.argsort, a, axis)


@implements(np.partition)
def partition(a: Any, kth: Any, axis: int | None = -1, kind: Any = "introselect", order: Any = None) -> Any:
    """Sorted throughout, which is one of the partitions."""
    return sort(a, axis)


@implements(np.argpartition)
def argpartition(a: Any, kth: Any, axis: int | None = -1, kind: Any = "introselect", order: Any = None) -> Any:
    return argsort(a, axis)


@implements(np.median)
def median(a: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: bool = False) -> Any:
    rows, reduced = rows_of(lifted(entered(a)), axis)
    count = rows.shape[-1]
    if count == 0:
        return mean(a, axis, keepdims=keepdims)
    middle = orderings.sort(rows)[..., (count - 1) // 2 : count // 2 + 1]
    result = mean(middle, -1)
    return np.expand_dims(result, reduced) if keepdims else result


@implements(np.quantile)
def quantile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
) -> Any:
    if method != "linear":
        raise TypeError(f"method={method!r}")
    rows, reduced = rows_of(lifted(entered(a)), axis)
    ascending, wanted = orderings.sort(rows), to_float(lifted(entered(q)))
    position = wanted * (rows.shape[-1] - 1)
    below = np.floor(position).astype(int)
    share = lifted(entered(position - below))
    above = np.minimum(below + 1, rows.shape[-1] - 1)
    parts = np.moveaxis(ascending, -1, 0)
    result = _scaled(parts[below], 1 - share) + _scaled(parts[above], share)
    return np.expand_dims(result, reduced) if keepdims else result


@implements(np.percentile)
@wraps(quantile)
def percentile(a: Any, q: Any, *arguments: Any, **keywords: Any) -> Any:
    return quantile(a, to_float(lifted(entered(q))) / 100, *arguments, **keywords)


def _scaled(rows: Objects, share: Any) -> Objects:
    share = lifted(share)
    return rows * share.reshape(share.shape + (1,) * (np.ndim(rows) - share.ndim))


@implements(np.searchsorted)
def searchsorted(a: Any, v: Any, side: Any = "left", sorter: Any = None) -> Any:
    """A decision without alternatives: beside a jump, an index stays what it is."""
    ascending, wanted = lifted(entered(a)), lifted(entered(v))
    decision = replayed("searchsorted", wanted.shape)
    if decision is None:
        places = np.asarray(np.searchsorted(ascending, wanted, side=side, sorter=sorter))
        decision = decided("searchsorted", np.zeros(places.shape), np.ones(places.shape), places)
    assert decision.noted is not None
    return decision.noted


@implements(np.digitize)
def digitize(x: Any, bins: Any, right: bool = False) -> Any:
    return searchsorted(bins, x, side="left" if right else "right")


@implements(np.interp)
def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    points, nodes, values = (lifted(entered(part)) for part in (x, xp, fp))
    if len(nodes) == 1:
        return filled(points.shape, 0) + values[0]
    result = np.broadcast_to(values[0] if left is None else lifted(entered(left)), points.shape)
    for place in range(len(nodes) - 1):
        share = (points - nodes[place]) / (nodes[place + 1] - nodes[place])
        inside = values[place] + (values[place + 1] - values[place]) * share
        result = np.where(_compared(np.greater_equal, points, nodes[place]), inside, result)
    above = values[-1] if right is None else lifted(entered(right))
    return np.where(_compared(np.greater, points, nodes[-1]), above, result)


def _compared(ufunc: np.ufunc, points: Any, node: Any) -> Any:
    """A comparison with a node, which is a tie where a piece ends and another one begins."""
    return compare(ufunc, points, np.full(points.shape, node, dtype=object))
