"""Central differences in extended precision: the reference that derivatives are held against.

With p bits and a step h = 2^(-p/3), truncation (h^2) and rounding (2^-p / h) leave about 2p/3 bits: 51
digits for p = 256. Two steps give an error estimate with the value: it is an estimate, and so the words
are "confirmed" and "falsified", not "proved". Decisions recorded at the point are replayed at both ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from backproof.engine.extended import (
    ACTUAL,
    ExtendedArray,
    Log,
    Policy,
    active,
    each,
    extended,
    midpoints,
    radii,
    recording,
    replaying,
    stripped,
)

from .comparing import Number

Forward = Callable[..., Any]


@dataclass(frozen=True)
class Base:
    """A forward, recorded at a point."""

    forward: Forward
    primals: tuple[ExtendedArray, ...]
    output: ExtendedArray
    log: Log
    bits: int


@dataclass(frozen=True)
class Derivative:
    """A directional derivative of the output, entry by entry, with a bound of the error of each entry.

    ``nearby`` is the output one step away, which is not zero where the output itself happens to be.
    """

    value: ExtendedArray
    error: ExtendedArray
    nearby: ExtendedArray


def record(forward: Forward, primals: Sequence[ExtendedArray], bits: int) -> Base:
    """Run the forward once, and write its decisions down."""
    with recording() as log:
        output = forward(*primals)
    return Base(forward, tuple(primals), as_extended(output), log, bits)


def along(base: Base, directions: Sequence[ExtendedArray | None], policy: Policy = ACTUAL) -> Derivative:
    """The derivative of the output along one direction a primal (None: held fixed)."""
    lift = active().lift
    step = lift(1) / lift(2 ** round(base.bits / 3))
    shifts = [None if d is None else d * step for d in directions]
    ahead = _shifted(base, shifts, 1, policy)
    narrow = (ahead - _shifted(base, shifts, -1, policy)) / (2 * step)
    wide = (_shifted(base, shifts, 2, policy) - _shifted(base, shifts, -2, policy)) / (4 * step)
    floor = lift(1) / lift(2 ** (2 * base.bits // 3 - 8))
    error = sizes(wide - narrow) + extended(radii(narrow)) + sizes(base.output) * floor
    return Derivative(narrow, error, ahead)


def _shifted(base: Base, shifts: Sequence[ExtendedArray | None], times: int, policy: Policy) -> ExtendedArray:
    moved = [p if s is None else p + times * s for p, s in zip(base.primals, shifts, strict=True)]
    with replaying(base.log, policy):
        return as_extended(base.forward(*moved))


def sizes(array: ExtendedArray) -> ExtendedArray:
    """The entries' absolute values without error bounds; no decision of the code under test."""
    return extended(each(abs, midpoints(array)))


def inner(a: ExtendedArray, b: ExtendedArray) -> Number:
    """The sum of the products of the entries."""
    total = active().lift(0)
    for x, y in zip(stripped(a).ravel().tolist(), stripped(b).ravel().tolist(), strict=True):
        total = total + x * y
    return total


def as_extended(value: Any) -> ExtendedArray:
    """What a forward returned, as an extended array: it may have returned a constant."""
    return value if isinstance(value, ExtendedArray) and stripped(value).dtype.hasobject else extended(value)
