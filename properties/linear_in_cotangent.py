"""The pullback as a linear function of the cotangent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .judgement import Evidence, Judgement, Setting, falsified, inconclusive, least, passed, sentence_property
from .references.differences import sizes, sum_of
from .references.directions import dense_direction, direction_seeds
from .references.equality import same
from .references.judging import in_extended_precision
from .references.on_floats import noise_of
from .references.plain_runs import native_run
from .references.running import Lifted, run_vjp

SCALES = (-1.0, 0.0, 2.0**40, -(2.0**-40))
ROUNDING = 1e-6  # of the largest entry


def _maps_its_cotangent(subject: Subject) -> str | None:
    return None if subject.cotangent_map is None else "it is declared to map its cotangent first"


@sentence_property(
    "The pullback is linear: of a sum of cotangents the sum, of a multiple the multiple, of zero zero.",
    _maps_its_cotangent,
    weakens=True,
    runs_forward=False,
)
def linear_in_cotangent(subject: Subject, point: Point, setting: Setting) -> Judgement:
    if setting.strength is Evidence.FORMULA:
        return _judged_by_formula(subject, point, setting)
    return _judged_on_floats(subject, point)


def _judged_on_floats(subject: Subject, point: Point) -> Judgement:
    """Multiples by powers of two are exact on floats; a sum may be off by rounding, and 1e-6 is no rounding.

    Where everything cancels rounding is all that is left: what small changes of what is handed in do is allowed too.
    """
    ct = point.cotangent
    other = np.random.default_rng(point.fingerprint).uniform(0.5, 1.0, ct.shape)
    handed = (ct, other, ct + other, *(scale * ct for scale in SCALES))
    points = [replace(point, cotangent=np.asarray(each)) for each in handed]
    runs = [native_run(subject, each) for each in points]
    answers = [run for run in runs if run is not None]
    if len(answers) < len(runs):
        return inconclusive("the pullback raises on floats", Evidence.NATIVE)

    def noise(position: int) -> float:
        return max(
            noise_of(subject, each, run)[1 + position] for each, run in zip(points[:3], answers[:3], strict=True)
        )

    for position in subject.differentiated:
        name = subject.arguments[position]
        a, b, both, *multiples = (_zero_or(run.cotangents[position]) for run in answers)
        scale = np.max(np.abs(a), initial=0.0) + np.max(np.abs(b), initial=0.0)
        if not np.isfinite(scale):
            continue
        off = np.max(np.abs(both - (a + b)), initial=0.0)
        if off > ROUNDING * scale and off > noise(position):
            return falsified(f"J^T (a + b) and J^T a + J^T b differ for the cotangent for {name}", Evidence.NATIVE)
        for factor, multiple in zip(SCALES, multiples, strict=True):
            size = np.max(np.abs(factor * a), initial=0.0)
            off = np.max(np.abs(multiple - factor * a), initial=0.0)
            if off > ROUNDING * size and off > abs(factor) * noise(position):
                return falsified(f"J^T ({factor:g} a) and {factor:g} J^T a differ for {name}", Evidence.NATIVE)
    return passed(Evidence.NATIVE)


def _zero_or(cotangent: np.ndarray[Any, Any] | None) -> np.ndarray[Any, Any]:
    return np.zeros(()) if cotangent is None else cotangent


@in_extended_precision
def _judged_by_formula(subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int) -> Judgement | None:
    run = run_vjp(subject, lifted)
    names = [f"cotangent for {name}" for name in subject.arguments]
    ct = lifted.cotangent
    other = dense_direction(ct.shape, next(direction_seeds(point.fingerprint, "cotangent")))
    of_ct, of_other = run.pull(ct), run.pull(other)

    handed = sum_of(sizes(ct))
    summed = run.pull(ct + other)
    judgements = [same(names, _sum(of_ct, of_other), summed, "J^T (a + b) and J^T a + J^T b", handed=handed)]
    for scale in SCALES:
        says = f"J^T ({scale:g} a) and {scale:g} J^T a"
        judgements.append(same(names, _times(scale, of_ct), run.pull(scale * ct), says, handed=abs(scale) * handed))
    return least(judgements)


def _sum(one: list[Any], two: list[Any]) -> list[Any]:
    return [None if a is None or b is None else a + b for a, b in zip(one, two, strict=True)]


def _times(scale: float, cotangents: list[Any]) -> list[Any]:
    return [None if cotangent is None else scale * cotangent for cotangent in cotangents]
