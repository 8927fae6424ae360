"""The elementwise operations that decide something: comparisons, maximum and minimum, absolute value, sign.

Each takes plain object arrays, makes or replays its decision, and computes from the decision alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

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


def ordered(a: Objects, b: Objects) -> tuple[Booleans, Booleans, Booleans]:
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
        smaller, larger, tied = ordered(a, b)
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
        smaller, larger, tied = ordered(a, b)
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
        smaller, _, tied = ordered(x, filled(x.shape, 0))
        decision = decided("sign", np.where(tied, HALF, smaller), 1 + tied)
    values = np.array([lift(1), lift(-1), lift(0)], dtype=object)  # HALF picks the last
    return np.where(active().is_nan(x), x, values[decision.index])
