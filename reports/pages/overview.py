"""The overview of a run: subjects by group against properties, and what is to be said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..records.making import Record
from . import SYMBOLS

EVIDENCE = {
    "formula": "Forward and pullback both ran in extended precision, and agree to 30 digits or do not agree at all.",
    "formula up to constants": "As formula; rounded constants in the code explain what is left between the two.",
    "values": "The forward (or a reference) ran in extended precision, the pullback in float64.",
    "native": "Both ran on floats. For properties such as “pure” that is all there is to run.",
}
LETTERS = {"formula": "f", "formula up to constants": "c", "values": "v", "native": "n"}
MOST_OPEN = 80  # subjects of a group that are shown at once, where none of them is wrong


@dataclass(frozen=True)
class Cell:
    """A search in a word or two: its state's letter and symbol, digits, and the letter of weaker evidence."""

    kind: str
    text: str
    weaker: str
    link: str
    has_note: bool


@dataclass(frozen=True)
class Row:
    """A subject: its cells by the group's properties (None where one does not apply), and its number in the data."""

    number: int
    subject: str
    points: int
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Group:
    """The subjects of a room or a file, and the properties that any of them was judged by."""

    name: str
    properties: tuple[str, ...]
    rows: tuple[Row, ...]
    counts: dict[str, int]

    @property
    def is_open(self) -> bool:
        """Whether it is worth a look before somebody asks."""
        return len(self.rows) <= MOST_OPEN or bool(self.counts["falsified"] or self.counts["inconclusive"])


def state(item: Record) -> str:
    """The verdict; ``accepted`` for a known failure."""
    return "accepted" if item.get("accepted") and item["verdict"] != "passed" else str(item["verdict"])


def counts(items: Iterable[Record]) -> dict[str, int]:
    """How many searches are in each state."""
    found = Counter(map(state, items))
    return {name: found[name] for name in SYMBOLS}


def groups(items: Sequence[Record], properties: Sequence[str], shown: frozenset[str]) -> list[Group]:
    """The groups, those with something wrong first; ``shown`` are the counterexamples that the page has."""
    by_subject: dict[str, list[Record]] = {}
    for item in items:
        by_subject.setdefault(item["subject"], []).append(item)
    by_group: dict[str, list[str]] = {}
    for subject in by_subject:
        by_group.setdefault(group_of(subject), []).append(subject)
    numbers = {subject: number for number, subject in enumerate(by_subject)}
    made = []
    for name, subjects in by_group.items():
        judged = {subject: {item["property"]: item for item in by_subject[subject]} for subject in subjects}
        own = tuple(p for p in properties if any(p in found for found in judged.values()))
        rows = tuple(
            Row(
                numbers[subject],
                subject,
                sum(item["points"] for item in found.values()),
                tuple(_cell(found[p], shown) if p in found else None for p in own),
            )
            for subject, found in judged.items()
        )
        made.append(Group(name, own, rows, counts(item for found in judged.values() for item in found.values())))
    return sorted(made, key=lambda each: (-each.counts["falsified"], -each.counts["inconclusive"]))


def group_of(subject: str) -> str:
    """The room or the file that a subject's name begins with."""
    return "stacks" if subject.startswith("stacks") else subject.partition(".")[0]


def _cell(item: Record, shown: frozenset[str]) -> Cell:
    kind, found = state(item), item["counterexample"]
    digits = "" if item["digits"] is None or found else said_digits(item["digits"])
    tells = item["evidence"] != "formula" and (item["digits"] is not None or bool(item["reason"]))
    link = found["id"] if found and found["id"] in shown else ""
    weaker = LETTERS[item["evidence"]] if tells else ""
    return Cell(kind[0], f"{SYMBOLS[kind]} {digits}".strip(), weaker, link, bool(item["note"] and not found))


def said_digits(digits: float) -> str:
    """Digits that agreed, in a word."""
    return "exact" if digits >= 999 else f"{digits:.0f}"


def data(items: Sequence[Record], properties: Sequence[str]) -> dict[str, Any]:
    """What the page's script filters by and shows of each search: for each subject (property, state, evidence,
    points, milliseconds a point, digits, and what was said).
    """
    places = {name: place for place, name in enumerate(properties)}
    rows: dict[str, list[list[Any]]] = {}
    for item in items:
        said = "; ".join(text for text in (item["reason"], item["note"]) if text)
        cost = round(1000 * item["seconds"] / item["points"], 1) if item["points"] else 0
        digits = "" if item["digits"] is None else said_digits(item["digits"])
        entry = [places[item["property"]], state(item)[0], LETTERS[item["evidence"]], item["points"], cost, digits]
        rows.setdefault(item["subject"], []).append([*entry, said] if said else entry)
    return {
        "properties": [title(name) for name in properties],
        "states": {name[0]: f"{symbol} {name}" for name, symbol in SYMBOLS.items()},
        "evidence": {letter: name for name, letter in LETTERS.items()},
        "rows": list(rows.values()),
    }


def title(name: str) -> str:
    """A property's name in words."""
    return name.replace("_", " ")
