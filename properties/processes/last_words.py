"""What a process was at when it died or was stopped, in C code too: it says so on a pipe, by faulthandler."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import re
import signal
import sysconfig
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path

_OURS = Path(__file__).parents[2]
_FRAME = re.compile(r'File "([^"]+)", line (\d+) in (.+)')


def leave_last_words(pipe: Connection) -> None:
    """From now on this process writes to a pipe what it is at when it crashes, and when it is asked."""
    faulthandler.enable(pipe.fileno(), all_threads=False)
    if hasattr(faulthandler, "register"):  # not on Windows
        faulthandler.register(signal.SIGUSR1, pipe.fileno(), all_threads=False)


def ask_for_last_words(process: int, pipe: Connection) -> None:
    """Let a process that leaves last words write down what it is at, whatever it is at."""
    if hasattr(signal, "SIGUSR1"):
        os.kill(process, signal.SIGUSR1)
        wait([pipe], timeout=0.5)
        time.sleep(0.05)  # it writes line by line


def said_in(pipe: Connection) -> str:
    """What was written to a pipe so far, in short: "backward (course.py:12)", or nothing."""
    os.set_blocking(pipe.fileno(), False)
    said = ""
    with contextlib.suppress(OSError):
        said = os.read(pipe.fileno(), 2**16).decode(errors="replace")
    return place_of([(file, int(line), name) for file, line, name in _FRAME.findall(said)])


def place_of(frames: Sequence[tuple[str, int, str]]) -> str:
    """The innermost line of somebody's own code among (file, line, function): "backward (course.py:12)"."""
    frames = [frame for frame in frames if not frame[0].startswith("<")]
    own = [frame for frame in frames if not _is_library(Path(frame[0]))]
    for file, line, function in [*own, *frames][:1]:
        inside = Path(file).is_relative_to(Path.cwd())
        return f"{function} ({Path(file).relative_to(Path.cwd()) if inside else file}:{line})"
    return ""


def _is_library(file: Path) -> bool:
    homes = (_OURS, sysconfig.get_path("stdlib"), sysconfig.get_path("scripts"))
    return any(file.is_relative_to(home) for home in homes) or bool(
        {"site-packages", "dist-packages"}.intersection(file.parts)
    )
