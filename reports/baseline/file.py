"""Editing ``backproof-baseline.toml``: entries come and go, and what a person wrote around them stays."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path

from .entries import Accepted, BaselineError, read_baseline

_HEADING = re.compile(r"\s*\[\[\s*accepted\s*\]\]")
_FIRST_LINES = "# Known failures that backproof accepts, each with a reason and the last day on which it does.\n"


def add_entry(path: Path, entry: Accepted) -> None:
    """Write an entry at the end of the file, in place of one that speaks of the same. Raises BaselineError."""
    before = read_baseline(path)
    same = [_key(each) == _key(entry) for each in before]
    text = _without(_read(path), same) if any(same) else _read(path)
    text = text or _FIRST_LINES
    gap = "" if text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
    _write(path, f"{text}{gap}{_entry(entry)}", [*(e for e, gone in zip(before, same, strict=True) if not gone), entry])


def remove_entries(path: Path, is_gone: Callable[[Accepted], bool]) -> list[Accepted]:
    """Take entries out of the file, and return them. Raises BaselineError."""
    before = read_baseline(path)
    gone = [is_gone(entry) for entry in before]
    if any(gone):
        kept = [entry for entry, is_out in zip(before, gone, strict=True) if not is_out]
        _write(path, _without(_read(path), gone), kept)
    return [entry for entry, is_out in zip(before, gone, strict=True) if is_out]


def _key(entry: Accepted) -> tuple[str, ...]:
    return entry.subject, entry.property, entry.id, entry.diagnosis


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _entry(entry: Accepted) -> str:
    lines = ["[[accepted]]"]
    for field in fields(Accepted):
        value = getattr(entry, field.name)
        if value:
            lines.append(f"{field.name} = {value.isoformat() if field.name == 'until' else _text(value)}")
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """A basic string of TOML's: escaped as in JSON, and DEL too."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _without(text: str, gone: Sequence[bool]) -> str:
    """The text without the entries that are gone; what stands in front of the first one stays."""
    chunks: list[list[str]] = [[]]
    for line in text.splitlines(keepends=True):
        if _HEADING.match(line):
            above = chunks[-1] if len(chunks) > 1 else []  # a comment right above an entry goes with it
            first = next((n for n in range(len(above), 0, -1) if not above[n - 1].startswith("#")), len(above))
            chunks.append(above[first:])
            del above[first:]
        chunks[-1].append(line)
    kept = [chunk for chunk, is_out in zip(chunks[1:], gone, strict=False) if not is_out]
    return "".join(line for chunk in (chunks[0], *kept) for line in chunk)


def _write(path: Path, text: str, means: Sequence[Accepted]) -> None:
    """Replace the file as a whole, once it is sure that the text means what it should."""
    handle, temporary = tempfile.mkstemp(dir=path.resolve().parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        if read_baseline(Path(temporary)) != list(means):
            raise BaselineError(f"{str(path)!r} is written in a way that cannot be changed from here: edit it by hand.")
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
