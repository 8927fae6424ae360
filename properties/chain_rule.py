"""The pullback of a stack as the composition of its layers' pullbacks; a failure names the layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from backproof.engine.extended import ExtendedArray, to_float
from backproof.engine.subjects import Stage, Subject
from backproof.strategies.points import Point

from .judgement import Judgement, Setting, Verdict, sentence_property
from .references.equality import same
from .references.judging import in_extended_precision
from .references.running import Lifted, run_vjp
from .vjp_matches_differences import vjp_matches_differences


def _not_a_stack(subject: Subject) -> str | None:
    return None if subject.stages else "it is not a stack of layers"


@sentence_property(
    "The pullback of a stack is the composition of its layers' pullbacks, each of which is right where it is used.",
    _not_a_stack,
)
@in_extended_precision
def chain_rule(subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int) -> Judgement | None:
    together = run_vjp(subject, lifted).pull(lifted.cotangent)
    steps, composed = _composed(subject.stages, lifted.primals, lifted.cotangent)
    for number, step in enumerate(steps, start=1):
        alone = vjp_matches_differences.judge(step.subject, step.point, replace(setting, precisions=(bits,)))
        if alone.verdict is Verdict.FALSIFIED:
            return replace(alone, reason=f"layer {number} of {len(steps)}, {step.subject.name}: {alone.reason}")
    names = [f"cotangent for {name}" for name in subject.arguments]
    return same(names, composed, together, "the composition of the layers' pullbacks and the stack's own")


@dataclass(frozen=True)
class _Step:
    """A layer, and the point at which the stack used it."""

    subject: Subject
    point: Point


def _composed(
    stages: Sequence[Stage], primals: Sequence[ExtendedArray], ct: ExtendedArray
) -> tuple[list[_Step], list[ExtendedArray | None]]:
    """Run forward layer by layer, then pull the cotangent back through each layer's own pullback."""
    running: Any = primals[0]
    arguments, pullbacks = [], []
    for stage in stages:
        own = [primals[position] for position in stage.takes]
        given = own if stage.is_added else [running, *own]
        output, pullback = stage.subject.vjp(*given, **stage.options)
        running = running + output if stage.is_added else output
        arguments.append(given)
        pullbacks.append(pullback)
    collected: list[Any] = [None] * len(primals)
    arriving: Any = ct
    steps = []
    for stage, given, pullback in reversed(list(zip(stages, arguments, pullbacks, strict=True))):
        steps.append(_Step(stage.subject, _rounded(stage, given, arriving)))
        cotangents = list(pullback(arriving))
        if not stage.is_added:
            arriving = cotangents.pop(0)
        for position, cotangent in zip(stage.takes, cotangents, strict=True):
            earlier = collected[position]
            collected[position] = cotangent if earlier is None or cotangent is None else earlier + cotangent
    collected[0] = arriving
    return steps[::-1], collected


def _rounded(stage: Stage, given: Sequence[ExtendedArray], ct: ExtendedArray) -> Point:
    """The layer's point in float64: what a person would test the layer alone with."""
    return Point(
        tuple(to_float(array) if array.dtype.kind == "f" else array for array in given),
        stage.options,
        to_float(ct),
    )
