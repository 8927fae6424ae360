"""Decisions along an axis: extrema, where they stand, and sorting. All act on the last axis of object arrays."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import groupby, islice, permutations

import numpy as np

from ..errors import BackproofError
from .arithmetic import Objects, active
from .choices import ordered
from .decisions import HALF, Decision, Indices, decided, replayed

MOST_ORDERS = 720  # of tied elements of one row; more than anybody enumerates


def largest(x: Objects) -> Objects:
    """The maximum; the alternatives at a tie are all the largest elements."""
    return _extremum("max", x)


def smallest(x: Objects) -> Objects:
    """The minimum; the alternatives at a tie are all the smallest elements."""
    return _extremum("min", x)


def where_largest(x: Objects) -> Indices:
    """``argmax``, the first of tied ones; the alternatives at a tie are all of them."""
    return _position("argmax", x)


def where_smallest(x: Objects) -> Indices:
    """``argmin``, the first of tied ones; the alternatives at a tie are all of them."""
    return _position("argmin", x)


def _decide(kind: str, x: Objects) -> Decision:
    """The decision which element of each row is extreme; it notes the order of the elements, candidates first."""
    decision = replayed(kind, (*x.shape[:-1], 1))
    if decision is None:
        is_maximum = kind.endswith("max")
        extremum = (np.maximum if is_maximum else np.minimum).reduce(x, axis=-1, keepdims=True)
        beaten = ordered(x, extremum)[0] if is_maximum else ordered(extremum, x)[0]
        invalid = active().is_nan(x)
        beaten = np.where(invalid.any(axis=-1, keepdims=True), ~invalid, beaten)  # nan wins, as in NumPy
        candidates_first = np.argsort(beaten, axis=-1, kind="stable")
        count = np.sum(~beaten, axis=-1, keepdims=True)
        decision = decided(kind, np.zeros(count.shape, dtype=int), count, candidates_first)
    if decision.noted is None or decision.noted.shape != x.shape:
        raise BackproofError(f"the forward takes the {kind} of shape {x.shape}, its recorded run that of another.")
    return decision


def _extremum(kind: str, x: Objects) -> Objects:
    decision = _decide(kind, x)
    order, count, taken = decision.noted, decision.alternatives, decision.index
    assert order is not None
    chosen = np.take_along_axis(x, np.take_along_axis(order, np.maximum(taken, 0), axis=-1), axis=-1)
    if np.any(taken == HALF):
        tied = np.arange(x.shape[-1]) < count
        members = np.where(tied, np.take_along_axis(x, order, axis=-1), active().lift(0))
        chosen = np.where(taken == HALF, np.add.reduce(members, axis=-1, keepdims=True) / count, chosen)
    return chosen[..., 0]


def _position(kind: str, x: Objects) -> Indices:
    decision = _decide(kind, x)
    assert decision.noted is not None
    return np.take_along_axis(decision.noted, np.maximum(decision.index, 0), axis=-1)[..., 0]


def sort(x: Objects) -> Objects:
    """The elements in ascending order; the alternatives at a tie are all orders of the tied elements."""
    decision = _sorting("sort", x)
    values = np.take_along_axis(x, _order(decision), axis=-1)
    if np.any(decision.index == HALF):
        values = np.where(decision.index == HALF, _means_of_groups(values), values)
    return values


def argsort(x: Objects) -> Indices:
    """The stable order of the elements; the alternatives at a tie are all orders of the tied elements."""
    return _order(_sorting("argsort", x))


def _sorting(kind: str, x: Objects) -> Decision:
    decision = replayed(kind, (*x.shape[:-1], 1))
    if decision is None:
        order = np.argsort(x, axis=-1, kind="stable")
        groups = _groups(np.take_along_axis(x, order, axis=-1))
        count = np.ones((*x.shape[:-1], 1), dtype=int)
        for row in np.ndindex(x.shape[:-1]):
            sizes = np.bincount(groups[row]) if groups.shape[-1] else np.ones(1, dtype=int)
            count[row] = min(MOST_ORDERS, math.prod(math.factorial(int(size)) for size in sizes))
        # Both are needed: the stable order, and which neighbours in it are tied.
        decision = decided(kind, np.zeros(count.shape, dtype=int), count, np.stack([order, groups]))
    if decision.noted is None or decision.noted.shape[1:] != x.shape:
        raise BackproofError(f"the forward sorts the shape {x.shape}, its recorded run another.")
    return decision


def _groups(ascending: Objects) -> Indices:
    """The number of the group of tied elements that each belongs to, counted along the last axis."""
    if ascending.shape[-1] == 0:
        return np.zeros(ascending.shape, dtype=int)
    _, _, tied = ordered(ascending[..., :-1], ascending[..., 1:])
    first = np.zeros((*ascending.shape[:-1], 1), dtype=int)
    return np.concatenate([first, np.cumsum(~tied, axis=-1)], axis=-1)


def _order(decision: Decision) -> Indices:
    assert decision.noted is not None
    order, groups = decision.noted
    if not np.any(decision.index > 0):
        return order
    arranged = order.copy()
    for row in np.argwhere(decision.index[..., 0] > 0):
        place = tuple(row)
        arranged[place] = order[place][list(_arrangement(tuple(groups[place]), int(decision.index[(*place, 0)])))]
    return arranged


@lru_cache(maxsize=4096)
def _arrangement(groups: tuple[int, ...], number: int) -> tuple[int, ...]:
    """One of the orders in which members of a group stand anywhere among themselves; 0 is the given one."""
    arrangement: list[int] = []
    for _, members in groupby(range(len(groups)), key=lambda i: groups[i]):
        positions = list(members)
        number, chosen = divmod(number, math.factorial(len(positions)))
        arrangement += next(islice(permutations(positions), chosen, None))
    return tuple(arrangement)


def _means_of_groups(ascending: Objects) -> Objects:
    """Each element replaced by the mean of those it is tied with."""
    groups = _groups(ascending)
    means = ascending.copy()
    for row in np.ndindex(ascending.shape[:-1]):
        for number in np.unique(groups[row]):
            members = groups[row] == number
            means[row][members] = np.add.reduce(ascending[row][members]) / int(members.sum())
    return means
