"""The pushforward against extended-precision differences of the forward."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from backproof.engine.extended import decimals
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .judgement import (
    Judgement,
    Mismatch,
    Setting,
    close,
    falsified,
    has_no_pushforward,
    inconclusive,
    passed,
    sentence_property,
)
from .references.claims import DIRECTIONS, Directions, held, held_at_ties, too_many_pieces
from .references.comparing import Number, Relation
from .references.differences import along, inner, record, sizes
from .references.directions import dense_direction, direction_seeds
from .references.judging import in_extended_precision
from .references.running import Lifted, bound_forward, run_jvp


@sentence_property(
    "J dx, as the pushforward computes it, is what differences of the forward say it is.", has_no_pushforward
)
@in_extended_precision
def jvp_matches_differences(
    subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int
) -> Judgement | None:
    base = record(bound_forward(subject, lifted), lifted.primals, bits, subject.differentiated)
    seeds = direction_seeds(point.fingerprint, "jvp")
    weights = dense_direction(point.cotangent.shape, next(seeds))

    def claim(directions: Directions) -> tuple[Number, Number]:
        tangent = run_jvp(subject, lifted, directions)
        return inner(weights, tangent), inner(sizes(weights), sizes(tangent))

    def dense() -> Iterator[Directions]:
        while True:
            yield lifted.tangents(subject, lambda shape: dense_direction(shape, next(seeds)))

    directions = next(dense())
    comparison = held(claim, base, weights, directions)
    if comparison.relation is Relation.AGREE:
        return passed(digits=comparison.digits)
    if comparison.relation is Relation.UNRESOLVED:
        return None
    if base.log.tied:
        at_ties = held_at_ties(claim, base, weights, [directions, *islice(dense(), DIRECTIONS - 1)])
        if at_ties.relation is Relation.AGREE:
            return passed(digits=at_ties.digits)
        if at_ties.relation is Relation.UNRESOLVED:
            return inconclusive(too_many_pieces(base))
    if comparison.relation is Relation.DIFFER:
        expected, got = along(base, directions).value, run_jvp(subject, lifted, directions)
        shown = Mismatch("tangent of the output", got.shape, tuple(decimals(expected, 40)), tuple(decimals(got, 40)))
        return falsified("the pushforward is not J dx", digits=comparison.digits, mismatch=shown, gap=comparison.gap)
    if comparison.relation is Relation.CLOSE:
        return close("the pushforward agrees", comparison.digits, comparison.gap)
    return inconclusive("the derivative is not a finite number here")
