"""What a property says of one point: passed, falsified or inconclusive, on what evidence, and why."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from backproof.engine.extended import Arithmetic, balls
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .references.comparing import ROUNDED_DIGITS

Array = np.ndarray[Any, Any]


class Verdict(StrEnum):
    """The three verdicts."""

    PASSED = "passed"
    FALSIFIED = "falsified"
    INCONCLUSIVE = "inconclusive"


class Evidence(StrEnum):
    """How strong a verdict is, the weakest last.

    ``formula``: forward and pullback both ran extended, and agree to 30 digits. ``formula up to constants``: what
    is left between them is as large as what half an ulp in the code's own constants makes of it. ``values``: the
    forward (or a reference) ran extended, the pullback in float64. ``native``: neither ran extended.
    """

    FORMULA = "formula"
    CONSTANTS = "formula up to constants"
    VALUES = "values"
    NATIVE = "native"


@dataclass(frozen=True)
class Mismatch:
    """Two arrays that should be equal and are not, as decimal strings in C order."""

    what: str  # such as "cotangent for w"
    shape: tuple[int, ...]
    expected: tuple[str, ...]
    got: tuple[str, ...]


def float_mismatch(name: str, expected: Array, got: Array) -> Mismatch:
    """Two float arrays that should be equal cotangents for an argument, and are not."""
    one, other = (tuple(map(repr, array.ravel().tolist())) for array in (expected, got))
    return Mismatch(f"cotangent for {name}", got.shape, one, other)


def float_digits(off: Array, largest: float) -> float:
    """The decimal digits to which float arrays agree, against their largest entry; 16 at most."""
    ratio = float(np.max(off, initial=0.0)) / largest if largest else 0.0
    return 16.0 if ratio == 0 else min(16.0, -math.log10(ratio))


@dataclass(frozen=True)
class Judgement:
    """The verdict on one point. ``digits`` is the number of decimal digits that agree, None where none are compared.

    ``gap`` is the difference between the two numbers behind it, which rounded constants may explain. ``weaken``:
    nothing is decided because something could not run in extended precision; weaker evidence may decide it.
    ``escalate``: more precision may. ``outside``: the forward has no finite value here, on floats either.
    """

    verdict: Verdict
    evidence: Evidence
    digits: float | None = None
    reason: str = ""
    mismatch: Mismatch | None = None
    gap: Any = None
    weaken: bool = False
    escalate: bool = False
    outside: bool = False
    lost_bits: float = 0.0  # to an ill-conditioned formula, where that is tolerated
    bits: int | None = None  # the precision that decided it; None where nothing ran extended


@dataclass(frozen=True)
class Setting:
    """The arithmetic that a point is judged in, and the precisions (bits) to try until the evidence decides.

    ``strength`` is the strongest evidence to ask for.
    """

    arithmetic: Arithmetic = balls
    precisions: tuple[int, ...] = (256, 512, 1024, 2048)
    strength: Evidence = Evidence.FORMULA
    detailed: bool = False  # whether a falsified judgement shows expected and got entry by entry


@dataclass(frozen=True)
class Property:
    """Something that must hold of every pullback, said in one sentence.

    ``unless(subject)`` is the reason why the property does not apply to a subject, or None where it does.
    """

    name: str
    sentence: str
    unless: Callable[[Subject], str | None]
    judge: Callable[[Subject, Point, Setting], Judgement]
    weakens: bool = False  # whether it can be judged on weaker evidence where there is none of formulae
    runs_forward: bool = True  # whether the forward is run by itself, beside vjp and pushforward


def passed(evidence: Evidence = Evidence.FORMULA, digits: float | None = None) -> Judgement:
    """The judgement on a point where the property holds."""
    return Judgement(Verdict.PASSED, evidence, digits)


def falsified(
    reason: str,
    evidence: Evidence = Evidence.FORMULA,
    digits: float | None = None,
    mismatch: Mismatch | None = None,
    gap: Any = None,
) -> Judgement:
    """The judgement on a point where the property fails."""
    return Judgement(Verdict.FALSIFIED, evidence, digits, reason, mismatch, gap)


def inconclusive(
    reason: str,
    evidence: Evidence = Evidence.FORMULA,
    digits: float | None = None,
    gap: Any = None,
    weaken: bool = False,
) -> Judgement:
    """The judgement on a point where the evidence does not decide."""
    return Judgement(Verdict.INCONCLUSIVE, evidence, digits, reason, gap=gap, weaken=weaken)


def sentence_property(
    sentence: str,
    unless: Callable[[Subject], str | None] = lambda _: None,
    *,
    weakens: bool = False,
    runs_forward: bool = True,
) -> Callable[[Callable[[Subject, Point, Setting], Judgement]], Property]:
    """Make a judging function a `Property`; its name is the function's."""

    def decorate(judge: Callable[[Subject, Point, Setting], Judgement]) -> Property:
        return Property(judge.__name__, sentence, unless, judge, weakens, runs_forward)

    return decorate


def close(what: str, digits: float, gap: Any) -> Judgement:
    """The judgement where two formulae agree to some digits and no further, unless rounded constants explain it."""
    if digits < ROUNDED_DIGITS:
        return inconclusive(
            f"{what} to {digits:.0f} digits and no further: it looks iterated only so far. Give reference= with an "
            "exact forward",
            digits=digits,
            gap=gap,
        )
    return inconclusive(
        f"{what} to {digits:.0f} digits and no further: something was rounded to float64",
        digits=digits,
        gap=gap,
        weaken=True,
    )


def has_no_pushforward(subject: Subject) -> str | None:
    """The reason why a property of pushforwards does not apply, None where it does."""
    return None if subject.jvp is not None else subject.untraceable or "it has no pushforward"


def least(judgements: Sequence[Judgement | None]) -> Judgement | None:
    """One judgement from several: falsified before unresolved (None) before inconclusive, else the fewest digits."""
    for verdict in (Verdict.FALSIFIED, None, Verdict.INCONCLUSIVE):
        for judgement in judgements:
            if (judgement and judgement.verdict) == verdict:
                return judgement
    return min((j for j in judgements if j is not None), key=lambda j: j.digits if j.digits is not None else 999.0)
