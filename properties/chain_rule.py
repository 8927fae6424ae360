"""The pullback of a stack as the composition of its layers' pullbacks; a failure names the layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from backproof.engine.errors import BackproofError
from backproof.engine.extended import active, stripped
from backproof.engine.subjects import Subject, quietly
from backproof.strategies.points import Point

from .judgement import (
    Evidence,
    Judgement,
    Setting,
    Verdict,
    falsified,
    float_mismatch,
    inconclusive,
    passed,
    sentence_property,
)
from .references.blaming import blamed
from .references.comparing import Number, is_finite
from .references.composing import Use, called, composed, composed_on_floats
from .references.differences import sizes, sum_of
from .references.equality import same
from .references.judging import in_extended_precision
from .references.running import Lifted, Settled, run_vjp
from .vjp_matches_differences import vjp_matches_differences

SAYS = "the composition of the layers' pullbacks and the stack's own"
ROUNDING = 1e-6  # of the largest entry of any cotangent on the way


def _not_a_stack(subject: Subject) -> str | None:
    return None if subject.stages else "it is not a stack of layers"


@sentence_property(
    "The pullback of a stack is the composition of its layers' pullbacks, each of which is right where it is used.",
    _not_a_stack,
    weakens=True,
)
def chain_rule(subject: Subject, point: Point, setting: Setting) -> Judgement:
    if setting.strength is Evidence.FORMULA:
        return _judged_by_formula(subject, point, setting)
    with quietly():
        return _judged_on_floats(subject, point, setting)


@in_extended_precision
def _judged_by_formula(subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int) -> Judgement | None:
    expected = composed(subject.stages, lifted)
    wrong = _wrong_alone(expected.uses, replace(setting, precisions=(bits,)))
    if wrong is not None:
        return wrong
    try:
        together = run_vjp(subject, lifted).pull(lifted.cotangent)
        judgement = _compared(subject, expected.cotangents, together, sum_of(sizes(lifted.cotangent)))
    except Settled as settled:
        judgement = settled.judgement
    return _with_blame(judgement, expected.uses) if judgement is not None else None


def _wrong_alone(uses: Sequence[Use], setting: Setting) -> Judgement | None:
    """The judgement on the first layer that is wrong by itself; None if none is."""
    for number, use in enumerate(uses):
        alone = vjp_matches_differences.judge(use.subject, use.point, setting)
        if alone.verdict is Verdict.FALSIFIED:
            return replace(alone, reason=f"{called(number, uses)}: {alone.reason}")
    return None


def _with_blame(judgement: Judgement, uses: Sequence[Use]) -> Judgement:
    if judgement.verdict is not Verdict.FALSIFIED:
        return judgement
    return replace(judgement, reason=blamed(uses) or judgement.reason)


def _compared(subject: Subject, expected: Sequence[Any], together: Sequence[Any], handed: Number) -> Judgement | None:
    names = [f"cotangent for {name}" for name in subject.arguments]
    judgement = same(names, expected, together, SAYS, handed=handed)
    if judgement is not None and judgement.verdict is not Verdict.PASSED:
        expected, together = _where_finite(expected, together)
        judgement = same(names, expected, together, SAYS, handed=handed)
    if judgement is None and _are_identical(expected, together):
        return passed()
    return judgement


def _where_finite(expected: Sequence[Any], together: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Both with zeros for what is no finite number in one of them: error bounds of singular points hold nothing."""
    ones, others = [], []
    for one, other in zip(expected, together, strict=True):
        if one is not None and other is not None:
            one, other = one.copy(), other.copy()
            for place in np.ndindex(one.shape):
                if not all(is_finite(stripped(array[place]).item()) for array in (one, other)):
                    one[place] = other[place] = 0.0
        ones.append(one)
        others.append(other)
    return ones, others


def _are_identical(expected: Sequence[Any], together: Sequence[Any]) -> bool:
    """Whether all numbers are the same balls, however wide: then the same was computed, and no precision is wanting."""
    midpoint, radius = active().midpoint, active().radius
    return all(
        midpoint(a) == midpoint(b) and radius(a) == radius(b)
        for one, other in zip(expected, together, strict=True)
        if one is not None and other is not None
        for a, b in zip(stripped(one).ravel().tolist(), stripped(other).ravel().tolist(), strict=True)
    )


def _judged_on_floats(subject: Subject, point: Point, setting: Setting) -> Judgement:
    """The same on floats: two runs of the same code, which only rounding may tell apart."""
    try:
        expected = composed_on_floats(subject.stages, point)
    except BackproofError:
        raise
    except Exception as error:  # a person's code may raise anything; another property says so
        return inconclusive(f"a layer alone raises {type(error).__name__} on floats", setting.strength)
    wrong = _wrong_alone(expected.uses, setting)
    if wrong is not None:
        return wrong
    try:
        together = subject.vjp(*(p.copy() for p in point.primals), **point.options)[1](point.cotangent.copy())
    except BackproofError:
        raise
    except Exception as error:  # the layers alone did not
        raised = f"in the stack, a pullback raised {type(error).__name__}: {error}"
        return _with_blame(falsified(raised, setting.strength), expected.uses)
    arriving = [use.point.cotangent for use in expected.uses]
    largest = max(float(np.max(np.abs(g), initial=0.0)) for g in (*arriving, *expected.cotangents) if g is not None)
    for position in subject.differentiated:
        name, one, other = subject.arguments[position], expected.cotangents[position], together[position]
        if one is None or other is None or not (np.isfinite(largest) and np.isfinite(other).all()):
            return inconclusive(f"there is no finite cotangent for {name} on floats", setting.strength)
        if np.max(np.abs(one - other), initial=0.0) > ROUNDING * largest:
            shown = float_mismatch(name, np.asarray(one), np.asarray(other))
            reason = f"{SAYS} differ for the cotangent for {name}"
            return _with_blame(falsified(reason, setting.strength, mismatch=shown), expected.uses)
    return passed(setting.strength)
