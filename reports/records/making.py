"""Records: what a run found, as plain data that JSON holds exactly."""

from __future__ import annotations

import hashlib
import inspect
import json
import platform
from collections.abc import Callable, Sequence
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

from backproof.engine.subjects import Subject
from backproof.properties.battery import PROPERTIES
from backproof.properties.diagnosis import examine
from backproof.properties.judgement import Evidence, Mismatch, Setting
from backproof.properties.references.comparing import AGREEING_DIGITS, DIFFERING_DIGITS
from backproof.properties.searching import Counterexample, Outcome

from ..replay.origins import Origin, origin_of
from ..replay.replayable import replay_record
from ..scripts.script import standalone_script
from .exactly import MEMORY, array_of, array_record, plain

__all__ = ["COUNTEREXAMPLE_SCHEMA", "SCHEMA", "Record", "array_of", "array_record", "outcome_record", "run_record"]

SCHEMA = "backproof-report/2"
COUNTEREXAMPLE_SCHEMA = "backproof-counterexample/2"

Record = dict[str, Any]


def versions() -> dict[str, str]:
    """The versions of everything that has a part in a verdict."""
    names = ("backproof", "numpy", "hypothesis", "mpmath", "python-flint")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def constants() -> dict[str, Any]:
    """The fixed constants behind the verdicts; there are no others, and nothing to tune."""
    return {
        "agreeing_digits": AGREEING_DIGITS,
        "differing_digits": DIFFERING_DIGITS,
        "precisions_in_bits": list(Setting().precisions),
    }


def outcome_record(outcome: Outcome, origin: Callable[[Counterexample], Origin] | None = None) -> Record:
    """The record of one search: a subject against a property.

    ``origin`` says where the subject of a counterexample is found again; without it, it is looked for.
    """
    found = outcome.counterexample
    return {
        "subject": outcome.subject,
        "property": outcome.property.name,
        "sentence": outcome.property.sentence,
        "verdict": outcome.verdict.value,
        "evidence": outcome.evidence.value,
        "points": outcome.points,
        "inconclusive": outcome.inconclusive,
        "digits": None if outcome.digits is None else round(outcome.digits, 1),
        "seconds": round(outcome.seconds, 4),
        "seed": outcome.seed,
        "reason": outcome.reason,
        "note": outcome.note,
        "left_out": dict(outcome.left_out),
        "accepted": None,
        "counterexample": None
        if found is None
        else counterexample_record(outcome, found, origin(found) if origin else origin_of(found.subject)),
    }


def counterexample_record(outcome: Outcome, found: Counterexample, origin: Origin) -> Record:
    """The record of a counterexample: the point exactly, what was expected and got, and a script that shows it.

    It is all that is needed to understand it and to judge it again.
    """
    subject, point = found.subject, found.point
    arguments = [
        {"name": name, **array_record(array)} for name, array in zip(subject.arguments, point.primals, strict=True)
    ]
    cotangent = array_record(point.cotangent)
    record: Record = {
        "subject": subject.name,
        "signature": str(subject.signature),
        "written": _written(subject),
        "layers": [stage.shown for stage in subject.stages],
        "arguments": arguments,
        "options": {name: repr(value) for name, value in point.options.items()},
        "cotangent": cotangent,
        "reason": found.judgement.reason,
        "mismatch": _mismatch_record(found.judgement.mismatch),
        "confirmed_by": ["arb", "mpmath"] if outcome.evidence is Evidence.FORMULA else [],
        "versions": versions(),
        **replay_record(outcome, found, origin),
        **examine(outcome.property, found).record,
    }
    numbers = [{key: value for key, value in each.items() if key not in MEMORY} for each in (*arguments, cotangent)]
    identity = json.dumps([outcome.subject, outcome.property.name, numbers[:-1], record["options"], numbers[-1]])
    name = hashlib.sha256(identity.encode()).hexdigest()[:10]
    record["script"] = standalone_script(outcome.property.name, found, name)
    return {"id": name, **plain(record)}


def _written(subject: Subject) -> Record | None:
    """The file and the line where the pullback that was judged is written, seen from the working folder."""
    code = getattr(inspect.unwrap(subject.written_in), "__code__", None) if callable(subject.written_in) else None
    if code is None or not Path(code.co_filename).is_file():
        return None
    file = Path(code.co_filename)
    inside = file.is_relative_to(Path.cwd())
    return {"file": str(file.relative_to(Path.cwd()) if inside else file), "line": code.co_firstlineno}


def _mismatch_record(mismatch: Mismatch | None) -> Record | None:
    if mismatch is None:
        return None
    return {
        "what": mismatch.what,
        "shape": [int(size) for size in mismatch.shape],
        "expected": list(mismatch.expected),
        "got": list(mismatch.got),
        "worst": _worst(mismatch),
    }


def _worst(mismatch: Mismatch) -> int:
    """The position of the entry that is furthest off."""
    pairs = ((Decimal(e), Decimal(g)) for e, g in zip(mismatch.expected, mismatch.got, strict=True))
    off = [abs(e - g) if e.is_finite() and g.is_finite() else Decimal("Infinity") for e, g in pairs]
    return off.index(max(off)) if off else 0


def run_record(
    items: Sequence[Record],
    seed: int,
    examples: int,
    seconds: float,
    errors: Sequence[str],
    shard: str | None = None,
    missing: Sequence[Record] = (),
    stale: Sequence[Record] = (),
) -> Record:
    """The record of a whole run; items by subject and then as the battery lists properties, whoever finished first.

    What does not apply to a subject stands once for each subject, with the reasons. ``missing`` are searches that
    were asked for and have no verdict, ``stale`` the entries of the baseline that nothing answers to.
    """
    order = list(PROPERTIES)
    last = len(order)  # a property that there is no more, in a report of another version
    items = sorted(
        items,
        key=lambda item: (item["subject"], order.index(item["property"]) if item["property"] in order else last),
    )
    left_out = {item["subject"]: item["left_out"] for item in items}
    return {
        "schema": SCHEMA,
        "seed": seed,
        "examples": examples,
        "seconds": round(seconds, 2),
        "versions": versions(),
        "constants": constants(),
        "errors": list(errors),
        "shard": shard,
        "missing": list(missing),
        "stale": list(stale),
        "milliseconds_a_point": _costs(items),
        "left_out": left_out,
        "items": [{key: value for key, value in item.items() if key != "left_out"} for item in items],
    }


def _costs(items: Sequence[Record]) -> dict[str, float]:
    """What a point costs by property, over all subjects; shrinking included."""
    costs = {}
    for name in PROPERTIES:
        own = [item for item in items if item["property"] == name and item["points"]]
        if own:
            total = sum(item["seconds"] for item in own) / sum(item["points"] for item in own)
            costs[name] = round(1000 * total, 2)
    return costs
