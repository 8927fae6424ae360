"""The pushforward against extended-precision differences of the forward."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from backproof.engine.extended import decimals
from backproof.engine.subjects import Subject, quietly
from backproof.strategies.points import Point

from .judgement import (
    Evidence,
    Judgement,
    Mismatch,
    Setting,
    close,
    falsified,
    float_digits,
    has_no_pushforward,
    inconclusive,
    passed,
    sentence_property,
)
from .references.by_native_runs import CLEARLY, SAFE, kink_of, slopes_of, weighed_along
from .references.claims import DIRECTIONS, Directions, held, held_at_ties, too_many_pieces
from .references.comparing import Number, Relation
from .references.differences import along, inner, record, sizes
from .references.directions import dense_direction, direction_seeds
from .references.judging import in_extended_precision
from .references.native_pushforward import tangents_at
from .references.plain_runs import Raised, pushed_on_floats
from .references.running import Lifted, bound_forward, run_jvp


@sentence_property(
    "J dx, as the pushforward computes it, is what differences of the forward say it is.",
    has_no_pushforward,
    weakens=True,
)
def jvp_matches_differences(subject: Subject, point: Point, setting: Setting) -> Judgement:
    if setting.strength is Evidence.FORMULA:
        return _judged_by_formula(subject, point, setting)
    try:
        return _judged_on_floats(subject, point)
    except Raised as raised:
        return falsified(f"the pushforward raised {raised}", Evidence.NATIVE)


def _judged_on_floats(subject: Subject, point: Point) -> Judgement:
    """One dense direction, weighed by dense weights, against extrapolated differences on floats; three-way."""
    tangents = tangents_at(subject, point, 0)
    weights = np.asarray(np.random.default_rng(point.fingerprint).uniform(0.5, 1.0, point.cotangent.shape))
    pushed = pushed_on_floats(subject, point, tangents)
    if pushed.shape != point.cotangent.shape:
        return falsified(f"the pushforward has shape {pushed.shape}, not the output's", Evidence.NATIVE)
    value = weighed_along(subject, point, tangents, weights)
    with quietly():
        slopes, kink = slopes_of(value, 1.0), kink_of(value, 1.0)
    best = min(slopes, key=lambda slope: slope.error)
    got, scale = float(np.sum(weights * pushed)), float(np.sum(np.abs(weights * pushed)))
    if not np.isfinite([best.value, best.error, scale]).all():
        return inconclusive("differences are not finite on floats", Evidence.NATIVE)
    scale = max(scale, abs(best.value))
    if any(abs(one.value - best.value) > SAFE * (one.error + best.error) + CLEARLY * scale for one in slopes):
        return inconclusive("differences depend on their step: there may be a kink", Evidence.NATIVE)
    if abs(got - best.value) <= SAFE * best.error + CLEARLY * scale:
        return passed(Evidence.NATIVE, float_digits(np.abs(np.array(got - best.value)), scale))
    if kink is not None:
        return inconclusive("it differs from differences at a kink", Evidence.NATIVE)
    shown = Mismatch("<w, J dx>, w and dx generic", (), (repr(best.value),), (repr(got),))
    return falsified("the pushforward is not J dx", Evidence.NATIVE, mismatch=shown)


@in_extended_precision
def _judged_by_formula(subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int) -> Judgement | None:
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
