"""The pullback of a stack as the composition of its layers' pullbacks; a failure names the layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from backproof.engine.extended import ExtendedArray, to_float
from backproof.engine.subjects import Part, Stack, Subject
from backproof.strategies.points import Point

from .judgement import Judgement, Setting, Verdict, sentence_property
from .references.equality import same
from .references.running import Lifted, in_extended_precision, run_vjp
from .vjp_matches_differences import vjp_matches_differences


def _not_a_stack(subject: Subject) -> str | None:
    return None if subject.stack is not None else "it is not a stack of layers"


@sentence_property(
    "The pullback of a stack is the composition of its layers' pullbacks, each of which is right where it is used.",
    _not_a_stack,
)
@in_extended_precision
def chain_rule(subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int) -> Judgement | None:
    assert subject.stack is not None
    together = run_vjp(subject, lifted).pull(lifted.cotangent)
    steps, composed = _composed(subject.stack, lifted.primals, lifted.cotangent)
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
    stack: Stack, primals: Sequence[ExtendedArray], ct: ExtendedArray
) -> tuple[list[_Step], list[ExtendedArray | None]]:
    """Run forward layer by layer, then pull the cotangent back through each layer's own pullback."""
    running: Any = primals[0]
    arguments, pullbacks = [], []
    for part in stack.parts:
        own = [primals[position] for position in part.takes]
        given = own if part.is_penalty else [running, *own]
        output, pullback = part.subject.vjp(*given, **part.options)
        running = running + output if part.is_penalty else output
        arguments.append(given)
        pullbacks.append(pullback)
    collected: list[Any] = [None] * len(primals)
    arriving: Any = ct
    steps = []
    for part, given, pullback in reversed(list(zip(stack.parts, arguments, pullbacks, strict=True))):
        steps.append(_Step(part.subject, _rounded(part, given, arriving)))
        cotangents = list(pullback(arriving))
        if not part.is_penalty:
            arriving = cotangents.pop(0)
        for position, cotangent in zip(part.takes, cotangents, strict=True):
            earlier = collected[position]
            collected[position] = cotangent if earlier is None or cotangent is None else earlier + cotangent
    collected[0] = arriving
    return steps[::-1], collected


def _rounded(part: Part, given: Sequence[ExtendedArray], ct: ExtendedArray) -> Point:
    """The layer's point in float64: what a person would test the layer alone with."""
    return Point(
        tuple(to_float(array) if array.dtype.kind == "f" else array for array in given),
        part.options,
        to_float(ct),
    )
