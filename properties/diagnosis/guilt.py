"""Which layer of a stack is wrong alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

from backproof.engine.errors import BackproofError
from backproof.engine.subjects import Subject, quietly
from backproof.strategies.points import Point

from ..judgement import Judgement, Setting, Verdict
from ..references.composing import Use, composed_on_floats
from ..vjp_matches_differences import vjp_matches_differences


@dataclass(frozen=True)
class Guilty:
    """A layer that is wrong alone: its number from 0, how the stack uses it, and what is wrong there."""

    number: int
    use: Use
    judgement: Judgement


def guilty_layer(subject: Subject, point: Point, judgement: Judgement) -> Guilty | None:
    """The first layer whose pullback is wrong where the stack uses it; None where none is, or there is no stack."""
    if not subject.stages:
        return None
    try:
        with quietly():
            uses = composed_on_floats(subject.stages, point).uses
    except BackproofError:
        return None
    except Exception:  # a person's code may raise anything
        return None
    setting = replace(Setting(), strength=judgement.evidence, detailed=True)
    for number, use in enumerate(uses):
        alone = vjp_matches_differences.judge(use.subject, use.point, setting)
        if alone.verdict is Verdict.FALSIFIED:
            return Guilty(number, use, alone)
    return None
