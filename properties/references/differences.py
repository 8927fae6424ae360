"""Central differences in extended precision: the reference that derivatives are held against.

With p bits and a step h = 2^(-p/3), truncation (h^2) and rounding (2^-p / h) leave about 2p/3 bits: 51
digits for p = 256. The truncation error of a central difference is h^2 f'''/6; the third difference of the
values at -h, 0, h and 2h is h^3 f''', and so a third of it over h bounds the error with a factor of two to
spare. It is an estimate, and so the words are "confirmed" and "falsified", not "proved". Decisions recorded
at the point are replayed at all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backproof.engine.extended import (
    ACTUAL,
    ExtendedArray,
    Log,
    Policy,
    active,
    each,
    entered,
    extended,
    midpoints,
    radii,
    recording,
    replaying,
    stripped,
    to_float,
)

from .comparing import Number

Forward = Callable[..., Any]


@dataclass(frozen=True)
class Base:
    """A forward, recorded at a point; ``largest`` is the largest absolute value of each primal, roughly."""

    forward: Forward
    primals: tuple[ExtendedArray, ...]
    output: ExtendedArray
    largest: tuple[float, ...]
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
    largest = tuple(max(map(abs, to_float(p).ravel().tolist()), default=0.0) for p in primals)
    return Base(forward, tuple(primals), as_extended(output), largest, log, bits)


def along(base: Base, directions: Sequence[ExtendedArray | None], policy: Policy = ACTUAL) -> Derivative:
    """The derivative of the output along one direction a primal (None: held fixed)."""
    lift = active().lift
    step = lift(1) / lift(2 ** round(base.bits / 3))
    once = [None if d is None else d * step for d in directions]
    twice = [None if shift is None else shift + shift for shift in once]
    here = base.output if policy is ACTUAL else _shifted(base, [None] * len(once), np.add, policy)
    ahead, behind = _shifted(base, once, np.add, policy), _shifted(base, once, np.subtract, policy)
    further = _shifted(base, twice, np.add, policy)
    value = (ahead - behind) / (2 * step)
    third_difference = further - 3 * ahead + 3 * here - behind
    floor = lift(1) / lift(2 ** (2 * base.bits // 3 - 8))
    error = sizes(third_difference / (3 * step)) + extended(radii(value)) + sizes(base.output) * floor
    return Derivative(value, error, ahead)


def _shifted(base: Base, shifts: Sequence[ExtendedArray | None], move: np.ufunc, policy: Policy) -> ExtendedArray:
    moved = [p if shift is None else move(p, shift) for p, shift in zip(base.primals, shifts, strict=True)]
    with replaying(base.log, policy):
        return as_extended(base.forward(*moved))


def sizes(array: ExtendedArray) -> ExtendedArray:
    """The entries' absolute values without error bounds; no decision of the code under test."""
    return extended(each(abs, midpoints(array)))


def inner(a: ExtendedArray, b: ExtendedArray) -> Number:
    """The sum of the products of the entries."""
    return products(a, b)[0]


def products(a: ExtendedArray, b: ExtendedArray) -> tuple[Number, Number]:
    """The sum of the products of the entries, and the sum of their absolute values."""
    terms = np.asarray(stripped(a) * stripped(b), dtype=object)
    zero = active().lift(0)
    return np.add.reduce(terms, axis=None, initial=zero), np.add.reduce(np.abs(terms), axis=None, initial=zero)


def as_extended(value: Any) -> ExtendedArray:
    """What a forward returned, as an extended array: it may have returned a constant."""
    return value if isinstance(value, ExtendedArray) and stripped(value).dtype.hasobject else extended(entered(value))
