"""Pushforward and pullback against each other."""

from __future__ import annotations

import numpy as np

from backproof.engine.extended import active
from backproof.engine.subjects import Subject
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
from .references.by_native_runs import has_a_kink
from .references.claims import ties_matter
from .references.comparing import Relation, compare
from .references.differences import products, sizes, sum_of
from .references.directions import dense_direction, direction_seeds
from .references.judging import in_extended_precision
from .references.native_pushforward import ROUNDING, Tangents, spread_of_tangent, tangents_at
from .references.on_floats import noise_of
from .references.plain_runs import Answers, Raised, native_run, pushed_on_floats
from .references.running import Lifted, bound_forward, run_jvp, run_vjp


@sentence_property(
    "<J dx, ct> = <dx, J^T ct>: pushforward and pullback are transposes of each other.",
    has_no_pushforward,
    weakens=True,
    runs_forward=False,
)
def adjoint_identity(subject: Subject, point: Point, setting: Setting) -> Judgement:
    if setting.strength is Evidence.FORMULA:
        return _judged_by_formula(subject, point, setting)
    return _judged_on_floats(subject, point)


def _judged_on_floats(subject: Subject, point: Point) -> Judgement:
    """The inner products in float64: 1e-6 of what is summed is no rounding, unless small changes do as much."""
    tangents = tangents_at(subject, point, 0)
    run = native_run(subject, point)
    if run is None:
        return inconclusive("the pullback raises on floats", Evidence.NATIVE)
    try:
        pushed = pushed_on_floats(subject, point, tangents)
        if pushed.shape != point.cotangent.shape:
            return falsified(f"the pushforward has shape {pushed.shape}, not the output's", Evidence.NATIVE)
        terms = [pushed * point.cotangent]
        pairs = zip(tangents, run.cotangents, strict=True)
        terms += [-dx * g for dx, g in pairs if dx is not None and g is not None]
        scale, gap = sum(float(np.sum(np.abs(p))) for p in terms), sum(float(np.sum(p)) for p in terms)
        if not np.isfinite(scale):
            return inconclusive("the two inner products are not finite numbers here", Evidence.NATIVE)
        noise = _noise(subject, point, run, tangents) if abs(gap) > ROUNDING * scale else 0.0
        if not np.isfinite(noise):
            return inconclusive("the two inner products differ where points beside it are refused", Evidence.NATIVE)
        if abs(gap) <= max(ROUNDING * scale, noise):
            return passed(Evidence.NATIVE, float_digits(np.abs(np.array(gap)), scale))
    except Raised as raised:
        return falsified(f"the pushforward raised {raised}", Evidence.NATIVE)
    if has_a_kink(subject, point):
        return inconclusive("the two inner products differ, at a kink", Evidence.NATIVE)
    return falsified("<J dx, ct> and <dx, J^T ct> differ", Evidence.NATIVE)


def _noise(subject: Subject, point: Point, run: Answers, tangents: Tangents) -> float:
    """What small changes of all that is handed in do to both inner products."""
    _, *of_cotangents = noise_of(subject, point, run)
    moved = sum(
        spread * float(np.sum(np.abs(dx))) for spread, dx in zip(of_cotangents, tangents, strict=True) if dx is not None
    )
    return moved + spread_of_tangent(subject, point, tangents) * float(np.sum(np.abs(point.cotangent)))


@in_extended_precision
def _judged_by_formula(subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int) -> Judgement | None:
    seeds = direction_seeds(point.fingerprint, "adjoint")
    tangents = lifted.tangents(subject, lambda shape: dense_direction(shape, next(seeds)))
    pulled = run_vjp(subject, lifted).pull(lifted.cotangent)
    pushed = run_jvp(subject, lifted, tangents)

    zero = active().lift(0)
    pairs = [(dx, g) for dx, g in zip(tangents, pulled, strict=True) if dx is not None and g is not None]
    at_output, output_size = products(pushed, lifted.cotangent)
    at_inputs, input_sizes = zip(*(products(dx, g) for dx, g in pairs), strict=True)
    at_input, scale = sum(at_inputs), max(output_size, sum(input_sizes))
    comparison = compare(at_output, at_input, zero, scale, scale, sum_of(sizes(lifted.cotangent)))
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
