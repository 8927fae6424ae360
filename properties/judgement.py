"""What a property says of one point: passed, falsified or inconclusive, on what evidence, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from backproof.engine.extended import Arithmetic, balls
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point


class Verdict(StrEnum):
    """The three verdicts."""

    PASSED = "passed"
    FALSIFIED = "falsified"
    INCONCLUSIVE = "inconclusive"


class Evidence(StrEnum):
    """How strong a verdict is, the weakest last.

    ``formula``: forward and pullback both ran extended, and agree to 30 digits. ``formula up to constants``: they
    agree to 15 at least, and the code uses constants that float64 has rounded. ``native``: neither ran extended.
    """

    FORMULA = "formula"
    CONSTANTS = "formula up to constants"
    NATIVE = "native"


@dataclass(frozen=True)
class Mismatch:
    """Two arrays that should be equal and are not, as decimal strings in C order."""

    what: str  # such as "cotangent for w"
    shape: tuple[int, ...]
    expected: tuple[str, ...]
    got: tuple[str, ...]


@dataclass(frozen=True)
class Judgement:
    """The verdict on one point. ``digits`` is the number of decimal digits that agree, None where none are compared."""

    verdict: Verdict
    evidence: Evidence
    digits: float | None = None
    reason: str = ""
    mismatch: Mismatch | None = None


@dataclass(frozen=True)
class Setting:
    """The arithmetic that a point is judged in, and the precisions (bits) to try until the evidence decides."""

    arithmetic: Arithmetic = balls
    precisions: tuple[int, ...] = (256, 512, 1024, 2048)
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


def passed(evidence: Evidence = Evidence.FORMULA, digits: float | None = None) -> Judgement:
    """The judgement on a point where the property holds."""
    return Judgement(Verdict.PASSED, evidence, digits)


def falsified(
    reason: str,
    evidence: Evidence = Evidence.FORMULA,
    digits: float | None = None,
    mismatch: Mismatch | None = None,
) -> Judgement:
    """The judgement on a point where the property fails."""
    return Judgement(Verdict.FALSIFIED, evidence, digits, reason, mismatch)


def inconclusive(reason: str, evidence: Evidence = Evidence.FORMULA, digits: float | None = None) -> Judgement:
    """The judgement on a point where the evidence does not decide."""
    return Judgement(Verdict.INCONCLUSIVE, evidence, digits, reason)


def sentence_property(
    sentence: str, unless: Callable[[Subject], str | None] = lambda _: None
) -> Callable[[Callable[[Subject, Point, Setting], Judgement]], Property]:
    """Make a judging function a `Property`; its name is the function's."""

    def decorate(judge: Callable[[Subject, Point, Setting], Judgement]) -> Property:
        return Property(judge.__name__, sentence, unless, judge)

    return decorate


def close(subject: Subject, what: str, digits: float) -> Judgement:
    """The judgement where two formulae agree to float64's digits, and no further.

    Constants that the code writes as floats explain it, such as 3 * 0.044715 beside 0.134145; nothing else does.
    """
    if subject.rounded_constants:
        return passed(Evidence.CONSTANTS, digits)
    return inconclusive(
        f"{what} to {digits:.0f} digits and no further: something was rounded to float64", digits=digits
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
