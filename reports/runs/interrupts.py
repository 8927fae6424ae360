"""Runs that somebody ends before they are through."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def terminated_as_interrupted() -> Iterator[None]:
    """A SIGTERM in the block is a KeyboardInterrupt: whoever ends a run wants to know what it has found so far."""

    def interrupt(_: int, __: FrameType | None) -> Any:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
