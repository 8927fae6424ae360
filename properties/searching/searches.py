"""Looking for a point on which a property fails, and shrinking it."""

from __future__ import annotations

import copy
import time
import zlib
from dataclasses import replace
from functools import partial

import hypothesis
import hypothesis.strategies as st

from backproof.engine.errors import SpecError
from backproof.engine.extended import arbiter, balls
from backproof.engine.subjects import Subject, must_repeat
from backproof.strategies.points import Point, points

from ..battery import left_out
from ..judgement import Evidence, Property, Setting, Verdict
from .confirming import confirmed
from .descending import Step, descent, step
from .drawing import Effort, draw_in_batches
from .minimizing import can_be_minimized, minimized
from .outcomes import Outcome
from .tallying import MOST_INCONCLUSIVE, Tally, count_in, looked_at, outcome_of

MUST_REPEAT = 50  # points at which the forward is run twice, to see whether it repeats itself
MOST_UNCONFIRMED = 3  # failing points that the other arithmetic does not confirm, before the search gives up

ARITHMETICS = {arithmetic.name: arithmetic for arithmetic in (balls, arbiter)}


class _Failed(Exception):
    """Tells Hypothesis that the point just judged falsifies the property."""


def search(subject: Subject, prop: Property, effort: Effort) -> Outcome:
    """Judge a property on random points of a subject. Raises SpecError if the subject does not fit its description."""
    drawn = points(subject).map(lambda point: (subject, point))
    return replace(searched(subject.name, drawn, prop, effort, subject), left_out=left_out(subject))


def searched(
    name: str,
    drawn: st.SearchStrategy[tuple[Subject, Point]],
    prop: Property,
    effort: Effort,
    subject: Subject | None = None,
) -> Outcome:
    """A search on the strongest evidence that there is: formulae, else values, else runs on floats alone."""
    outcome, weaken = _searched_on(Evidence.FORMULA, name, drawn, prop, effort, subject)
    because = ""
    for strength in (Evidence.VALUES, Evidence.NATIVE):
        if not (weaken and prop.weakens):
            break
        because = because or outcome.reason.partition(" points decide nothing: ")[2] or outcome.reason
        weaker, weaken = _searched_on(strength, name, drawn, prop, effort, subject)
        outcome = replace(
            weaker,
            points=outcome.points + weaker.points,
            seconds=outcome.seconds + weaker.seconds,
            reason=weaker.reason
            if weaker.verdict is Verdict.FALSIFIED
            else f"{weaker.evidence.value} evidence, because {because}",
        )
    return outcome


def _searched_on(
    strength: Evidence,
    name: str,
    drawn: st.SearchStrategy[tuple[Subject, Point]],
    prop: Property,
    effort: Effort,
    subject: Subject | None,
) -> tuple[Outcome, bool]:
    """One search, and whether it decides nothing for want of weaker evidence.

    ``subject`` is given where all points are of one: then they can be made smaller by themselves.
    """
    tally = Tally(evidence=strength)
    by_rows = effort.shrinks and subject is not None and can_be_minimized(subject)
    setting = Setting(arithmetic=ARITHMETICS[effort.arithmetic], strength=strength)

    started = time.perf_counter()
    way: list[Step] = []

    def is_over() -> bool:
        return effort.seconds is not None and tally.judged > 0 and time.perf_counter() - started > effort.seconds

    def holds(case: tuple[Subject, Point]) -> None:
        place = (case[0].name, case[1].fingerprint)
        if place in tally.passed or (is_over() and not tally.has_failed):
            return
        tally.failing = None
        if tally.wrong is None and tally.judged < MUST_REPEAT:
            try:
                must_repeat(case[0], case[1].primals, copy.deepcopy(case[1].options))
            except SpecError as error:
                tally.wrong = error
        if tally.wrong is not None:
            raise _Failed  # at every point from now on: what does not repeat itself cannot be shrunk
        judgement = prop.judge(*case, setting)
        count_in(tally, case[1], judgement)
        if judgement.verdict is Verdict.FALSIFIED:
            tally.failing, tally.has_failed = case, True
            way.append(step(*case))
            raise _Failed(judgement.reason)
        tally.passed.add(place)

    seed = zlib.crc32(f"{name}:{prop.name}".encode()) ^ effort.seed
    looking = replace(effort, shrinks=effort.shrinks and not by_rows)
    counterexample = None
    for _ in range(MOST_UNCONFIRMED):
        try:
            draw_in_batches(holds, drawn, f"{name}-{prop.name}", seed, looking, lambda: looked_at(tally), is_over)
        except _Failed:
            pass
        except hypothesis.errors.Flaky:
            tally.flaky = True
        if tally.wrong is not None:
            raise tally.wrong
        if tally.failing is None:
            break
        failing, found = tally.failing
        point = minimized(failing, found, partial(_fails, prop, failing, setting, way)) if by_rows else found
        path = descent((*way, step(failing, point)))
        counterexample = replace(confirmed(prop, failing, point, setting, effort.shrinks), path=path)
        if counterexample.judgement.verdict is Verdict.FALSIFIED or counterexample.judgement.weaken:
            break
        tally.passed.add((failing.name, found.fingerprint))  # it decides nothing; another point may
    judgement = counterexample.judgement if counterexample else None
    outcome = outcome_of(name, prop, tally, time.perf_counter() - started, seed, effort, counterexample)
    if is_over() and tally.judged < effort.examples and not tally.has_failed:
        over = f"its {effort.seconds:g} s were over after {tally.judged} of {effort.examples} points"
        outcome = replace(outcome, note="; ".join(filter(None, (outcome.note, over))))
    weaken = judgement.weaken if judgement else tally.weaken > MOST_INCONCLUSIVE * tally.judged
    return outcome, outcome.verdict is Verdict.INCONCLUSIVE and weaken


def _fails(prop: Property, subject: Subject, setting: Setting, way: list[Step], point: Point) -> bool:
    try:
        fails = prop.judge(subject, point, setting).verdict is Verdict.FALSIFIED
    except SpecError:
        return False
    if fails:
        way.append(step(subject, point))
    return fails
