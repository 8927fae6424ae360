"""Writing a report: ``report.json`` and one self-contained ``index.html``, each whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from .derivations import derivations_page
from .page import page
from .reading import REPORT, ReportError, read_report
from .records import COUNTEREXAMPLE_SCHEMA, Record

__all__ = ["ReportError", "read_report", "write_report"]

FOLDER = Path("backproof-report")


def write_report(record: Record, folder: Path) -> Path:
    """Write the report of a run, and return the path of its page. Raises ReportError where the folder refuses."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / REPORT, json.dumps(record, indent=1, allow_nan=False))
        derivations = derivations_page(record)
        if derivations is not None:
            _write(folder / "derivations.html", derivations)
        _write(folder / "index.html", page(record, has_derivations=derivations is not None))
        for item in record["items"]:
            found = item["counterexample"]
            if found is not None:
                _write(folder / f"{found['id']}.py", found["script"])
                alone = {"schema": COUNTEREXAMPLE_SCHEMA, **found}
                _write(folder / f"{found['id']}.json", json.dumps(alone, indent=1, allow_nan=False))
    except OSError as error:
        raise ReportError(
            f"the report folder {str(folder)!r} cannot be written: {error.strerror}. Name another with --report."
        ) from error
    return folder / "index.html"


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
