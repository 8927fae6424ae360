"""What a search has seen so far, and what that comes to."""

from __future__ import annotations

from dataclasses import dataclass, field

from backproof.engine.errors import SpecError
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from ..judgement import Evidence, Judgement, Property, Verdict
from .drawing import Effort
from .outcomes import Counterexample, Outcome

MOST_INCONCLUSIVE = 0.25  # of the points of one search; more, and the search as a whole decides nothing
MOST_OUTSIDE = 0.6  # of the points; more, and it is the description of the subject that is wrong
MADE_UP_FOR = 10  # points outside of the domain; the simplest are drawn first, and 1 / 0 is nobody's mistake
FLAKY = "it failed on a point once, and not again: something is kept from one call to the next"


@dataclass
class Tally:
    """What a search has seen so far."""

    judged: int = 0
    inconclusive: int = 0
    digits: float | None = None
    evidence: Evidence = Evidence.FORMULA
    outside: int = 0
    empty: int = 0  # points at which nothing comes out, and nothing can be wrong but shapes
    weaken: int = 0
    lost_bits: float = 0.0
    flaky: bool = False
    reasons: list[str] = field(default_factory=list)
    passed: set[tuple[str, int]] = field(default_factory=set)  # points that need not be judged again
    failing: tuple[Subject, Point] | None = None
    has_failed: bool = False  # a failing point is made smaller however long that takes
    wrong: SpecError | None = None


def count_in(tally: Tally, point: Point, judgement: Judgement) -> None:
    """Count one more judgement on a point."""
    tally.judged += 1
    tally.empty += point.cotangent.size == 0
    strengths = list(Evidence)
    tally.evidence = max(tally.evidence, judgement.evidence, key=strengths.index)
    tally.outside += judgement.outside
    tally.lost_bits = max(tally.lost_bits, judgement.lost_bits)
    if judgement.verdict is Verdict.INCONCLUSIVE:
        tally.inconclusive += 1
        tally.weaken += judgement.weaken
        tally.reasons.append(judgement.reason)
    elif judgement.verdict is Verdict.PASSED and judgement.digits is not None:
        tally.digits = judgement.digits if tally.digits is None else min(tally.digits, judgement.digits)


def looked_at(tally: Tally) -> int:
    """The points that count: the first ones outside of the forward's domain are made up for by others, and empty ones.

    Not all of those, where there are more empty ones than others.
    """
    return tally.judged - min(tally.outside, MADE_UP_FOR) - min(tally.empty, tally.judged // 2)


def verdict_of(tally: Tally, counterexample: Judgement | None) -> tuple[Verdict, str]:
    """The verdict of a search and the reason for it: the counterexample's judgement, if there is one."""
    if counterexample is not None:
        return counterexample.verdict, counterexample.reason
    if tally.flaky:
        return Verdict.INCONCLUSIVE, FLAKY
    inside, undecided = tally.judged - tally.outside, tally.inconclusive - tally.outside
    if tally.outside > MOST_OUTSIDE * tally.judged:
        return Verdict.INCONCLUSIVE, (
            f"{tally.outside} of {tally.judged} points lie where the forward has no finite value: say with domain= "
            "where its arguments live, such as Interval(-10.0, 10.0)"
        )
    if undecided > MOST_INCONCLUSIVE * inside:
        common = max(set(tally.reasons), key=tally.reasons.count)
        return Verdict.INCONCLUSIVE, f"{tally.inconclusive} of {tally.judged} points decide nothing: {common}"
    return Verdict.PASSED, ""


def outcome_of(
    name: str,
    prop: Property,
    tally: Tally,
    seconds: float,
    seed: int,
    effort: Effort,
    counterexample: Counterexample | None = None,
) -> Outcome:
    """What a search came to that has seen so much."""
    judgement = counterexample.judgement if counterexample else None
    verdict, reason = verdict_of(tally, judgement)
    lossy = f"loses up to {tally.lost_bits:.0f} bits: its formula is ill-conditioned" if tally.lost_bits else ""
    return Outcome(
        subject=name,
        property=prop,
        verdict=verdict,
        evidence=tally.evidence,
        points=tally.judged,
        inconclusive=tally.inconclusive,
        digits=judgement.digits if judgement else tally.digits,
        seconds=seconds,
        seed=seed,
        reason=reason,
        note=lossy,
        counterexample=counterexample if verdict is Verdict.FALSIFIED else None,
        arithmetic=effort.arithmetic,
    )
