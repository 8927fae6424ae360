"""Pushforward and pullback against each other."""

from __future__ import annotations

from backproof.engine.extended import active
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
from .references.claims import ties_matter
from .references.comparing import Relation, compare
from .references.differences import products
from .references.directions import dense_direction, direction_seeds
from .references.judging import in_extended_precision
from .references.running import Lifted, bound_forward, run_jvp, run_vjp


@sentence_property(
    "<J dx, ct> = <dx, J^T ct>: pushforward and pullback are transposes of each other.",
    has_no_pushforward,
    runs_forward=False,
)
@in_extended_precision
def adjoint_identity(subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int) -> Judgement | None:
    seeds = direction_seeds(point.fingerprint, "adjoint")
    tangents = lifted.tangents(subject, lambda shape: dense_direction(shape, next(seeds)))
    pulled = run_vjp(subject, lifted).pull(lifted.cotangent)
    pushed = run_jvp(subject, lifted, tangents)

    zero = active().lift(0)
    pairs = [(dx, g) for dx, g in zip(tangents, pulled, strict=True) if dx is not None and g is not None]
    at_output, output_size = products(pushed, lifted.cotangent)
    at_inputs, input_sizes = zip(*(products(dx, g) for dx, g in pairs), strict=True)
    at_input, scale = sum(at_inputs), max(output_size, sum(input_sizes))
    comparison = compare(at_output, at_input, zero, scale, scale)
    if comparison.relation is Relation.AGREE:
        return passed(digits=comparison.digits)
    if comparison.relation is Relation.UNRESOLVED:
        return None
    if comparison.relation is Relation.CLOSE:
        return close("the two inner products agree", comparison.digits, comparison.gap)
    if comparison.relation is not Relation.DIFFER:
        return inconclusive("the two inner products are not finite numbers here")
    if ties_matter(bound_forward(subject, lifted), lifted, bits, tangents):
        return inconclusive("the two inner products differ, at a kink")
    decimal = active().decimal
    shown = Mismatch("<dx, J^T ct>", (), (decimal(at_output, 40),), (decimal(at_input, 40),))
    return falsified("<J dx, ct> and <dx, J^T ct> differ", digits=comparison.digits, mismatch=shown, gap=comparison.gap)
