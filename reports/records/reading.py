"""Reading reports and counterexamples: those of the schema before too; anything else is an error that says where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from backproof.engine.errors import BackproofError

from .checking import Misfit, must_be_counterexample, must_be_report
from .making import COUNTEREXAMPLE_SCHEMA, SCHEMA, Record
from .upgrading import BEFORE, upgraded

REPORT = "report.json"
_MEND = "Write it anew with backproof check, or name a report.json or an ID.json that backproof wrote."


class ReportError(BackproofError):
    """A report cannot be written or read."""


def read_report(path: Path) -> Record:
    """Read a ``report.json``, or the one in a folder. Raises ReportError that says what is wrong with it, and where."""
    if path.is_dir():
        path = path / REPORT
    record = _json(path)
    if record.get("schema") not in (SCHEMA, BEFORE):
        raise ReportError(f"{str(path)!r} has the schema {record.get('schema')!r}, but should have {SCHEMA!r}. {_MEND}")
    try:
        must_be_report(record := upgraded(record) if record["schema"] == BEFORE else record)
    except Misfit as error:
        raise ReportError(f"{str(path)!r} is broken at {error}. {_MEND}") from error
    return record


def read_counterexample(path: Path) -> Record:
    """Read an ``ID.json``. Raises ReportError that says what is wrong with it, and where."""
    record = _json(path)
    if record.get("schema") != COUNTEREXAMPLE_SCHEMA:
        raise ReportError(
            f"{str(path)!r} has the schema {record.get('schema')!r}, but should have {COUNTEREXAMPLE_SCHEMA!r}. {_MEND}"
        )
    try:
        must_be_counterexample(record)
    except Misfit as error:
        raise ReportError(f"{str(path)!r} is broken at {error}. {_MEND}") from error
    return record


def read_counterexamples(path: Path) -> list[Record]:
    """Those of a report, or the one that a file holds. Raises ReportError as the two others do."""
    if path.is_dir() or _json(path).get("schema") != COUNTEREXAMPLE_SCHEMA:
        return [item["counterexample"] for item in read_report(path)["items"] if item["counterexample"]]
    return [read_counterexample(path)]


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError(f"{str(path)!r} cannot be read: {error.strerror}. {_MEND}") from error
    except UnicodeDecodeError as error:
        raise ReportError(f"{str(path)!r} is no text: byte {error.start} is not UTF-8. {_MEND}") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ReportError(f"{str(path)!r} is no JSON, or not all of it: {error.msg} at {place}. {_MEND}") from error
    except (ValueError, RecursionError) as error:  # an integer of too many digits, or brackets within brackets
        raise ReportError(f"{str(path)!r} is no report: {error}. {_MEND}") from error
    if not isinstance(content, dict):
        raise ReportError(f"{str(path)!r} holds a {type(content).__name__}, but should hold an object. {_MEND}")
    return content
