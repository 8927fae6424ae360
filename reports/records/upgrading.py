"""Reports of the schema before this one, brought up to it in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..replay.origins import ROOMS
from .making import SCHEMA, Record
from .option_values import literal_record

BEFORE = "backproof-report/1"


def upgraded(record: Record) -> Record:
    """A report of the schema before, with what there was not then; where its subjects come from is guessed.

    What does not fit is left as it is, for whoever checks the report to say so.
    """
    items = record.get("items")
    return {
        "shard": None,
        "missing": [],
        "stale": [],
        **record,
        "schema": SCHEMA,
        "items": [_item(item, record) for item in items] if isinstance(items, list) else items,
    }


def _item(item: Any, record: Record) -> Any:
    if not isinstance(item, dict):
        return item
    found = item.get("counterexample")
    told = {"accepted": None, **item}
    return {**told, "counterexample": _counterexample(found, item, record)} if isinstance(found, dict) else told


def _counterexample(found: Record, item: Record, record: Record) -> Record:
    known = ("property", "sentence", "verdict", "evidence", "digits", "seed")
    options = found.get("options")
    confirmed = found.get("confirmed_by")
    return {
        "target": _target(found),
        "given_signature": "",
        "test": "",
        "search": item.get("subject"),
        "bits": None,
        "arithmetic": confirmed[0] if isinstance(confirmed, list) and confirmed else "arb",
        "versions": record.get("versions"),
        "option_values": {name: literal_record(str(text)) for name, text in options.items()}
        if isinstance(options, dict)
        else options,
        "stages": [],
        "path": [],
        **{key: item[key] for key in known if key in item},
        **found,
    }


def _target(found: Record) -> str | None:
    """The target, where the subject is of the catalogue, or named after the file in which its pullback stands."""
    subject, written = str(found.get("subject")), found.get("written")
    if subject.partition(".")[0] in ROOMS:
        return subject
    file = Path(str(written.get("file"))) if isinstance(written, dict) else None
    stem, _, name = subject.partition(".")
    return f"{file}::{name}" if file is not None and name and file.stem == stem else None
