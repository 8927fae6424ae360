"""A run in SARIF 2.1.0, which code hosts and editors show beside the lines that are wrong.

Source of the format: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from ..records.making import Record
from .announcing import seen_from_root
from .telling import looks_like, replay_command

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
OF_ARITHMETIC = "accurate_in_dtype"  # what it falsifies is a right formula that loses digits


def sarif(record: Record, folder: str) -> dict[str, Any]:
    """The log of a run: a rule a property, a result a counterexample; what is undecided is a note."""
    sentences = {item["property"]: item["sentence"] for item in record["items"]}
    rules = list(sentences)
    troubles = [f"wrong description: {error}" for error in record["errors"]]
    troubles += [f"missing: {m['subject']}: {m['property']}: {m['reason']}" for m in record.get("missing") or []]
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "backproof",
                "version": record["versions"]["backproof"],
                "rules": [_rule(name, sentence) for name, sentence in sentences.items()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not troubles,
                "toolExecutionNotifications": [{"level": "error", "message": {"text": each}} for each in troubles],
            }
        ],
        "results": [_result(item, rules.index(item["property"]), folder) for item in _told(record)],
    }
    if record.get("shard"):
        run["automationDetails"] = {"id": f"backproof/{record['shard']}/"}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _told(record: Record) -> Iterator[Record]:
    yield from (item for item in record["items"] if item["counterexample"] or item["verdict"] == "inconclusive")


def _rule(name: str, sentence: str) -> dict[str, Any]:
    words = name.split("_")
    return {
        "id": name,
        "name": "".join(word.capitalize() for word in words),
        "shortDescription": {"text": " ".join(words)},
        "fullDescription": {"text": sentence},
        "help": {"text": f"{sentence} The report shows the smallest point at which that is not so."},
        "defaultConfiguration": {"level": "warning" if name == OF_ARITHMETIC else "error"},
    }


def _result(item: Record, rule: int, folder: str) -> dict[str, Any]:
    found = item["counterexample"]
    level = "note" if found is None else "warning" if item["property"] == OF_ARITHMETIC else "error"
    result: dict[str, Any] = {
        "ruleId": item["property"],
        "ruleIndex": rule,
        "level": level,
        "message": {"text": "\n".join(_message(item, folder))},
        "locations": [_location(item)],
        "partialFingerprints": {"search/v1": _hash(f"{item['subject']}: {item['property']}")},
    }
    if found is not None:
        result["partialFingerprints"]["counterexample/v1"] = found["id"]
    accepted = item.get("accepted")
    if accepted:
        justification = f"{accepted['reason']} (until {accepted['until']})"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": justification}]
    return result


def _message(item: Record, folder: str) -> Iterator[str]:
    """What is wrong, in a few sentences; brackets, which would be links, are escaped."""
    found = item["counterexample"]
    lines = [f"{item['subject']}: {item['reason']}."]
    if found is not None:
        lines = [f"{item['subject']}: {looks_like(found)}."] * bool(looks_like(found)) + lines
        lines += [f"Look again: {replay_command(found, folder)}"] if found.get("target") else []
        lines.append(f"Script: {found['id']}.py in the report.")
    for line in lines:
        yield " ".join(line.split()).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _location(item: Record) -> dict[str, Any]:
    location: dict[str, Any] = {
        "logicalLocations": [{"fullyQualifiedName": item["subject"], "kind": "function"}],
    }
    written = (item["counterexample"] or {}).get("written")
    if written:
        file = seen_from_root(written["file"])
        uri = Path(file).as_uri() if PurePath(file).is_absolute() else quote(PurePath(file).as_posix())
        location["physicalLocation"] = {
            "artifactLocation": {"uri": uri},
            "region": {"startLine": max(1, written["line"])},
        }
    return location


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
