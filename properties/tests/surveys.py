"""Right code judged by all properties at the same points: drawing them anew takes a third of the time.

A search has points of its own for each property, because what one property overlooks at its points another may see at
other ones. That is for mistakes: where there is none, a property is looked at as closely at points that others share.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from backproof.engine.subjects import Subject, must_repeat
from backproof.properties.battery import applicable, left_out
from backproof.properties.judgement import Property, Setting, Verdict
from backproof.properties.searching import Effort, Outcome, search
from backproof.properties.searching.drawing import draw_in_batches
from backproof.properties.searching.tallying import Tally, count_in, looked_at, outcome_of
from backproof.strategies.points import Point, points


@dataclass
class _Judged:
    """What has been seen of one property so far."""

    prop: Property
    tally: Tally = field(default_factory=Tally)
    seconds: float = 0.0


def survey(subject: Subject, effort: Effort) -> Iterator[Outcome]:
    """What each property that applies says of a subject that should be right; the outcome of a search, where it fails.

    Raises AssertionError for a point on which a property fails and that its search does not come to, and SpecError
    where the forward does not repeat itself.
    """
    judged = [_Judged(prop) for prop in applicable(subject)]
    seen: set[int] = set()

    def judge(point: Point) -> None:
        if point.fingerprint in seen:
            return
        must_repeat(subject, point.primals, copy.deepcopy(point.options))
        seen.add(point.fingerprint)
        for each in judged:
            started = time.perf_counter()
            judgement = each.prop.judge(subject, point, Setting())
            each.seconds += time.perf_counter() - started
            count_in(each.tally, point, judgement)
            if judgement.verdict is Verdict.FALSIFIED:
                each.tally.failing = (subject, point)

    draw_in_batches(
        judge,
        points(subject),
        subject.name,
        effort.seed,
        replace(effort, shrinks=False, database=None),
        lambda: min(looked_at(each.tally) for each in judged),
        lambda: False,
    )
    for each in judged:
        outcome = outcome_of(subject.name, each.prop, each.tally, each.seconds, effort.seed, effort)
        if each.tally.failing or outcome.verdict is not Verdict.PASSED:
            outcome = search(subject, each.prop, effort)
            lost = each.tally.failing is not None and outcome.verdict is Verdict.PASSED
            assert not lost, f"{each.prop.name} fails at {each.tally.failing[1]}"
        yield replace(outcome, left_out=left_out(subject))
