"""The pushforward as a linear function of the tangents."""

from __future__ import annotations

from typing import Any

import numpy as np

from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .judgement import (
    Evidence,
    Judgement,
    Setting,
    falsified,
    has_no_pushforward,
    inconclusive,
    least,
    passed,
    sentence_property,
)
from .references.directions import dense_direction, direction_seeds
from .references.equality import same
from .references.judging import in_extended_precision
from .references.native_pushforward import ROUNDING, spread_of_tangent, tangents_at
from .references.plain_runs import Raised, pushed_on_floats
from .references.running import Lifted, run_jvp

Tangents = list[Any]
SCALES = (0.0, -(2.0**40))  # each costs a run of the forward too


@sentence_property(
    "The pushforward is linear: of a sum of tangents the sum, of a multiple the multiple, of zero zero.",
    has_no_pushforward,
    weakens=True,
    runs_forward=False,
)
def linear_in_tangent(subject: Subject, point: Point, setting: Setting) -> Judgement:
    if setting.strength is Evidence.FORMULA:
        return _judged_by_formula(subject, point, setting)
    try:
        return _judged_on_floats(subject, point)
    except Raised as raised:
        return falsified(f"the pushforward raised {raised}", Evidence.NATIVE)


def _judged_on_floats(subject: Subject, point: Point) -> Judgement:
    """As of the pullback: 1e-6 is no rounding, unless small changes of what is handed in do as much."""
    a, b = tangents_at(subject, point, 0), tangents_at(subject, point, 1)
    of_a, of_b = pushed_on_floats(subject, point, a), pushed_on_floats(subject, point, b)
    size = float(np.max(np.abs(of_a), initial=0.0) + np.max(np.abs(of_b), initial=0.0))
    if not np.isfinite(size):
        return inconclusive("the pushforward is not finite on floats", Evidence.NATIVE)
    together = [None if one is None or two is None else one + two for one, two in zip(a, b, strict=True)]
    claims = [("J (a + b) and J a + J b", together, of_a + of_b, size)]
    for scale in SCALES:
        scaled = [None if tangent is None else scale * tangent for tangent in a]
        claims.append((f"J ({scale:g} a) and {scale:g} J a", scaled, scale * of_a, abs(scale) * size))
    for says, tangents, expected, magnitude in claims:
        off = float(np.max(np.abs(pushed_on_floats(subject, point, tangents) - expected), initial=0.0))
        if off > ROUNDING * magnitude and off > magnitude / (size or 1.0) * spread_of_tangent(subject, point, a):
            return falsified(f"{says} differ for the output", Evidence.NATIVE)
    return passed(Evidence.NATIVE)


@in_extended_precision
def _judged_by_formula(subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int) -> Judgement | None:
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
