"""The pushforward as a linear function of the tangents."""

from __future__ import annotations

from typing import Any

from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .judgement import Judgement, Setting, has_no_pushforward, least, sentence_property
from .references.directions import dense_direction, direction_seeds
from .references.equality import same
from .references.judging import in_extended_precision
from .references.running import Lifted, run_jvp

Tangents = list[Any]
SCALES = (0.0, -(2.0**40))  # each costs a run of the forward too


@sentence_property(
    "The pushforward is linear: of a sum of tangents the sum, of a multiple the multiple, of zero zero.",
    has_no_pushforward,
    runs_forward=False,
)
@in_extended_precision
def linear_in_tangent(subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int) -> Judgement | None:
    seeds = direction_seeds(point.fingerprint, "tangent")
    a = lifted.tangents(subject, lambda shape: dense_direction(shape, next(seeds)))
    b = lifted.tangents(subject, lambda shape: dense_direction(shape, next(seeds)))
    of_a, of_b = run_jvp(subject, lifted, a), run_jvp(subject, lifted, b)

    def compared(expected: Any, tangents: Tangents, says: str) -> Judgement | None:
        return same(["the output"], [expected], [run_jvp(subject, lifted, tangents)], says)

    together = [None if one is None else one + two for one, two in zip(a, b, strict=True)]
    judgements = [compared(of_a + of_b, together, "J (a + b) and J a + J b")]
    for scale in SCALES:
        scaled = [None if tangent is None else scale * tangent for tangent in a]
        judgements.append(compared(scale * of_a, scaled, f"J ({scale:g} a) and {scale:g} J a"))
    return least(judgements)
