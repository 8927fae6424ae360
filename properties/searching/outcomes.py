"""What a search comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from ..judgement import Evidence, Judgement, Property, Verdict
from .descending import Step


@dataclass(frozen=True)
class Counterexample:
    """The smallest point found on which a property fails, the subject it belongs to, and the judgement."""

    subject: Subject
    point: Point
    judgement: Judgement
    path: tuple[Step, ...] = ()  # the failing points on the way down to it, the largest first


@dataclass(frozen=True)
class Outcome:
    """What one search came to: one subject (or all stacks) against one property.

    ``digits`` is the least agreement seen, None where nothing was compared digit by digit.
    """

    subject: str
    property: Property
    verdict: Verdict
    evidence: Evidence
    points: int
    inconclusive: int
    digits: float | None
    seconds: float
    seed: int
    reason: str = ""
    note: str = ""  # what is tolerated, and yet worth a word
    left_out: Mapping[str, str] = field(default_factory=dict)  # properties that do not apply, and why
    counterexample: Counterexample | None = None
    arithmetic: str = "arb"  # in which points were judged
