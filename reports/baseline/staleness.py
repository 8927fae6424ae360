"""Entries of the baseline that nothing answers to any more, and entries whose date is past."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from .entries import Accepted, title_of

Record = dict[str, Any]

PASSES, ANOTHER, GONE, EXPIRED = "passes", "another", "gone", "expired"  # the kinds of being stale


def stale_entries(
    baseline: Sequence[Accepted],
    items: Sequence[Mapping[str, Any]],
    left_out: Mapping[str, Mapping[str, str]],
    complete: Mapping[str, Collection[str]] | None = None,
    today: datetime.date | None = None,
) -> list[Record]:
    """The entries that are stale, as records of a report hold them.

    ``complete`` has, by the first part of their names, all subjects that there are of a file or a room that was looked
    at as a whole: what is none of them is gone. Of what was not judged nothing is said.
    """
    day = today or datetime.date.today()
    return [
        {
            "id": title_of(entry),
            "reason": entry.reason,
            "until": entry.until.isoformat(),
            "why": why,
            "kind": kind,
            "subject": entry.subject,
            "property": entry.property,
        }
        for entry in baseline
        for kind, why in _why(entry, items, left_out, complete or {}, day)
    ]


def _why(
    entry: Accepted,
    items: Sequence[Mapping[str, Any]],
    left_out: Mapping[str, Mapping[str, str]],
    complete: Mapping[str, Collection[str]],
    day: datetime.date,
) -> Iterator[tuple[str, str]]:
    judged = [item for item in items if entry.is_about(item)]
    if judged and all(item["verdict"] == "passed" for item in judged):
        yield PASSES, "it passes now"
    elif any(entry.answers(item) for item in judged):
        if entry.until < day:
            yield EXPIRED, f"its date is past, and it fails again: mend it, or name a new date after {day}"
    elif judged:
        yield ANOTHER, "it fails in another way now"
    elif entry.property in left_out.get(entry.subject, {}):
        yield GONE, f"{entry.property} does not apply to it any more: {left_out[entry.subject][entry.property]}"
    elif entry.subject not in complete.get(entry.subject.partition(".")[0], [entry.subject]):
        yield GONE, "there is no such subject any more"
