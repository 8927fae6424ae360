"""Writing a report: ``report.json``, one self-contained ``index.html`` and the other forms, all whole or none."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from ..forms.markdown import counterexample_markdown, report_markdown
from ..forms.sarif import sarif
from ..pages.derivations import derivations_page
from ..pages.page import page
from .making import COUNTEREXAMPLE_SCHEMA, Record
from .reading import REPORT, ReportError, read_report

__all__ = ["ReportError", "must_be_writable", "read_report", "write_report"]

FOLDER = Path("backproof-report")


def write_report(record: Record, folder: Path) -> Path:
    """Write the report of a run, and return the path of its page. Raises ReportError where the folder refuses.

    All of its files are new afterwards, or all are as they were: a full disk leaves the former report, and of two
    runs that write into one folder the one that comes last.
    """
    inside, here = folder.absolute(), Path.cwd()
    shown = str(inside.relative_to(here) if inside.is_relative_to(here) else inside)
    texts = {name: text.encode(errors="backslashreplace") for name, text in _texts(record, folder, shown).items()}
    with _refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with _alone_in(folder):
            former = _of_counterexamples(folder)
            _write_all(folder, texts)
            for name in former - set(texts):
                (folder / name).unlink(missing_ok=True)
    return folder / "index.html"


def must_be_writable(folder: Path) -> None:
    """Raise ReportError where no report can be written into a folder: better before the searches than after them."""
    with _refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"a report")


def _texts(record: Record, folder: Path, shown: str) -> dict[str, str]:
    """The files of a report by name; ``shown`` is the folder as commands in them name it."""
    found = [item["counterexample"] for item in record["items"] if item["counterexample"] is not None]
    texts = {f"{each['id']}.py": each["script"] for each in found}
    for item in record["items"]:
        if item["counterexample"] is not None:
            texts[f"{item['counterexample']['id']}.md"] = counterexample_markdown(item, shown)
            alone = {"schema": COUNTEREXAMPLE_SCHEMA, **item["counterexample"]}
            texts[f"{item['counterexample']['id']}.json"] = json.dumps(alone, indent=1, allow_nan=False)
    texts["report.md"] = report_markdown(record, shown)
    texts["report.sarif"] = json.dumps(sarif(record, shown), indent=1)
    derivations = derivations_page(record)
    if derivations is not None:
        texts["derivations.html"] = derivations
    texts["index.html"] = page(record, has_derivations=derivations is not None, folder=folder)
    texts[REPORT] = json.dumps(record, indent=1, allow_nan=False)
    return texts


def _of_counterexamples(folder: Path) -> set[str]:
    """The files of counterexamples that the report in a folder lists, if there is one: the next report replaces it."""
    try:
        items = json.loads((folder / REPORT).read_text())["items"]
        ids = [str(item["counterexample"]["id"]) for item in items if item["counterexample"] is not None]
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {f"{each}{ending}" for each in ids if each.isalnum() for ending in (".py", ".json", ".md")}


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
