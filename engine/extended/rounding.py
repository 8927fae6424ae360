"""Rounding to integers: decisions without alternatives, recorded at a point and kept beside it.

A rounding jumps; what matters for a derivative is the piece that the point lies on, where it is constant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .arithmetic import Objects, active
from .decisions import decided, replayed
from .lifting import each

Integers = np.ndarray[Any, Any]  # Python integers of any size, dtype object


def _floor(number: Any) -> int:
    return active().floor(number)


def _ceil(number: Any) -> int:
    return -active().floor(-number)


def _trunc(number: Any) -> int:
    return _floor(number) if number >= 0 else _ceil(number)


def _rint(number: Any) -> int:
    half_up = _floor(number + active().lift(0.5))
    is_halfway = bool(number + active().lift(0.5) == active().lift(half_up))
    return half_up - (half_up % 2) if is_halfway else half_up


_ROUNDINGS: dict[str, Callable[[Any], int]] = {"floor": _floor, "ceil": _ceil, "trunc": _trunc, "rint": _rint}


def integers(kind: str, x: Objects) -> Integers:
    """The integers that finite numbers are rounded to; ``kind`` is floor, ceil, trunc or rint.

    Raises ValueError for infinities and nan, as NumPy's conversion should.
    """
    decision = replayed(kind, x.shape)
    if decision is None:
        if active().is_nan(x - x).any():
            raise ValueError("cannot convert infinity or nan to an integer")
        rounded = each(_ROUNDINGS[kind], x)
        decision = decided(kind, np.zeros(x.shape, dtype=int), np.ones(x.shape, dtype=int), rounded)
    assert decision.noted is not None
    return decision.noted


def rounded(kind: str) -> Callable[[Objects], Objects]:
    """A rounding of numbers to whole numbers; infinities and nan stay."""

    def compute(x: Objects) -> Objects:
        x = np.asarray(x, dtype=object)
        endless = active().is_nan(x - x)
        whole = each(active().lift, integers(kind, np.where(endless, active().lift(0), x)))
        return np.where(endless, x, whole)

    return compute


def remainder_by(kind: str) -> Callable[[Objects, Objects], Objects]:
    """``a - b * rounding(a / b)``"""

    def compute(a: Objects, b: Objects) -> Objects:
        return a - b * rounded(kind)(active().elementwise[np.true_divide](a, b))

    return compute


def whole_quotient(a: Objects, b: Objects) -> Objects:
    """``floor(a / b)``"""
    return rounded("floor")(active().elementwise[np.true_divide](a, b))
