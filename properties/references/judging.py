"""Judging at one precision after the other, until the evidence decides."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from backproof.engine.errors import NotExtendable
from backproof.engine.extended import computing, rebound, with_shaken_constants
from backproof.engine.subjects import Subject, quietly
from backproof.strategies.points import Point

from ..judgement import Evidence, Judgement, Setting, inconclusive, passed
from .running import Lifted, Settled, lift

Judge = Callable[[Subject, Point, Setting], Judgement]
JudgeAt = Callable[[Subject, Point, Setting, Lifted, int], Judgement | None]

SHAKEN = 3  # times that constants are shaken
MOST_OF_A_SHAKE = 8  # a gap of so many times what shaking changes is explained by it


def in_extended_precision(judge_at: JudgeAt) -> Judge:
    """A judge that runs at one precision after the other until the evidence decides.

    ``judge_at(subject, point, setting, lifted, bits)`` returns None where this precision does not resolve it.
    A gap between two formulae that the code's own rounded constants explain is passed under that name.
    """

    @functools.wraps(judge_at)
    def judge(subject: Subject, point: Point, setting: Setting) -> Judgement:
        judgement: Judgement | None = None
        try:
            for bits in setting.precisions:
                with computing(setting.arithmetic, bits):
                    lifted = lift(point)
                    with rebound(*subject.code):
                        judgement = judge_at(subject, point, setting, lifted, bits)
                    if judgement is not None and _constants_explain(
                        judge_at, subject, setting, lifted, bits, judgement
                    ):
                        return passed(Evidence.CONSTANTS, judgement.digits)
                if judgement is not None and not judgement.escalate:
                    return judgement if judgement.bits else replace(judgement, bits=bits)
        except Settled as settled:
            return settled.judgement
        except NotExtendable as error:
            return inconclusive(f"no extended run: {error}", Evidence.NATIVE, weaken=True)
        if judgement is not None:
            return replace(judgement, outside=_is_outside(subject, point))
        return inconclusive(
            f"the error bounds do not resolve it at {setting.precisions[-1]} bits: the function may be singular here"
        )

    return judge


def _is_outside(subject: Subject, point: Point) -> bool:
    """Whether the forward has no finite value at the point on floats either: it lies outside of its domain."""
    with quietly():
        try:
            subject.put_randomness_back()
            output = subject.forward(*(p.copy() for p in point.primals), **point.options)
            return not bool(np.isfinite(np.asarray(output, dtype=float)).all())
        except Exception:  # a person's code may raise anything
            return True


def _constants_explain(
    judge_at: JudgeAt, subject: Subject, setting: Setting, lifted: Lifted, bits: int, judgement: Judgement
) -> bool:
    """Whether half an ulp in the floats that the code brings along makes gaps as large as the one that is there."""
    if judgement.gap is None:
        return False
    changes = []
    for seed in range(SHAKEN):
        with (
            computing(with_shaken_constants(setting.arithmetic, seed), bits),
            rebound(*subject.code),
            contextlib.suppress(Settled),
        ):
            shaken = judge_at(subject, lifted.point, setting, lifted, bits)
            if shaken is not None and shaken.gap is not None:
                changes.append(abs(shaken.gap - judgement.gap))
    return bool(changes) and bool(abs(judgement.gap) <= MOST_OF_A_SHAKE * max(changes))
