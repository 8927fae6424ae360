"""Writing a report: ``report.json``, one self-contained ``index.html`` and the other forms, all whole or none."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from .derivations import derivations_page
from .markdown import counterexample_markdown, report_markdown
from .page import page
from .reading import REPORT, ReportError, read_report
from .records import COUNTEREXAMPLE_SCHEMA, Record
from .sarif import sarif

__all__ = ["ReportError", "must_be_writable", "read_report", "write_report"]

FOLDER = Path("backproof-report")


def write_report(record: Record, folder: Path) -> Path:
    """Write the report of a run, and return the path of its page. Raises ReportError where the folder refuses.

    All of its files are new afterwards, or all are as they were: a full disk leaves the former report, and of two
    runs that write into one folder the one that comes last.
    """
    inside, here = folder.absolute(), Path.cwd()
    shown = str(inside.relative_to(here) if inside.is_relative_to(here) else inside)
    texts = {name: text.encode(errors="backslashreplace") for name, text in _texts(record, shown, folder).items()}
    with _refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with _alone_in(folder):
            _write_all(folder, texts)
    return folder / "index.html"


def must_be_writable(folder: Path) -> None:
    """Raise ReportError where no report can be written into a folder: better before the searches than after them."""
    with _refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"a report")


def _texts(record: Record, folder: str, place: Path) -> dict[str, str]:
    """The files of a report by name; ``folder`` is the ``place`` where they go, as people would write it."""
    found = [item["counterexample"] for item in record["items"] if item["counterexample"] is not None]
    texts = {f"{each['id']}.py": each["script"] for each in found}
    for item in record["items"]:
        if item["counterexample"] is not None:
            texts[f"{item['counterexample']['id']}.md"] = counterexample_markdown(item, folder)
            alone = {"schema": COUNTEREXAMPLE_SCHEMA, **item["counterexample"]}
            texts[f"{item['counterexample']['id']}.json"] = json.dumps(alone, indent=1, allow_nan=False)
    texts["report.md"] = report_markdown(record, folder)
    texts["report.sarif"] = json.dumps(sarif(record, folder), indent=1)
    derivations = derivations_page(record)
    if derivations is not None:
        texts["derivations.html"] = derivations
    texts["index.html"] = page(record, has_derivations=derivations is not None, folder=place)
    texts[REPORT] = json.dumps(record, indent=1, allow_nan=False)
    return texts


@contextmanager
def _refused(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReportError(
            f"the report folder {str(folder)!r} cannot be written: {error.strerror}. Name another with --report."
        ) from error


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Nobody else writes a report into a folder meanwhile; no file is left behind by that."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system that knows no locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write_all(folder: Path, texts: Mapping[str, bytes]) -> None:
    """Write beside the files and rename when all are there, so that nobody ever reads half of anything."""
    beside: dict[str, str] = {}
    try:
        for name, text in texts.items():
            handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
            beside[name] = temporary
            with os.fdopen(handle, "wb") as file:
                file.write(text)
            os.chmod(temporary, 0o644)
        for name in texts:
            os.replace(beside[name], folder / name)
            del beside[name]
    finally:
        for temporary in beside.values():
            os.unlink(temporary)
