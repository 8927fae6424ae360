"""The pullback as a linear function of the cotangent."""

from __future__ import annotations

from typing import Any

from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .judgement import Judgement, Setting, least, sentence_property
from .references.directions import dense_direction, direction_seeds
from .references.equality import same
from .references.running import Lifted, in_extended_precision, run_vjp

SCALES = (-1.0, 0.0, 2.0**40, -(2.0**-40))


def _maps_its_cotangent(subject: Subject) -> str | None:
    return None if subject.cotangent_map is None else "it is declared to map its cotangent first"


@sentence_property(
    "The pullback is linear: of a sum of cotangents the sum, of a multiple the multiple, of zero zero.",
    _maps_its_cotangent,
)
@in_extended_precision
def linear_in_cotangent(
    subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int
) -> Judgement | None:
    run = run_vjp(subject, lifted)
    names = [f"cotangent for {name}" for name in subject.arguments]
    ct = lifted.cotangent
    other = dense_direction(ct.shape, next(direction_seeds(point.fingerprint, "cotangent")))
    of_ct, of_other = run.pull(ct), run.pull(other)

    judgements = [same(names, _sum(of_ct, of_other), run.pull(ct + other), "J^T (a + b) and J^T a + J^T b")]
    for scale in SCALES:
        says = f"J^T ({scale:g} a) and {scale:g} J^T a"
        judgements.append(same(names, _times(scale, of_ct), run.pull(scale * ct), says))
    return least(judgements)


def _sum(one: list[Any], two: list[Any]) -> list[Any]:
    return [None if a is None or b is None else a + b for a, b in zip(one, two, strict=True)]


def _times(scale: float, cotangents: list[Any]) -> list[Any]:
    return [None if cotangent is None else scale * cotangent for cotangent in cotangents]
