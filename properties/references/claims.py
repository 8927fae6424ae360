"""Holding a claimed derivative against the difference of the forward, at smooth points and at ties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from backproof.engine.extended import ACTUAL, UNIFORM, ExtendedArray, Policy, active

from .comparing import AGREEING_DIGITS, Comparison, Number, Relation, compare, digits_of, is_finite
from .differences import Base, Forward, along, inner, record, sizes
from .running import Lifted

Directions = Sequence[ExtendedArray | None]
# What is claimed of <ct, J v> for directions v, and the size of what was summed up to claim it.
Claim = Callable[[Directions], tuple[Number, Number]]

MORE_DIRECTIONS = 4  # tried beside the first, where a tie leaves an interval of derivatives
MOST_FLIPS = 16  # alternatives at ties that are tried one by one


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
        inner(weight, derivative.truncation) + total * derivative.rounding,
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
    """Compare a claim with the pieces that meet at ties, and with the mixtures of them.

    A claim holds if it is the derivative of one piece, or lies between those of the pieces along every
    direction that is tried. Where the ties act independently of each other, which is checked, the extremes
    over all pieces are the sums of the extremes over each tie; otherwise every combination is tried.
    """
    tried = list(islice(more, MORE_DIRECTIONS))
    best = Comparison(Relation.DIFFER, 0.0)
    for policy in UNIFORM:
        comparison = held(claim, base, ct, tried[0], policy)
        if comparison.relation is Relation.AGREE and _agrees_again(claim, base, ct, tried[1:3], policy):
            return AtTies(comparison, True)
        best = max(best, comparison, key=lambda each: each.digits)
    outside = AtTies(Comparison(Relation.DIFFER, best.digits), complete=True)
    between = AtTies(Comparison(Relation.AGREE, float(AGREEING_DIGITS)), complete=True)
    if not all(is_finite(evidence(base, ct, tried[0], policy).value) for policy in UNIFORM):
        return AtTies(Comparison(Relation.DIFFER, best.digits), complete=False)  # an unbounded piece
    if len(base.log.flips()) > MOST_FLIPS:
        return AtTies(Comparison(Relation.DIFFER, best.digits), complete=False)
    ranges = (_range_of_independent_ties(base, ct, directions) for directions in tried)
    for directions, found in zip(tried, ranges, strict=True):
        if found is None:
            break
        if not found.holds(claim(directions)[0]):
            return outside
    else:
        return between
    policies, complete = base.log.policies()
    if not complete:
        return AtTies(Comparison(Relation.DIFFER, best.digits), complete=False)
    for directions in tried:
        pieces = [evidence(base, ct, directions, policy) for policy in policies]
        if not _range(pieces).holds(claim(directions)[0]):
            return outside
    return between


def _compared(claim: Claim, found: Evidence, directions: Directions) -> Comparison:
    got, size = claim(directions)
    return compare(found.value, got, found.error, max(size, found.scale), found.natural)


def _agrees_again(claim: Claim, base: Base, ct: ExtendedArray, tried: Sequence[Directions], policy: Policy) -> bool:
    return all(held(claim, base, ct, directions, policy).relation is Relation.AGREE for directions in tried)


@dataclass(frozen=True)
class Range:
    """The values that the pieces and their mixtures take along one set of directions, and their error bound."""

    low: Number
    high: Number
    slack: Number

    def holds(self, value: Number) -> bool:
        """Whether a value lies in the range."""
        return bool(self.low - self.slack <= active().midpoint(value) <= self.high + self.slack)


def _range(pieces: Sequence[Evidence]) -> Range:
    midpoint = active().midpoint
    values = [midpoint(piece.value) for piece in pieces]
    return Range(min(values), max(values), max(map(_slack, pieces)))


def _slack(piece: Evidence) -> Number:
    return active().midpoint(piece.error) + active().radius(piece.value)


def _range_of_independent_ties(base: Base, ct: ExtendedArray, directions: Directions) -> Range | None:
    """The range if every tie adds its own share to the derivative, whatever the others do; None if not."""
    midpoint = active().midpoint
    actual = evidence(base, ct, directions)
    shares: dict[int, list[Number]] = {tie: [midpoint(actual.value) * 0] for tie in range(len(base.log.tied))}
    slack = _slack(actual)
    for tie, policy in base.log.flips():
        flipped = evidence(base, ct, directions, policy)
        shares[tie].append(midpoint(flipped.value) - midpoint(actual.value))
        slack = slack + _slack(flipped)
    everything_else = Policy(
        "listed", tuple((taken + 1) % n for taken, n in zip(base.log.taken, base.log.tied, strict=True))
    )
    together = evidence(base, ct, directions, everything_else)
    position = [((taken + 1) % n, taken) for taken, n in zip(base.log.taken, base.log.tied, strict=True)]
    expected = midpoint(actual.value)
    for tie, (other, taken) in enumerate(position):
        alternatives = [alternative for alternative in range(base.log.tied[tie]) if alternative != taken]
        expected = expected + shares[tie][1 + alternatives.index(other)] if other != taken else expected
    compared = compare(together.value, expected, together.error + slack, together.scale, together.natural)
    if compared.relation is not Relation.AGREE:
        return None
    low = sum((min(parts) for parts in shares.values()), midpoint(actual.value))
    high = sum((max(parts) for parts in shares.values()), midpoint(actual.value))
    return Range(low, high, slack)


def _same(one: Evidence, other: Evidence) -> bool:
    compared = compare(one.value, other.value, one.error + other.error, other.scale, other.natural)
    return compared.relation is Relation.AGREE


def ties_matter(forward: Forward, lifted: Lifted, bits: int, directions: Directions) -> bool:
    """Whether the pieces that meet at this point have different derivatives, so that there is no one right answer.

    Ties often do not matter: the maximum that softmax subtracts may be tied, and cancels. True also where
    there are too many pieces to try.
    """
    moving = [i for i, direction in enumerate(directions) if direction is not None]
    base = record(forward, lifted.primals, bits, moving)
    flips = base.log.flips()
    if len(flips) > MOST_FLIPS:
        return True
    actual = evidence(base, lifted.cotangent, directions)
    others = (*UNIFORM[1:], *(policy for _, policy in flips)) if base.log.tied else ()
    return not all(_same(actual, evidence(base, lifted.cotangent, directions, policy)) for policy in others)


def too_many_pieces(base: Base) -> str:
    """Why a point decides nothing, and what to say of the subject if there are many such points."""
    return (
        f"{len(base.log.tied)} decisions are tied here: too many pieces to try them all. at_kink='any' declares that "
        "the cotangents at kinks are nobody's concern"
    )


def too_small_to_show(parts: Sequence[Number], total: Number) -> list[int]:
    """The positions of the parts so small that 45 agreeing digits of the total say less than 30 of them."""
    return [
        position for position, part in enumerate(parts) if part != 0 and digits_of(part, total) > 45 - AGREEING_DIGITS
    ]
