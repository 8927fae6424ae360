"""Functions that choose, order and cut values, defined by those that have rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..domains import nonzero
from ..linear import Array
from ..options import Axes, Choice, flag
from .definitions import defined_as

Axis = int | tuple[int, ...] | None


@defined_as(
    np.clip, "(),(),()->()", "()->()", call=lambda clip, *parts: clip(*(*parts, 0.5, 1.5)[: max(len(parts), 3)])
)
def clip(a: Array, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Array:  # noqa: A002
    """``min(max(a, low), high)``: not below one bound, not above the other"""
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    raised = a if low is None else np.maximum(a, low)
    return raised if high is None else np.minimum(raised, high)


@defined_as(np.copysign, "(),()->()", domain={"b": nonzero})
def copysign(a: Array, b: Array) -> Array:
    """``|a| sign(b)``: the size of a with the sign of b"""
    size = np.absolute(a)
    return np.where(np.signbit(b), -size, size)


@defined_as(np.heaviside, "(),()->()", domain={"a": nonzero})
def heaviside(a: Array, b: Array) -> Array:
    """0 below 0, 1 above it, and b in between"""
    return np.where(np.equal(a, 0), b, np.where(np.greater(a, 0), 1.0, 0.0) + 0 * b)


@defined_as(np.amax, "(...)->", options={"axis": Axes(nonempty=True), "keepdims": flag})
def amax(a: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """an older name of max"""
    return np.max(a, axis=axis, keepdims=keepdims)


@defined_as(np.amin, "(...)->", options={"axis": Axes(nonempty=True), "keepdims": flag})
def amin(a: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """an older name of min"""
    return np.min(a, axis=axis, keepdims=keepdims)


def _choosing(condition: Any) -> Any:
    return lambda select, a, b: select([a > b, a < condition], [a, b], 0.5)


@defined_as(np.select, "(n),(n)->", call=_choosing(0))
def select(condlist: Sequence[Any], choicelist: Sequence[Array], default: Any = 0) -> Array:
    """the first choice whose condition holds"""
    result: Any = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        result = np.where(condition, choice, result)
    return result


@defined_as(np.choose, "(3),(3)->", call=lambda choose, a, b: choose(np.array([1, 0, 1]), [a, b]))
def choose(a: Any, choices: Sequence[Array], mode: str = "raise") -> Array:
    """from several arrays the one that an index says, element by element"""
    result: Any = choices[-1]
    index = np.asarray(a) % len(choices) if mode == "wrap" else np.clip(np.asarray(a), 0, len(choices) - 1)
    for number in range(len(choices) - 1, -1, -1):
        result = np.where(np.equal(index, number), choices[number], result)
    return result


@defined_as(
    np.compress,
    "(3,2)->",
    call=lambda compress, a, axis: compress([True, False, True][: 3 - (axis == 1)], a, axis),
    options={"axis": Choice((0, 1))},
)
def compress(condition: Any, a: Array, axis: int | None = None) -> Array:
    """the parts along an axis whose condition holds"""
    kept = np.flatnonzero(np.asarray(condition))
    return np.take(np.ravel(a), kept) if axis is None else np.take(a, kept, axis=axis)
