"""Projects of somebody else's: sessions of pytest in a folder, in this process or in one of their own."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

QUIETLY = ("-q", "-p", "no:cacheprovider")


@dataclass(frozen=True)
class Session:
    """What a session of pytest printed, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def pytest_in(folder: Path, *arguments: str) -> Session:
    """A session in this process: starting another takes longer than most tests."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(folder),
        _modules_left_as_they_were(folder),
        warnings.catch_warnings(),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        warnings.simplefilter("ignore")  # that plugins are imported already is no news
        code = pytest.main([*QUIETLY, "-p", "no:xdist", "-p", "no:randomly", *arguments])
    return Session(int(code), out.getvalue(), err.getvalue())


def pytest_apart(folder: Path, *arguments: str) -> Session:
    """A session in a process of its own, as it must be where there are workers, or where the process may die."""
    command = [sys.executable, "-m", "pytest", *QUIETLY, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return Session(done.returncode, done.stdout, done.stderr)


@contextlib.contextmanager
def _modules_left_as_they_were(folder: Path) -> Iterator[None]:
    path = sys.path.copy()
    try:
        yield
    finally:
        sys.path[:] = path
        for name, module in list(sys.modules.items()):
            if Path(getattr(module, "__file__", None) or "/").is_relative_to(folder):
                del sys.modules[name]
