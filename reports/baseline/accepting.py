"""What a run makes of the baseline: which of its failures are accepted, which entries are stale, and how it is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .entries import Accepted, with_accepted
from .staleness import stale_entries

if TYPE_CHECKING:
    from rich.console import Console

    from ..runs.running import Item

Record = dict[str, Any]


def held_against(
    baseline: Sequence[Accepted], items: Iterable[Record], complete: Mapping[str, Collection[str]] | None = None
) -> tuple[list[Record], list[Record]]:
    """The items with what is accepted of them, and the entries that are stale."""
    held = [with_accepted(item, baseline) for item in items]
    left_out = {item["subject"]: item["left_out"] for item in held}
    return held, stale_entries(baseline, held, left_out, complete)


def all_subjects(searches: Iterable[Item]) -> dict[str, Collection[str]]:
    """All subjects there are of the files that a run looks at as a whole, and of the rooms of the catalogue."""
    from ..runs.targets import found_in

    known: dict[str, Collection[str]] = {}
    for name in found_in(None).subjects:
        known[name.partition(".")[0]] = {*known.get(name.partition(".")[0], ()), name}
    for source in dict.fromkeys(each.source for each in searches):
        if source is not None and not source.name:
            known[source.stem] = found_in(source).subjects.keys()
    return known


def lines_of_baseline(record: Mapping[str, Any]) -> list[str]:
    """What a run says of accepted failures, and of stale entries."""
    known = [(item, item["accepted"]) for item in record["items"] if item["accepted"]]
    accepted = [
        f"accepted until {known_as['until']}: {item['subject']}: {item['property']} ({known_as['reason']})"
        for item, known_as in known
    ]
    stale = [
        f"stale entry of the baseline: {_whose(each)}: {each['why']} ({each['reason']}, until {each['until']})"
        for each in record["stale"]
    ]
    return accepted + stale


def _whose(each: Mapping[str, Any]) -> str:
    return f"{each['subject']}: {each['property']}" if "subject" in each else str(each["id"])


def show_baseline(console: Console, record: Mapping[str, Any]) -> None:
    """Say it on the terminal."""
    from rich.markup import escape

    lines = lines_of_baseline(record)
    for line in lines:
        console.print(f"[yellow]{escape(line)}[/]", soft_wrap=True)
    if lines:
        console.print()
