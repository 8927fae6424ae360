"""A hand-derived pullback against the one that the tape derives."""

from __future__ import annotations

from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .judgement import Judgement, Setting, sentence_property
from .references.claims import ties_matter
from .references.differences import sizes, sum_of
from .references.directions import dense_direction, direction_seeds
from .references.equality import same
from .references.judging import in_extended_precision
from .references.running import Lifted, bound_forward, run_vjp


def _not_fused(subject: Subject) -> str | None:
    return None if subject.traced_vjp is not None else subject.untraceable or "it has only one pullback"


@sentence_property(
    "The hand-derived pullback gives the cotangents that the tape's pullback gives.", _not_fused, runs_forward=False
)
@in_extended_precision
def fused_equals_traced(
    subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int
) -> Judgement | None:
    fused, traced = run_vjp(subject, lifted), run_vjp(subject, lifted, subject.traced_vjp)
    names = [f"the cotangent for {name}" for name in subject.arguments]
    expected, got = traced.pull(lifted.cotangent), fused.pull(lifted.cotangent)
    seeds = direction_seeds(point.fingerprint, "fused")

    def at_a_kink() -> bool:
        directions = lifted.tangents(subject, lambda shape: dense_direction(shape, next(seeds)))
        return ties_matter(bound_forward(subject, lifted), lifted, bits, directions)

    handed = sum_of(sizes(lifted.cotangent))
    return same(names, expected, got, "the traced and the hand-derived pullback", at_a_kink, handed)
