"""The HTML page of a run: an overview, and a section for each counterexample."""

from __future__ import annotations

import numpy as np
from jinja2 import Environment, PackageLoader, select_autoescape

from .records import Record, array_of

SYMBOLS = {"passed": "✓", "falsified": "✗", "inconclusive": "?"}


def page(record: Record) -> str:
    """The page as one string that needs nothing beside it; whatever users supplied is escaped."""
    environment = Environment(
        loader=PackageLoader("backproof.reports", "."), autoescape=select_autoescape(["j2"]), trim_blocks=True
    )
    items = record["items"]
    properties = list(dict.fromkeys(item["property"] for item in items))
    rows: dict[str, dict[str, Record]] = {}
    for item in items:
        rows.setdefault(item["subject"], {})[item["property"]] = item
    return environment.get_template("page.html.j2").render(
        run=record,
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
