"""A failing point is judged once more, and in the other arithmetic, before anybody is accused."""

from __future__ import annotations

from dataclasses import replace

from backproof.engine.extended import arbiter, balls
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from ..judgement import Evidence, Property, Setting, Verdict, inconclusive
from ..references.probing import leak_at
from .outcomes import Counterexample
from .tallying import FLAKY


def confirmed(
    prop: Property, subject: Subject, point: Point, setting: Setting, detailed: bool = True
) -> Counterexample:
    """The failing point, judged once more: nobody is accused by one arithmetic alone, nor by a leak to float64."""
    judgement = prop.judge(subject, point, replace(setting, detailed=detailed))
    if judgement.verdict is not Verdict.FALSIFIED:
        return Counterexample(subject, point, inconclusive(FLAKY, judgement.evidence))
    leak = leak_at(subject, point, forward=prop.runs_forward) if judgement.evidence is Evidence.FORMULA else None
    if leak is not None:
        reason = f"no formula evidence: the code leaves extended precision at {leak}"
        return Counterexample(subject, point, inconclusive(reason, Evidence.NATIVE, weaken=True))
    other = arbiter if setting.arithmetic is balls else balls
    second = prop.judge(subject, point, replace(setting, arithmetic=other))
    if second.verdict is not Verdict.FALSIFIED:
        judgement = replace(
            judgement,
            verdict=Verdict.INCONCLUSIVE,
            reason=f"{setting.arithmetic.name} says: {judgement.reason}; {other.name} does not confirm it: "
            f"{second.reason or second.verdict.value}",
        )
    return Counterexample(subject, point, judgement)
