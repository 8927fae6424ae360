"""What the page lists beside the overview: failures by subject, slow searches, words to passes, what does not apply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..records.making import Record
from .overview import state

SLOWEST = 10


def failing(failures: Sequence[Record]) -> list[list[Record]]:
    """The counterexamples by subject, known failures apart."""
    found: dict[tuple[str, bool], list[Record]] = {}
    for item in failures:
        found.setdefault((item["counterexample"]["subject"], state(item) == "accepted"), []).append(item)
    return list(found.values())


def slowest(items: Sequence[Record]) -> list[Record]:
    """The searches that took longest."""
    return sorted(items, key=lambda item: -item["seconds"])[:SLOWEST]


def worth_a_look(items: Sequence[Record]) -> list[tuple[str, str, list[str]]]:
    """What is told of searches that passed: the property, the words, and the subjects."""
    told = [
        (item["property"], text, item["subject"])
        for item in items
        if item["verdict"] == "passed"
        for text in (item["reason"], item["note"])
        if text
    ]
    return _grouped(told)


def left_out(record: Record) -> list[tuple[str, str, list[str]]]:
    """What does not apply: the property, why, and the subjects for which that is the reason."""
    return _grouped(
        sorted(
            (name, reason, subject)
            for subject, reasons in record.get("left_out", {}).items()
            for name, reason in reasons.items()
        )
    )


def _grouped(told: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, list[str]]]:
    found: dict[tuple[str, str], list[str]] = {}
    for name, text, subject in told:
        found.setdefault((name, text), []).append(subject)
    return [(name, text, subjects) for (name, text), subjects in found.items()]
