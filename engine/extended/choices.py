"""The operations that decide something: comparisons, maximum and minimum, absolute value, sign, extrema.

Each takes plain object arrays, makes or replays its decision, and computes from the decision alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import BackproofError
from .arithmetic import Objects, active
from .decisions import HALF, decided, replayed
from .lifting import filled

Booleans = np.ndarray[Any, Any]

# What a comparison says of a smaller, an equal and a larger left operand.
_TRUTH: dict[np.ufunc, tuple[bool, bool, bool]] = {
    np.less: (True, False, False),
    np.less_equal: (True, True, False),
    np.equal: (False, True, False),
    np.not_equal: (True, False, True),
    np.greater_equal: (False, True, True),
    np.greater: (False, False, True),
}


def _order(a: Objects, b: Objects) -> tuple[Booleans, Booleans, Booleans]:
    """Where a is certainly smaller, certainly larger, and where the two are tied; nowhere for nan."""
    smaller, larger = np.asarray(a < b, dtype=bool), np.asarray(a > b, dtype=bool)
    tied = ~(smaller | larger)
    if tied.any():
        tied &= ~(active().is_nan(a) | active().is_nan(b))
    return smaller, larger, tied


def compare(ufunc: np.ufunc, a: Objects, b: Objects) -> Booleans:
    """A comparison; the alternatives at a tie are True and False."""
    decision = replayed(ufunc.__name__, np.broadcast_shapes(np.shape(a), np.shape(b)))
    if_smaller, if_tied, if_larger = _TRUTH[ufunc]
    if decision is None:
        smaller, larger, tied = _order(a, b)
        true = (smaller & if_smaller) | (tied & if_tied) | (larger & if_larger)
        if ufunc is np.not_equal:
            true |= ~(smaller | larger | tied)  # nan differs from everything
        decision = decided(ufunc.__name__, ~true, 1 + tied)
    return np.where(decision.index == HALF, if_tied, decision.index == 0)


def select_larger(a: Objects, b: Objects) -> Objects:
    """``maximum(a, b)``; the alternatives at a tie are ``a`` and ``b``."""
    return _select("maximum", a, b, lambda smaller, _: smaller)


def select_smaller(a: Objects, b: Objects) -> Objects:
    """``minimum(a, b)``; the alternatives at a tie are ``a`` and ``b``."""
    return _select("minimum", a, b, lambda _, larger: larger)


def absolute(x: Objects) -> Objects:
    """``|x|``; the alternatives at 0 are ``x`` and ``-x``."""
    return _select("absolute", x, -x, lambda smaller, _: smaller)


def _select(kind: str, a: Objects, b: Objects, takes_second: Any) -> Objects:
    decision = replayed(kind, np.broadcast_shapes(np.shape(a), np.shape(b)))
    if decision is None:
        smaller, larger, tied = _order(a, b)
        unordered = ~(smaller | larger | tied)
        decision = decided(kind, takes_second(smaller, larger) | (unordered & active().is_nan(b)), 1 + tied)
    chosen = np.where(decision.index == 1, b, a)
    half = decision.index == HALF
    return np.where(half, (a + b) / 2, chosen) if half.any() else chosen


def sign(x: Objects) -> Objects:
    """-1, 0 or 1; the alternatives at 0 are 1 and -1, and the run itself takes 0."""
    decision = replayed("sign", x.shape)
    lift = active().lift
    if decision is None:
        smaller, _, tied = _order(x, filled(x.shape, 0))
        decision = decided("sign", np.where(tied, HALF, smaller), 1 + tied)
    values = np.array([lift(1), lift(-1), lift(0)], dtype=object)  # HALF picks the last
    return np.where(active().is_nan(x), x, values[decision.index])


def largest(x: Objects) -> Objects:
    """The maximum over the last axis; the alternatives at a tie are all the largest elements."""
    return _extremum("max", x, np.maximum)


def smallest(x: Objects) -> Objects:
    """The minimum over the last axis; the alternatives at a tie are all the smallest elements."""
    return _extremum("min", x, np.minimum)


def _extremum(kind: str, x: Objects, ufunc: np.ufunc) -> Objects:
    decision = replayed(kind, (*x.shape[:-1], 1))
    if decision is None:
        extremum = ufunc.reduce(x, axis=-1, keepdims=True)
        beaten, _, _ = _order(x, extremum) if ufunc is np.maximum else _order(extremum, x)
        invalid = active().is_nan(x)
        beaten = np.where(invalid.any(axis=-1, keepdims=True), ~invalid, beaten)  # nan wins, as in NumPy
        candidates_first = np.argsort(beaten, axis=-1, kind="stable")
        count = np.sum(~beaten, axis=-1, keepdims=True)
        decision = decided(kind, np.zeros(count.shape, dtype=int), count, candidates_first)
    order, count, taken = decision.order, decision.alternatives, decision.index
    assert order is not None, "an extremum records the order of its candidates"
    if order.shape != x.shape:
        raise BackproofError(
            f"the forward takes the {kind} of shape {x.shape}, its recorded run that of {order.shape}."
        )
    chosen = np.take_along_axis(x, np.take_along_axis(order, np.maximum(taken, 0), axis=-1), axis=-1)
    if np.any(taken == HALF):
        tied = np.arange(x.shape[-1]) < count
        members = np.where(tied, np.take_along_axis(x, order, axis=-1), active().lift(0))
        chosen = np.where(taken == HALF, np.add.reduce(members, axis=-1, keepdims=True) / count, chosen)
    return chosen[..., 0]
