"""The baseline: known failures that are accepted for a while, each with a reason and a date."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

NAME = "backproof-baseline.toml"
LONGEST = datetime.timedelta(days=366)
Record = dict[str, Any]


class BaselineError(ValueError):
    """A baseline that cannot be read, or says something that it may not."""


@dataclass(frozen=True)
class Accepted:
    """One known failure: a subject against a property, why it is accepted, and until which day (included).

    With an ``id`` it is that counterexample alone, and with a ``diagnosis`` a failure of that kind.
    """

    subject: str
    property: str
    reason: str
    until: datetime.date
    id: str = ""
    diagnosis: str = ""

    def answers(self, item: Mapping[str, Any]) -> bool:
        """Whether it speaks of an item that did not pass."""
        if item["verdict"] == "passed" or not self.is_about(item):
            return False
        found = item["counterexample"] or {}
        diagnosis = found.get("diagnosis") or {}
        return self.id in ("", found.get("id")) and self.diagnosis in ("", diagnosis.get("kind"))

    def is_about(self, item: Mapping[str, Any]) -> bool:
        """Whether an item is of its subject and its property."""
        return (self.subject, self.property) == (item["subject"], item["property"])


def title_of(entry: Accepted) -> str:
    """What an entry is called: its id, or whose and which property."""
    return entry.id or f"{entry.subject}: {entry.property}"


def read_baseline(path: Path, today: datetime.date | None = None) -> list[Accepted]:
    """The known failures of a project; none where there is no such file.

    Raises BaselineError for a file that is no TOML, an entry that lacks something or says something unknown, an
    empty reason, or a date more than a year ahead.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise BaselineError(f"{str(path)!r} cannot be read: {error}") from error
    unknown = [key for key in document if key != "accepted"]
    entries = document.get("accepted", [])
    if unknown or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BaselineError(f"{str(path)!r} should hold tables [[accepted]], and nothing else{_named(unknown)}.")
    return [
        accepted(entry, f"{path.name}: accepted[{number}]", today or datetime.date.today())
        for number, entry in enumerate(entries)
    ]


def accepted(entry: Mapping[str, Any], where: str, today: datetime.date) -> Accepted:
    """The known failure that an entry describes. Raises BaselineError, after ``where``, for one that describes none."""
    keys = [field.name for field in fields(Accepted)]
    for key in entry:
        if key not in keys:
            close = get_close_matches(key, keys, n=1)
            meant = f" Did you mean {close[0]!r}?" if close else ""
            raise BaselineError(f"{where} has a key {key!r}.{meant} The keys are {', '.join(keys)}.")
    for key in ("subject", "property", "reason", "until"):
        if key not in entry:
            raise BaselineError(f"{where} has no {key}. Add {_EXAMPLES[key]}.")
    for key in keys:
        if key != "until" and not isinstance(entry.get(key, ""), str):
            raise BaselineError(f"{where} says {key} = {entry[key]!r}, but it should be a text: {_EXAMPLES[key]}.")
    for key in ("subject", "property", "reason"):
        if not entry[key].strip():
            raise BaselineError(f"{where} has an empty {key}. Add {_EXAMPLES[key]}.")
    until = entry["until"]
    if not isinstance(until, datetime.date) or isinstance(until, datetime.datetime):
        raise BaselineError(f"{where} says until = {until!r}, but it should be a date without quotes: until = {today}.")
    if until > today + LONGEST:
        raise BaselineError(
            f"{where} is accepted until {until}, but a year ahead, {today + LONGEST}, is the most. Name an earlier day."
        )
    return Accepted(**entry)


def with_accepted(item: Record, baseline: Sequence[Accepted], today: datetime.date | None = None) -> Record:
    """An item with the reason and the date if it is a known failure whose date is not past."""
    day = today or datetime.date.today()
    known = [entry for entry in baseline if entry.answers(item) and entry.until >= day]
    if not known:
        return {**item, "accepted": None}
    last = max(known, key=lambda entry: entry.until)
    return {**item, "accepted": {"reason": last.reason, "until": last.until.isoformat()}}


def is_failure(item: Mapping[str, Any]) -> bool:
    """Whether an item makes a run fail: it did not pass, and nobody accepted that."""
    return item["verdict"] != "passed" and not item.get("accepted")


def _named(keys: Sequence[str]) -> str:
    return f", but it holds {', '.join(map(repr, keys))}" if keys else ""


_EXAMPLES = {
    "subject": "subject = 'course.affine', as the report names it",
    "property": "property = 'vjp_matches_differences', as the report names it",
    "reason": "reason = 'rewritten in #123'",
    "until": "until = 2027-01-31, the last day on which it is accepted",
    "id": "id = '57b82daf2f', that counterexample alone",
    "diagnosis": "diagnosis = 'factor', a failure of that kind alone",
}
