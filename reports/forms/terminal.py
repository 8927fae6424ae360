"""The terminal's view of a run."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from ..pages import SYMBOLS
from ..records.making import Record
from .telling import REPORT_FOLDER, WIDTH, counterexample_lines, counterexample_text, joined, replay_command

__all__ = [
    "counterexample_text",
    "reasons",
    "show_counterexample",
    "show_counterexamples",
    "summary_table",
]

COLOURS = {"passed": "green", "falsified": "bold red", "inconclusive": "yellow"}


def summary_table(items: Sequence[Record]) -> Table:
    """One row a subject: what was judged, on how many points, to how many digits, and the verdict."""
    table = Table(box=None, pad_edge=False)
    for heading in ("subject", "properties", "points", "digits", "evidence", "verdict"):
        on_the_right = heading in ("properties", "points", "digits")
        table.add_column(heading, justify="right" if on_the_right else "left", no_wrap=heading == "verdict")
    for subject, judged in _by_subject(items):
        verdicts = [item["verdict"] for item in judged]
        verdict = next((v for v in ("falsified", "inconclusive") if v in verdicts), "passed")
        digits = [item["digits"] for item in judged if item["evidence"] != "native" and item["digits"] is not None]
        strength = _strength(judged)
        failed = [item["property"] for item in judged if item["verdict"] == verdict != "passed"]
        share = f" ({len(failed)} of {len(judged)})" if failed else ""
        table.add_row(
            escape(subject),
            str(len(judged)),
            str(sum(item["points"] for item in judged)),
            _digits(min(digits)) if digits else "",
            strength,
            f"[{COLOURS[verdict]}]{SYMBOLS[verdict]} {verdict}[/]{share}",
        )
    return table


def reasons(items: Iterable[Record]) -> Iterator[str]:
    """The reasons of verdicts, each once: properties of a subject that say the same but for numbers say it together."""
    alike: dict[tuple[str, str], list[Record]] = {}
    for item in items:
        if item["reason"]:
            alike.setdefault((item["subject"], re.sub(r"\d+", "0", item["reason"])), []).append(item)
    for same in alike.values():
        names = ", ".join(item["property"] for item in same)
        yield f"{same[0]['subject']}: {names}: {same[0]['reason']}"


def _strength(judged: Sequence[Record]) -> str:
    """The evidence on which derivatives were compared: of the pullback, where that was asked for."""
    of_the_pullback = [item for item in judged if item["property"] == "vjp_matches_differences"]
    found = [item["evidence"] for item in of_the_pullback or judged]
    return next((e for e in ("formula up to constants", "formula", "values") if e in found), "native")


def _by_subject(items: Sequence[Record]) -> Iterator[tuple[str, list[Record]]]:
    groups: dict[str, list[Record]] = {}
    for item in items:
        groups.setdefault(item["subject"], []).append(item)
    yield from groups.items()


def _digits(digits: float) -> str:
    return "exact" if digits >= 999 else f"{digits:.0f}"


def show_counterexamples(console: Console, items: Sequence[Record], folder: str = REPORT_FOLDER) -> None:
    """For each falsified subject its first counterexample, in a frame, and the names of the others."""
    for _, judged in _by_subject([item for item in items if item["counterexample"]]):
        show_counterexample(console, judged[0], folder)
        if len(judged) > 1:
            others = ", ".join(item["property"] for item in judged[1:])
            _indented(console, f"also falsified, with counterexamples in the report: {others}")
        console.print()


def show_counterexample(console: Console, item: Record, folder: str = REPORT_FOLDER) -> None:
    """A counterexample in a frame, and what to do with it."""
    found = item["counterexample"]
    title = f"[bold red]✗ {escape(found['subject'])}: {item['property']}[/]"
    in_colour = console.color_system is not None and not console.no_color
    text = joined(list(counterexample_lines(item)), in_colour)
    console.print(Panel(text, title=title, title_align="left", border_style="red"))
    confirmed = f"confirmed in {' and '.join(found['confirmed_by'])}; " if found["confirmed_by"] else ""
    _indented(console, f"{confirmed}script: {found['id']}.py in the report folder")
    if found.get("target"):
        _indented(console, f"look again: {replay_command(found, folder)}")


def _indented(console: Console, text: str) -> None:
    for line in textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False):
        console.print(line, markup=False, soft_wrap=True)
