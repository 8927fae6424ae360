"""Writing a report: ``report.json`` and one self-contained ``index.html``, each whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from backproof.engine.errors import BackproofError

from .derivations import derivations_page
from .page import page
from .records import SCHEMA, Record

FOLDER = Path("backproof-report")


class ReportError(BackproofError):
    """A report cannot be written or read."""


def write_report(record: Record, folder: Path) -> Path:
    """Write the report of a run, and return the path of its page. Raises ReportError where the folder refuses."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "report.json", json.dumps(record, indent=1))
        derivations = derivations_page(record)
        if derivations is not None:
            _write(folder / "derivations.html", derivations)
        _write(folder / "index.html", page(record, has_derivations=derivations is not None, folder=folder))
        for item in record["items"]:
            found = item["counterexample"]
            if found is not None:
                _write(folder / f"{found['id']}.py", found["script"])
    except OSError as error:
        raise ReportError(
            f"the report folder {str(folder)!r} cannot be written: {error.strerror}. Name another with --report."
        ) from error
    return folder / "index.html"


def read_report(path: Path) -> Record:
    """Read a ``report.json``. Raises ReportError that says what is wrong with the file."""
    try:
        record = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ReportError(
            f"{str(path)!r} is not a report: {error}. Name a report.json that backproof wrote."
        ) from error
    schema = record.get("schema") if isinstance(record, dict) else None
    if schema != SCHEMA:
        raise ReportError(f"{str(path)!r} has the schema {schema!r}, but should have {SCHEMA!r}. Write it anew.")
    return dict(record)


def _write(path: Path, text: str) -> None:
    """Write beside the file and rename, so that nobody ever reads half of it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
