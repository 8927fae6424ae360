"""Judging a counterexample again: its subject is looked up, and its property judged at exactly its point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from backproof.engine.errors import BackproofError, listed
from backproof.engine.subjects import Subject, checked_vjp, must_repeat, quietly
from backproof.properties.battery import PROPERTIES
from backproof.properties.judgement import Evidence, Judgement, Property, Setting, Verdict
from backproof.properties.searching import ARITHMETICS, Counterexample, Outcome, confirmed
from backproof.strategies.points import Point

from ..records.exactly import array_of
from ..records.making import Record, outcome_record
from ..records.option_values import value_of
from .looking_up import CannotRun, subject_of_record
from .origins import Origin


class Result(StrEnum):
    """What a replay comes to."""

    FIXED = "FIXED"
    STILL_FALSIFIED = "STILL FALSIFIED"
    NOT_DECIDED = "NOT DECIDED"
    CANNOT_RUN = "CANNOT RUN"


@dataclass(frozen=True)
class Replay:
    """What became of a counterexample: the result, why, and its record of today where it still fails."""

    found: Record
    result: Result
    reason: str = ""
    item: Record | None = None


def replayed(found: Record, folder: Path = Path()) -> Replay:
    """Judge a counterexample again, in arb and in mpmath. Never raises; files are looked for in ``folder`` too."""
    try:
        subject, prop = subject_of_record(found, folder), _property(found)
        point = _point(found, subject)
        _must_fit(subject, prop, point)
        judged = _judged(subject, prop, point, found)
    except BackproofError as error:
        return Replay(found, Result.CANNOT_RUN, str(error))
    except Exception as error:  # a person's code may raise anything
        return Replay(found, Result.CANNOT_RUN, f"{type(error).__name__}: {error}")
    verdict = judged.judgement.verdict
    if verdict is Verdict.PASSED:
        now = str(subject.signature)
        changed = "" if now == found["signature"] else f"its signature is {now} now, and was {found['signature']}"
        return Replay(found, Result.FIXED, changed)
    if verdict is Verdict.INCONCLUSIVE:
        return Replay(found, Result.NOT_DECIDED, judged.judgement.reason)
    return Replay(found, Result.STILL_FALSIFIED, judged.judgement.reason, _item(found, prop, judged))


def _property(found: Record) -> Property:
    if found["property"] not in PROPERTIES:
        raise CannotRun(f"there is no property {found['property']!r} any more")
    return PROPERTIES[found["property"]]


def _point(found: Record, subject: Subject) -> Point:
    """The point of a record, for the subject that there is today. Raises CannotRun where it takes other things."""
    was, now = [argument["name"] for argument in found["arguments"]], list(subject.arguments)
    if was != now:
        raise CannotRun(f"its arguments are {listed(now)} now, but were {listed(was)}")
    recorded: Mapping[str, Any] = found["option_values"]
    if set(recorded) != set(subject.options):
        raise CannotRun(f"its options are {listed(sorted(subject.options))} now, but were {listed(sorted(recorded))}")
    options = {name: value_of(value, getattr(subject.options[name], "values", ())) for name, value in recorded.items()}
    return Point(tuple(map(array_of, found["arguments"])), options, array_of(found["cotangent"]))


def _must_fit(subject: Subject, prop: Property, point: Point) -> None:
    """Raise CannotRun, or SpecError, where the subject or the property is about something else today."""
    why = prop.unless(subject)
    if why is not None:
        raise CannotRun(f"{prop.name} does not apply to {subject.name} any more: {why}")
    with quietly():
        subject.signature.bind([primal.shape for primal in point.primals])
        output, _ = checked_vjp(subject, [primal.copy() for primal in point.primals], dict(point.options))
    if np.shape(output) != point.cotangent.shape:
        raise CannotRun(f"its output has the shape {np.shape(output)} now, but had {point.cotangent.shape}")
    must_repeat(subject, point.primals, dict(point.options))


# judging it -----------------------------------------------------------------------------------------------------------


def _judged(subject: Subject, prop: Property, point: Point, found: Record) -> Counterexample:
    """On the strongest evidence that there is, and on the evidence on which it was falsified: both must pass."""
    arithmetic = ARITHMETICS.get(found["arithmetic"], ARITHMETICS["arb"])
    was = Evidence(found["evidence"])
    best: Counterexample | None = None
    for strength in (Evidence.FORMULA, Evidence.VALUES, Evidence.NATIVE):
        judged = _judged_on(subject, prop, point, Setting(arithmetic=arithmetic, strength=strength))
        if judged.judgement.verdict is Verdict.FALSIFIED:
            return judged
        if best is None or best.judgement.verdict is Verdict.INCONCLUSIVE:
            best = judged
        goes_on = judged.judgement.verdict is Verdict.INCONCLUSIVE and judged.judgement.weaken
        if not prop.weakens or not (goes_on or _is_stronger(strength, was)):
            break
    assert best is not None
    return best


def _is_stronger(strength: Evidence, was: Evidence) -> bool:
    return was in (Evidence.VALUES, Evidence.NATIVE) and list(Evidence).index(strength) < list(Evidence).index(was)


def _judged_on(subject: Subject, prop: Property, point: Point, setting: Setting) -> Counterexample:
    first: Judgement = prop.judge(subject, point, setting)
    if first.verdict is not Verdict.FALSIFIED:
        return Counterexample(subject, point, first)
    return confirmed(prop, subject, point, setting)


def _item(found: Record, prop: Property, judged: Counterexample) -> Record:
    """The item of a report that says it, under the name that the counterexample had."""
    outcome = Outcome(
        subject=found["search"],
        property=prop,
        verdict=judged.judgement.verdict,
        evidence=judged.judgement.evidence,
        points=1,
        inconclusive=0,
        digits=judged.judgement.digits,
        seconds=0.0,
        seed=found["seed"],
        reason=judged.judgement.reason,
        arithmetic=found["arithmetic"],
        counterexample=replace(judged, subject=replace(judged.subject, name=found["subject"])),
    )
    origin = Origin(found["target"], found["given_signature"], found["test"])
    item = outcome_record(outcome, lambda _: origin)
    return {**item, "counterexample": {**item["counterexample"], "id": found["id"], "path": found["path"]}}
