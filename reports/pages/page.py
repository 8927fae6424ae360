"""The HTML page of a run: an overview, and a section for each counterexample."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from backproof.properties.battery import PROPERTIES

from ..forms.telling import missing_lines
from ..records.making import Record
from . import SYMBOLS, inlined, lists, overview, template
from .counterexamples import MOST_IN_FULL, view

_ORDER = {name: place for place, name in enumerate(PROPERTIES)}
MOST_OF_ONE = 4  # counterexamples of one subject that come before those of the next


def page(record: Record, has_derivations: bool = False, folder: Path | None = None) -> str:
    """The page as one string that needs nothing beside it; whatever users supplied is escaped.

    ``folder`` is where it will stand: from there it points to the files where pullbacks are written.
    """
    items = record["items"]
    judged_by = {item["property"]: item["sentence"] for item in items}
    properties = sorted(judged_by, key=lambda name: _ORDER.get(name, len(_ORDER)))
    failures = _in_order([item for item in items if item["counterexample"]])
    full = failures[:MOST_IN_FULL]
    style, style_hash = inlined("page.css.j2")
    script, script_hash = inlined("page.js.j2")
    return template("page.html.j2").render(
        run=record,
        has_derivations=has_derivations,
        policy=f"default-src 'none'; style-src {style_hash}; script-src {script_hash}; base-uri 'none'; "
        "form-action 'none'",
        style=style,
        script=script,
        sentences=judged_by,
        counts=overview.counts(items),
        subjects=len({item["subject"] for item in items}),
        properties=properties,
        groups=overview.groups(items, properties, frozenset(item["counterexample"]["id"] for item in failures)),
        data=overview.data(items, properties),
        failures=[(item, view(item["counterexample"], folder, number)) for number, item in enumerate(full)],
        failing=lists.failing(full),
        missing=list(missing_lines(record.get("missing") or ())),
        further=failures[MOST_IN_FULL:],
        inconclusive=[item for item in items if overview.state(item) == "inconclusive"],
        worth_a_look=lists.worth_a_look(items),
        slowest=lists.slowest(items),
        left_out=lists.left_out(record),
        evidence=overview.EVIDENCE,
        letters=overview.LETTERS,
        seen={item["evidence"] for item in items},
        symbols=SYMBOLS,
        state=overview.state,
        said_digits=overview.said_digits,
        title=overview.title,
        sentence=_sentence,
    )


def _sentence(text: str) -> str:
    """A text as a sentence; what it begins with stays small where that may be a name."""
    begins = text.startswith(("the ", "a ", "an "))
    return f"{text[:1].upper() if begins else text[:1]}{text[1:]}{'' if text.endswith('.') else '.'}"


def _in_order(failures: list[Record]) -> list[Record]:
    """As they come, but the further ones of a subject that has many later, and known failures last."""
    seen: Counter[str] = Counter()
    ranks = []
    for item in failures:
        seen[item["subject"]] += 1
        ranks.append((overview.state(item) == "accepted", seen[item["subject"]] > MOST_OF_ONE))
    return [failures[place] for place in sorted(range(len(failures)), key=ranks.__getitem__)]
