"""The pullback of a stack as the composition of its layers' pullbacks; a failure names the layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from backproof.engine.errors import BackproofError
from backproof.engine.extended import ExtendedArray, stripped, to_float
from backproof.engine.subjects import Stage, Subject, counted, quietly
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
from .references.blaming import Use, blamed, called
from .references.comparing import is_finite
from .references.composing import pull_back, run_through
from .references.differences import as_extended
from .references.equality import same
from .references.judging import in_extended_precision
from .references.running import Lifted, Settled, bound_forward, run_vjp
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
    """Each layer's forward runs again just before its pullback: in the stack's own run, all of them run first."""
    stages = subject.stages
    given: list[Sequence[ExtendedArray]] = []
    uses: list[Use | None] = [None] * len(stages)

    def run(number: int, arrays: Sequence[ExtendedArray]) -> ExtendedArray:
        given.append(arrays)
        handed = _lifted(stages[number], arrays, lifted.cotangent)
        return as_extended(bound_forward(stages[number].subject, handed)(*arrays)).copy()

    def pull(number: int, ct: ExtendedArray) -> list[Any]:
        handed = _lifted(stages[number], given[number], ct)
        uses[number] = Use(stages[number].subject, handed.point)
        with _named(f"layer {number + 1} of {len(stages)}, {stages[number].subject.name}"):
            return [g if g is None else g.copy() for g in run_vjp(stages[number].subject, handed).pull(ct)]

    run_through(stages, lifted.primals, run)
    composed = pull_back(stages, len(lifted.primals), lifted.cotangent, pull)
    used = [use for use in uses if use is not None]
    wrong = _wrong_alone(used, replace(setting, precisions=(bits,)))
    if wrong is not None:
        return wrong
    names = [f"cotangent for {name}" for name in subject.arguments]
    judgement: Judgement | None
    try:
        together = run_vjp(subject, lifted).pull(lifted.cotangent)
        judgement = same(names, composed, together, SAYS)
        if judgement is not None and judgement.escalate:
            judgement = same(names, *_where_finite(composed, together), SAYS)
    except Settled as settled:
        judgement = settled.judgement
    return _with_blame(judgement, used) if judgement is not None else None


def _lifted(stage: Stage, given: Sequence[ExtendedArray], ct: ExtendedArray) -> Lifted:
    """A layer's point, and in float64 too: that is what a person would test the layer alone with."""
    floats = tuple(to_float(array) if array.dtype.kind == "f" else array for array in given)
    return Lifted(Point(floats, stage.options, to_float(ct)), tuple(given), stage.options, ct)


def _where_finite(composed: Sequence[Any], together: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Both with zeros for what is a finite number in neither: there is no derivative there that could be wrong."""
    ones, others = [], []
    for one, other in zip(composed, together, strict=True):
        if one is not None and other is not None:
            one, other = one.copy(), other.copy()
            for place in np.ndindex(one.shape):
                if not is_finite(stripped(one[place]).item()) and not is_finite(stripped(other[place]).item()):
                    one[place] = other[place] = 0.0
        ones.append(one)
        others.append(other)
    return ones, others


@contextmanager
def _named(layer: str) -> Iterator[None]:
    """Inside the block, what is settled is settled for one layer."""
    try:
        yield
    except Settled as settled:
        raise Settled(replace(settled.judgement, reason=f"{layer}: {settled.judgement.reason}")) from settled


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


def _judged_on_floats(subject: Subject, point: Point, setting: Setting) -> Judgement:
    """The same on floats: two runs of the same code, which only rounding may tell apart."""
    stages = subject.stages
    given: list[list[Any]] = []
    uses: list[Use | None] = [None] * len(stages)
    largest = 0.0

    def run(number: int, arrays: Sequence[Any]) -> Any:
        given.append([array.copy() for array in arrays])
        return np.array(stages[number].subject.forward(*(a.copy() for a in arrays), **stages[number].options))

    def pull(number: int, ct: Any) -> list[Any]:
        nonlocal largest
        use = Use(stages[number].subject, Point(tuple(given[number]), stages[number].options, np.array(ct)))
        uses[number] = use
        pullback = use.subject.vjp(*(a.copy() for a in given[number]), **use.point.options)[1]
        cotangents = [None if g is None else np.array(g) for g in counted(use.subject, pullback(np.array(ct)))]
        largest = max([largest, *(float(np.max(np.abs(g), initial=0.0)) for g in cotangents if g is not None)])
        return cotangents

    try:
        run_through(stages, point.primals, run)
        composed = pull_back(stages, len(point.primals), point.cotangent, pull)
    except BackproofError:
        raise
    except Exception as error:  # a person's code may raise anything; another property says so
        return inconclusive(f"a layer alone raises {type(error).__name__} on floats", setting.strength)
    used = [use for use in uses if use is not None]
    wrong = _wrong_alone(used, setting)
    if wrong is not None:
        return wrong
    try:
        together = subject.vjp(*(p.copy() for p in point.primals), **point.options)[1](point.cotangent.copy())
    except BackproofError:
        raise
    except Exception as error:
        raised = f"in the stack, a pullback raised {type(error).__name__}: {error}"
        return _with_blame(falsified(raised, setting.strength), used)
    for position in subject.differentiated:
        expected, got, name = composed[position], np.asarray(together[position]), subject.arguments[position]
        if not (np.isfinite(largest) and np.isfinite(got).all()):
            return inconclusive("the cotangents are not finite on floats", setting.strength)
        if np.max(np.abs(expected - got), initial=0.0) > ROUNDING * largest:
            shown = float_mismatch(name, np.asarray(expected), got)
            reason = f"{SAYS} differ for cotangent for {name}"
            return _with_blame(falsified(reason, setting.strength, mismatch=shown), used)
    return passed(setting.strength)
