"""Counterexamples in few lines each: for a terminal's last lines, for a failing test, and for GitHub."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from ..records.making import Record
from .telling import counterexample_text, looks_like, replay_command


def one_line(item: Record) -> str:
    """A counterexample in one line: whose, which property, and what is wrong."""
    return f"✗ {item['subject']}: {item['property']}: {item['reason']} ({item['counterexample']['id']}.py shows it)"


def in_few_lines(item: Record, folder: str) -> str:
    """What a mistake looks like, what is wrong, and the command that looks at it again."""
    found = item["counterexample"]
    lines = [f"looks like: {looks_like(found)}"] if looks_like(found) else []
    lines += [item["reason"], item["sentence"]]
    if found.get("target"):
        lines.append(f"look again: {replay_command(found, folder)}")
    return "\n".join([*lines, f"script: {found['id']}.py in the report folder"])


def failure_text(item: Record, folder: str) -> str:
    """What a failing test says: what is wrong in its first lines, and then the whole counterexample."""
    found = item["counterexample"]
    lines = [item["reason"]]
    lines += [f"looks like: {looks_like(found)}"] if looks_like(found) else []
    lines += [f"look again: {replay_command(found, folder)}"] if found.get("target") else []
    return "\n".join([*lines, "", counterexample_text(item)])


def properties_of(item: Record) -> list[tuple[str, object]]:
    """What a test report says of a search besides, such as ``<properties>`` in JUnit's form."""
    told: dict[str, object] = {key: item[key] for key in ("subject", "property", "verdict", "evidence", "points")}
    found = item["counterexample"]
    if found is not None:
        told |= {"id": found["id"], "diagnosis": looks_like(found)}
    return [(f"backproof_{key}", value) for key, value in told.items() if value not in ("", None)]


def announcements(falsified: Sequence[Record], folder: str) -> Iterator[str]:
    """Workflow commands that make GitHub mark the line where a falsified subject is written; none elsewhere.

    Source of the format: GitHub's documentation of workflow commands, "Setting an error message".
    """
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return
    for item in falsified:
        written = item["counterexample"]["written"]
        place = f"file={_property(seen_from_root(written['file']))},line={written['line']}," if written else ""
        title = _property(f"{item['subject']}: {item['property']}")
        yield f"::error {place}title={title}::{_data(in_few_lines(item, folder))}"


def seen_from_root(file: str) -> str:
    """A file as seen from the root of the repository, where GitHub says which that is."""
    root, path = os.environ.get("GITHUB_WORKSPACE"), Path.cwd() / file
    return path.relative_to(root).as_posix() if root and path.is_relative_to(root) else file


def append_to_step_summary(record: Record, folder: str) -> None:
    """Add a run to the summary of the step on GitHub that it is part of; nothing elsewhere."""
    from .markdown import MOST_OF_A_SUMMARY, report_markdown

    named = os.environ.get("GITHUB_STEP_SUMMARY")
    if not named:
        return
    with suppress(OSError):  # a summary that cannot be written is no reason to fail
        there = Path(named).stat().st_size if Path(named).exists() else 0
        if MOST_OF_A_SUMMARY - there > 1000:
            with open(named, "a", encoding="utf-8") as summary:
                summary.write(report_markdown(record, folder, MOST_OF_A_SUMMARY - there - 1) + "\n")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
