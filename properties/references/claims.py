"""Holding a claimed derivative against the difference of the forward, at smooth points and at ties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from backproof.engine.extended import ACTUAL, UNIFORM, ExtendedArray, Policy, active

from .comparing import AGREEING_DIGITS, Comparison, Number, Relation, compare, digits_of
from .differences import Base, Forward, along, inner, record, sizes
from .running import Lifted

Directions = Sequence[ExtendedArray | None]
# What is claimed of <ct, J v> for directions v, and the size of what was summed up to claim it.
Claim = Callable[[Directions], tuple[Number, Number]]

MORE_DIRECTIONS = 8  # tried beside the first, where a tie leaves an interval of derivatives


@dataclass(frozen=True)
class Evidence:
    """What the forward says about <ct, J v>."""

    value: Number
    error: Number
    scale: Number
    natural: Number


def evidence(base: Base, ct: ExtendedArray, directions: Directions, policy: Policy = ACTUAL) -> Evidence:
    """The difference of <ct, forward> along the directions, with its error bound and the sizes it is read against.

    ``natural`` is the change of <|ct|, |forward|> that a relative change of the primals of order one could
    make: below 30 digits of it, nothing can be read off a difference.
    """
    derivative = along(base, directions, policy)
    weight = sizes(ct)
    moved = [size for size, direction in zip(base.largest, directions, strict=True) if direction is not None]
    largest = active().lift(max(moved, default=0.0))
    total = inner(weight, sizes(derivative.nearby))
    return Evidence(
        inner(ct, derivative.value),
        inner(weight, derivative.error),
        inner(weight, sizes(derivative.value)),
        total / largest if largest > 0 else total,
    )


def held(claim: Claim, base: Base, ct: ExtendedArray, directions: Directions, policy: Policy = ACTUAL) -> Comparison:
    """Compare a claim with the forward along one set of directions."""
    return _compared(claim, evidence(base, ct, directions, policy), directions)


@dataclass(frozen=True)
class AtTies:
    """How a claim stands where decisions are tied: the best comparison, and whether all pieces were tried."""

    comparison: Comparison
    complete: bool


def held_at_ties(claim: Claim, base: Base, ct: ExtendedArray, more: Iterator[Directions]) -> AtTies:
    """Compare a claim with every piece that meets at a tie, and with the mixtures of them.

    A claim holds if it is the derivative of one piece, or lies between those of the pieces along every
    direction that is tried.
    """
    tried = list(islice(more, MORE_DIRECTIONS))
    best = Comparison(Relation.DIFFER, 0.0)
    policies, complete = base.log.policies()
    first = [(policy, evidence(base, ct, tried[0], policy)) for policy in UNIFORM]
    for policy, found in first:
        comparison = _compared(claim, found, tried[0])
        if comparison.relation is Relation.AGREE and _agrees_again(claim, base, ct, tried[1:3], policy):
            return AtTies(comparison, complete)
        best = max(best, comparison, key=lambda each: each.digits)
    if _is_one_derivative(base, ct, tried[0], [found for _, found in first]):
        return AtTies(Comparison(Relation.DIFFER, best.digits), complete=True)
    pieces = list(first)
    for policy in policies[len(UNIFORM) :]:
        pieces.append((policy, evidence(base, ct, tried[0], policy)))
        comparison = _compared(claim, pieces[-1][1], tried[0])
        if comparison.relation is Relation.AGREE and _agrees_again(claim, base, ct, tried[1:3], policy):
            return AtTies(comparison, complete)
    if _is_between(claim, tried[0], [found for _, found in pieces]) and all(
        _is_between(claim, directions, [evidence(base, ct, directions, policy) for policy in policies])
        for directions in tried[1:]
    ):
        return AtTies(Comparison(Relation.AGREE, float(AGREEING_DIGITS)), complete)
    return AtTies(Comparison(Relation.DIFFER, best.digits), complete)


def _compared(claim: Claim, found: Evidence, directions: Directions) -> Comparison:
    got, size = claim(directions)
    return compare(found.value, got, found.error, max(size, found.scale), found.natural)


def _agrees_again(claim: Claim, base: Base, ct: ExtendedArray, tried: Sequence[Directions], policy: Policy) -> bool:
    return all(held(claim, base, ct, directions, policy).relation is Relation.AGREE for directions in tried)


def _is_one_derivative(base: Base, ct: ExtendedArray, directions: Directions, uniform: Sequence[Evidence]) -> bool:
    """Whether all pieces have the same derivative, as where a tied maximum cancels again.

    The derivative is linear in the weights of the alternatives at each tie between equal values: if each tie
    alone, and the mean over all pieces (which the policy ``half`` takes), leave it as it is, all of them do.
    """
    if not base.log.selects_only:
        return False
    singles = (evidence(base, ct, directions, policy) for policy in base.log.single_flips())
    return all(_same(uniform[0], other) for other in (*uniform[1:], *singles))


def _same(one: Evidence, other: Evidence) -> bool:
    compared = compare(one.value, other.value, one.error + other.error, other.scale, other.natural)
    return compared.relation is Relation.AGREE


def _is_between(claim: Claim, directions: Directions, pieces: Sequence[Evidence]) -> bool:
    """Whether what is claimed along the directions lies between what the pieces say."""
    got, _ = claim(directions)
    midpoint = active().midpoint
    slack = max(midpoint(piece.error) + active().radius(piece.value) for piece in pieces)
    values = [midpoint(piece.value) for piece in pieces]
    return bool(min(values) - slack <= midpoint(got) <= max(values) + slack)


def ties_matter(forward: Forward, lifted: Lifted, bits: int, directions: Directions) -> bool:
    """Whether the pieces that meet at this point have different derivatives, so that there is no one right answer.

    Ties often do not matter: the maximum that softmax subtracts may be tied, and cancels. True also where
    there are too many pieces to try.
    """
    base = record(forward, lifted.primals, bits)
    uniform = [evidence(base, lifted.cotangent, directions, policy) for policy in UNIFORM]
    if _is_one_derivative(base, lifted.cotangent, directions, uniform):
        return False
    policies, complete = base.log.policies()
    pieces = (evidence(base, lifted.cotangent, directions, policy) for policy in policies)
    return not complete or not all(_same(uniform[0], piece) for piece in pieces)


def too_small_to_show(parts: Sequence[Number], total: Number) -> list[int]:
    """The positions of the parts so small that 45 agreeing digits of the total say less than 30 of them."""
    return [
        position for position, part in enumerate(parts) if part != 0 and digits_of(part, total) > 45 - AGREEING_DIGITS
    ]
