"""Whether plain data is a report or a counterexample: what must be there, of which type, and where it is not.

The whole description is ``report.schema.json``; here is what reading, replaying, merging and showing rely on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backproof.properties.judgement import Evidence, Verdict

from .exactly import NotExact, array_of
from .fitting import Check, Misfit, among, fits, like, list_of, maybe, object_of, of, table_of
from .option_values import value_of

__all__ = ["Misfit", "must_be_counterexample", "must_be_report"]


def must_be_report(record: Any) -> None:
    """Raise Misfit where a record is no report."""
    fits(record, "", _REPORT)


def must_be_counterexample(record: Any) -> None:
    """Raise Misfit where a record is no counterexample."""
    _counterexample(record, "")


def _counterexample(found: Any, where: str) -> None:
    fits(found, where, _COUNTEREXAMPLE)
    names = [argument["name"] for argument in found["arguments"]]
    if len(set(names)) < len(names):
        raise Misfit(f"{where or 'the top'}: two arguments have one name, among {', '.join(names)}")


def _array(record: Any, where: str) -> None:
    of(dict)(record, where)
    try:
        array_of(record)
    except NotExact as error:
        raise Misfit(f"{where}: {error}") from error


def _argument(record: Any, where: str) -> None:
    fits(record, where, {"name": of(str)})
    _array(record, where)


def _value(record: Any, where: str) -> None:
    try:
        value_of(record)
    except NotExact as error:
        if not (isinstance(record, Mapping) and "shown" in record):
            raise Misfit(f"{where}: {error}") from error


def _mismatch(record: Any, where: str) -> None:
    texts = list_of(of(str))
    fits(record, where, {"what": of(str), "shape": list_of(of(int)), "expected": texts, "got": texts})
    fits(record, where, {"worst": of(int)})
    if len(record["expected"]) != len(record["got"]):
        raise Misfit(f"{where}: {len(record['expected'])} numbers are expected, but {len(record['got'])} were got")


_TEXT, _WHOLE, _NUMBER, _TEXTS = of(str), of(int), of(int, float), list_of(of(str))
_VERDICT: dict[str, Check] = {
    "property": _TEXT,
    "sentence": _TEXT,
    "verdict": among(Verdict),
    "evidence": among(Evidence),
    "digits": maybe(_NUMBER),
    "seed": _WHOLE,
    "reason": _TEXT,
}
_STAGE: dict[str, Check] = {
    "subject": _TEXT,
    "target": maybe(_TEXT),
    "given_signature": _TEXT,
    "takes": list_of(_WHOLE),
    "option_values": table_of(_value),
    "is_added": of(bool),
    "opens": _WHOLE,
    "closes": _WHOLE,
}
_COUNTEREXAMPLE: dict[str, Check] = {
    "id": like("[0-9a-f]{6,64}", "hexadecimal digits, which are the name of a file"),
    "subject": _TEXT,
    **_VERDICT,
    "signature": _TEXT,
    "written": maybe(object_of({"file": _TEXT, "line": _WHOLE})),
    "layers": _TEXTS,
    "arguments": list_of(_argument),
    "options": table_of(_TEXT),
    "option_values": table_of(_value),
    "cotangent": _array,
    "mismatch": maybe(_mismatch),
    "confirmed_by": _TEXTS,
    "script": _TEXT,
    "target": maybe(_TEXT),
    "given_signature": _TEXT,
    "test": _TEXT,
    "search": _TEXT,
    "bits": maybe(_WHOLE),
    "arithmetic": _TEXT,
    "versions": table_of(_TEXT),
    "stages": list_of(object_of(_STAGE)),
    "path": list_of(object_of({"shapes": list_of(list_of(_WHOLE)), "layers": _WHOLE})),
}
_ACCEPTED = object_of({"reason": _TEXT, "until": _TEXT})
_ITEM: dict[str, Check] = {
    "subject": _TEXT,
    **_VERDICT,
    "points": _WHOLE,
    "inconclusive": _WHOLE,
    "seconds": _NUMBER,
    "note": _TEXT,
    "accepted": maybe(_ACCEPTED),
    "counterexample": maybe(_counterexample),
}
_REPORT: dict[str, Check] = {
    "schema": _TEXT,
    "seed": _WHOLE,
    "examples": _WHOLE,
    "seconds": _NUMBER,
    "versions": table_of(_TEXT),
    "constants": of(dict),
    "errors": _TEXTS,
    "shard": maybe(_TEXT),
    "missing": list_of(object_of({"subject": _TEXT, "property": _TEXT, "reason": _TEXT})),
    "stale": list_of(object_of({"id": _TEXT, "reason": _TEXT, "until": _TEXT, "why": _TEXT})),
    "milliseconds_a_point": table_of(_NUMBER),
    "left_out": table_of(table_of(_TEXT)),
    "items": list_of(object_of(_ITEM)),
}
