"""Holding a claimed derivative against the difference of the forward, at smooth points and at ties."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from backproof.engine.extended import ACTUAL, UNIFORM, ExtendedArray, Policy, active

from .comparing import AGREEING_DIGITS, Comparison, Number, Relation, compare, digits_of, is_finite
from .differences import Base, Forward, along, inner, record, sizes, sum_of
from .running import Lifted

Directions = Sequence[ExtendedArray | None]
# What is claimed of <ct, J v> for directions v, and the size of what was summed up to claim it.
Claim = Callable[[Directions], tuple[Number, Number]]

DIRECTIONS = 4  # that are tried where a tie leaves an interval of derivatives
MOST_FLIPS = 16  # alternatives at ties that are tried one by one


@dataclass(frozen=True)
class Evidence:
    """What the forward says about <ct, J v>."""

    value: Number
    error: Number
    scale: Number
    natural: Number
    handed: Number


def evidence(base: Base, ct: ExtendedArray, directions: Directions, policy: Policy = ACTUAL) -> Evidence:
    """The difference of <ct, forward> along the directions, with its error bound and the sizes it is read against.

    ``natural`` is the change of <|ct|, |forward|> that a relative change of the primals of order one could
    make: below 30 digits of it, nothing can be read off a difference. ``handed`` is the size of ``ct``.
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
        sum_of(weight),
    )


def held(claim: Claim, base: Base, ct: ExtendedArray, directions: Directions, policy: Policy = ACTUAL) -> Comparison:
    """Compare a claim with the forward along one set of directions."""
    return _compared(claim, evidence(base, ct, directions, policy), directions)


@dataclass(frozen=True)
class Range:
    """The values that the pieces and their mixtures take along one set of directions, and their error bound."""

    low: Number
    high: Number
    slack: Number

    def holds(self, value: Number) -> bool:
        """Whether a value lies in the range."""
        return bool(self.low - self.slack <= active().midpoint(value) <= self.high + self.slack)


@dataclass(frozen=True)
class Outside:
    """Directions along which a claim leaves the range of the pieces: what was claimed, and the range."""

    directions: Directions
    claimed: Number
    range: Range


@dataclass(frozen=True)
class AtTies:
    """How a claim stands where decisions are tied.

    ``relation`` is AGREE, DIFFER (``outside`` says where), or UNRESOLVED where not all pieces could be tried.
    """

    relation: Relation
    digits: float
    outside: Outside | None = None


def held_at_ties(
    claim: Claim,
    base: Base,
    ct: ExtendedArray,
    generic: Sequence[Directions],
    probes: Sequence[Directions] = (),
    most_flips: int = MOST_FLIPS,
) -> AtTies:
    """Compare a claim with the pieces that meet at ties, and with the mixtures of them.

    A claim holds if it is the derivative of one piece (along the first three ``generic`` directions), or lies
    between those of the pieces along every direction that is tried: ``probes``, and the generic ones. Where the
    ties act independently of each other, which is checked, the extremes over all pieces are the sums of the
    extremes over each tie; otherwise every combination is tried.
    """
    digits = 0.0
    for policy in UNIFORM:
        compared = [held(claim, base, ct, generic[0], policy)]
        if compared[0].relation is Relation.AGREE:
            compared += [held(claim, base, ct, directions, policy) for directions in generic[1:3]]
        if all(comparison.relation is Relation.AGREE for comparison in compared):
            return AtTies(Relation.AGREE, min(comparison.digits for comparison in compared))
        digits = max(digits, compared[0].digits)
    undecided = AtTies(Relation.UNRESOLVED, digits)
    if not all(is_finite(evidence(base, ct, generic[0], policy).value) for policy in UNIFORM):
        return undecided  # an unbounded piece
    if len(base.log.flips()) > most_flips:
        return undecided
    tried = [*probes, *generic]
    found = [_range_of_independent_ties(base, ct, tried[0])]
    if found[0] is None:
        policies, complete = base.log.policies()
        if not complete:
            return undecided
        ranges: Iterable[Range | None] = (
            _range([evidence(base, ct, along, policy) for policy in policies]) for along in tried
        )
    else:
        ranges = chain(found, (_range_of_independent_ties(base, ct, along) for along in tried[1:]))
    for directions, between in zip(tried, ranges, strict=True):
        if between is None:
            return undecided
        claimed = claim(directions)[0]
        if not is_finite(claimed):
            return undecided
        if not between.holds(claimed):
            return AtTies(Relation.DIFFER, digits, Outside(directions, claimed, between))
    return AtTies(Relation.AGREE, float(AGREEING_DIGITS))


def _compared(claim: Claim, found: Evidence, directions: Directions) -> Comparison:
    got, size = claim(directions)
    return compare(found.value, got, found.error, max(size, found.scale), found.natural, found.handed)


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
