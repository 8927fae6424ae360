"""The HTML page of a run: an overview, and a section for each counterexample."""

from __future__ import annotations

import numpy as np

from .pages import SYMBOLS, template
from .records import Record, array_of


def page(record: Record, has_derivations: bool = False) -> str:
    """The page as one string that needs nothing beside it; whatever users supplied is escaped."""
    items = record["items"]
    properties = list(dict.fromkeys(item["property"] for item in items))
    rows: dict[str, dict[str, Record]] = {}
    for item in items:
        rows.setdefault(item["subject"], {})[item["property"]] = item
    return template("page.html.j2").render(
        run=record,
        has_derivations=has_derivations,
        properties=properties,
        sentences={item["property"]: item["sentence"] for item in items},
        rows=rows,
        left_out=_left_out(record),
        failures=[item for item in items if item["counterexample"]],
        counts={verdict: sum(item["verdict"] == verdict for item in items) for verdict in SYMBOLS},
        symbols=SYMBOLS,
        shown=_shown,
        title=lambda name: name.replace("_", " "),
    )


def _left_out(record: Record) -> list[tuple[str, str, list[str]]]:
    """What does not apply: the property, why, and the subjects for which that is the reason."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for subject, reasons in record["left_out"].items():
        for name, reason in reasons.items():
            grouped.setdefault((name, reason), []).append(subject)
    return [(name, reason, subjects) for (name, reason), subjects in sorted(grouped.items())]


def _shown(array: Record) -> str:
    """An array as a person would write it."""
    with np.printoptions(precision=17, floatmode="unique", threshold=400):
        return str(array_of(array))
