"""Central differences in extended precision: the reference that derivatives are held against.

With p bits and a step h = 2^(-p/3), truncation (h^2) and rounding (2^-p / h) leave about 2p/3 bits: 51
digits for p = 256. The truncation error of a central difference is h^2 f'''/6; the third difference of the
values at -h, 0, h and 2h is h^3 f''', and so a third of it over h bounds the error with a factor of two to
spare. It is an estimate, and so the words are "confirmed" and "falsified", not "proved". Decisions recorded
at the point are replayed at all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
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
    recording,
    replaying,
    stripped,
    to_float,
)

from .comparing import Number, is_finite
from .directions import dense_direction

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
    moving: tuple[int, ...]  # the positions of the arguments that directions move
    pieces: dict[Policy, Base] = field(default_factory=dict)  # the runs under other policies, made when asked for
    known: dict[Any, tuple[Any, Derivative]] = field(default_factory=dict)  # derivatives that were asked for before

    def under(self, policy: Policy) -> Base:
        """The run in which the policy resolved the ties, and which its differences replay."""
        if policy is ACTUAL:
            return self
        if policy not in self.pieces:
            with recording(policy, self.log) as log:
                output = as_extended(self.forward(*self.primals))
            self.pieces[policy] = replace(self, output=output, log=log)
        return self.pieces[policy]


@dataclass(frozen=True)
class Derivative:
    """A directional derivative of the output, entry by entry, and what bounds its errors.

    ``truncation`` bounds the error of each entry that the step leaves; ``rounding``, times the size of the output, the
    one that the precision leaves besides the error bounds that ``value`` itself carries. ``nearby`` is the output one
    step away, which is not zero where the output itself happens to be.
    """

    value: ExtendedArray
    truncation: ExtendedArray
    rounding: Number
    nearby: ExtendedArray


def record(forward: Forward, primals: Sequence[ExtendedArray], bits: int, moving: Sequence[int] | None = None) -> Base:
    """Run the forward once, and write its decisions down; ``moving``: the arguments that may move (all floats).

    Ties that last a generic step beside the point are no ties of the point, and are struck from the log.
    """
    with recording() as log:
        output = as_extended(forward(*primals))
    moved = tuple(i for i, p in enumerate(primals) if p.dtype.kind == "f") if moving is None else tuple(moving)
    largest = tuple(max(map(abs, to_float(p).ravel().tolist()), default=0.0) for p in primals)
    base = Base(forward, tuple(primals), output, largest, log, bits, moved)
    if not log.tied:
        return base
    directions = [dense_direction(p.shape, i) * _step(bits) if i in moved else None for i, p in enumerate(primals)]
    with recording() as beside:
        forward(*_moved(base, directions, np.add))
    return replace(base, log=log.without(beside))


def _step(bits: int) -> Number:
    return active().lift(1) / active().lift(2 ** round(bits / 3))


def along(base: Base, directions: Sequence[ExtendedArray | None], policy: Policy = ACTUAL) -> Derivative:
    """The derivative of the output along one direction a primal (None: held fixed)."""
    key = (policy, *map(id, directions))
    if key not in base.known:
        base.known[key] = (directions, _difference(base, directions, policy))
    return base.known[key][1]


def _difference(base: Base, directions: Sequence[ExtendedArray | None], policy: Policy) -> Derivative:
    lift, piece = active().lift, base.under(policy)
    step = _step(base.bits)
    once = [None if d is None else d * step for d in directions]
    twice = [None if shift is None else shift + shift for shift in once]
    ahead, behind = _replayed(piece, once, np.add), _replayed(piece, once, np.subtract)
    further = _replayed(piece, twice, np.add)
    value = (ahead - behind) / (2 * step)
    third_difference = further - 3 * ahead + 3 * piece.output - behind
    if not all(map(is_finite, stripped(third_difference).ravel().tolist())):  # as sin(x)/x at 0, where it has no value
        further_behind = _replayed(piece, twice, np.subtract)
        third_difference = (further - 2 * ahead + 2 * behind - further_behind) / 2
    floor = lift(1) / lift(2 ** (2 * base.bits // 3 - 8))
    return Derivative(value, sizes(third_difference / (3 * step)), floor, ahead)


def _moved(base: Base, shifts: Sequence[ExtendedArray | None], move: np.ufunc) -> list[ExtendedArray]:
    return [p if shift is None else move(p, shift) for p, shift in zip(base.primals, shifts, strict=True)]


def _replayed(base: Base, shifts: Sequence[ExtendedArray | None], move: np.ufunc) -> ExtendedArray:
    moved = _moved(base, shifts, move)
    with replaying(base.log):
        return as_extended(base.forward(*moved))


def sizes(array: ExtendedArray) -> ExtendedArray:
    """The entries' absolute values without error bounds; no decision of the code under test."""
    return each(active().size, stripped(array)).view(ExtendedArray)


def inner(a: ExtendedArray, b: ExtendedArray) -> Number:
    """The sum of the products of the entries."""
    terms = np.asarray(stripped(a) * stripped(b), dtype=object)
    return np.add.reduce(terms, axis=None, initial=active().lift(0))


def sum_of(array: ExtendedArray) -> Number:
    """The sum of the entries."""
    return np.add.reduce(np.asarray(stripped(array), dtype=object), axis=None, initial=active().lift(0))


def products(a: ExtendedArray, b: ExtendedArray) -> tuple[Number, Number]:
    """The sum of the products of the entries, and the sum of their absolute values."""
    terms = np.asarray(stripped(a) * stripped(b), dtype=object)
    zero = active().lift(0)
    return np.add.reduce(terms, axis=None, initial=zero), np.add.reduce(np.abs(terms), axis=None, initial=zero)


def as_extended(value: Any) -> ExtendedArray:
    """What a forward returned, as an extended array: it may have returned a constant."""
    return value if isinstance(value, ExtendedArray) and stripped(value).dtype.hasobject else extended(entered(value))
