"""Counterexamples in one line each: for a terminal's last lines, and for annotations on a pull request."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from .records import Record
from .terminal import counterexample_text


def one_line(item: Record) -> str:
    """A counterexample in one line: whose, which property, and what is wrong."""
    return f"✗ {item['subject']}: {item['property']}: {item['reason']} ({item['counterexample']['id']}.py shows it)"


def announcements(falsified: Sequence[Record]) -> Iterator[str]:
    """Workflow commands that make GitHub mark the line where a falsified subject is written; none elsewhere.

    Source of the format: GitHub's documentation of workflow commands, "Setting an error message".
    """
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return
    for item in falsified:
        written = item["counterexample"]["written"]
        place = f"file={_property(written['file'])},line={written['line']}," if written else ""
        title = _property(f"{item['subject']}: {item['property']}")
        yield f"::error {place}title={title}::{_data(counterexample_text(item))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
