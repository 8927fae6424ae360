"""Searches of a pytest session that have no verdict: their worker died, they took too long, or were never begun."""

from __future__ import annotations

import faulthandler
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

LAST_RESORT = 5.0  # seconds after which a process is ended whose Python does not get a word in


class TookTooLong(BaseException):
    """Raised in code that does not return; no Exception, for those are answers. Says where that was."""


@dataclass
class Lost:
    """What is known of the searches of a session from the reports of their tests, by node id."""

    searches: dict[str, None] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    handed_over: set[str] = field(default_factory=set)
    crashed: dict[str, str] = field(default_factory=dict)
    stopped: list[dict[str, str]] = field(default_factory=list)

    def expect(self, nodeids: list[str]) -> None:
        """Tests that are to be run; of these, the searches of suites."""
        self.searches |= dict.fromkeys(nodeid for nodeid in nodeids if _is_search(nodeid))

    def see(self, report: Any) -> None:
        """Take in the report of a test."""
        if report.when == "???" and report.failed:  # what pytest-xdist says of a worker that died
            self.crashed[report.nodeid] = str(report.longrepr).partition(" while running")[0]
        elif report.when == "call" or not report.passed:
            self.ended.add(report.nodeid)

    def missing(self) -> list[dict[str, str]]:
        """The searches without a verdict, as they stand in a record."""
        files = {nodeid.partition("::")[0] for nodeid in (*self.handed_over, *self.searches)}
        found = [*self.stopped]
        for nodeid, said in self.crashed.items():
            if nodeid.partition("::")[0] in files:
                found.append(_missing(nodeid, f"{said}. Run it alone: pytest {nodeid!r}"))
        unseen = [nodeid for nodeid in self.searches if nodeid not in self.ended and nodeid not in self.crashed]
        return found + [_missing(nodeid, "the session ended before it did") for nodeid in unseen]


def _is_search(nodeid: str) -> bool:
    parent, _, name = nodeid.rpartition("::")
    is_of_suite = "::" in parent and not name.startswith("test") and not name.endswith("]")
    if not is_of_suite:
        return False
    from backproof.properties.battery import PROPERTIES

    return name in PROPERTIES or name == "in_stacks"


def _missing(nodeid: str, reason: str) -> dict[str, str]:
    parent, _, name = nodeid.rpartition("::")
    is_search = _is_search(nodeid)
    return {"subject": parent if is_search else nodeid, "property": name if is_search else "", "reason": reason}


@contextmanager
def stopped_after(seconds: float, in_worker: bool) -> Iterator[None]:
    """Raise TookTooLong in the block after some seconds; end the process, if it is a worker's, where that is not heard.

    Nothing is done where somebody else has set an alarm, and outside of the main thread, where there are no signals.
    """
    has_alarms = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not has_alarms or signal.getitimer(signal.ITIMER_REAL)[0]:
        yield
        return

    from backproof.properties.processes.last_words import place_of

    def stop(_: int, frame: FrameType | None) -> Any:
        frames = []
        while frame is not None:
            frames.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
            frame = frame.f_back
        raise TookTooLong(place_of(frames))

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    if in_worker and sys.__stderr__ is not None:
        faulthandler.dump_traceback_later(seconds + LAST_RESORT, exit=True, file=sys.__stderr__)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if in_worker:
            faulthandler.cancel_dump_traceback_later()
