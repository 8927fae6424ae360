"""One process that works for another: it is started, given items, asked for results, and ended."""

from __future__ import annotations

import contextlib
import math
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from .last_words import ask_for_last_words, leave_last_words, said_in

_CONTEXT = multiprocessing.get_context("spawn")
DIED, DOES_NOT_END, INTERRUPTED = "the process died", "does not end", "the run was interrupted"


@dataclass(frozen=True)
class Stopped:
    """What stands in place of a result that never came: why, how its process ended, and what it was at."""

    reason: str
    ended: str = field(default="", compare=False)  # "SIGSEGV", "exit code 3"
    where: str = field(default="", compare=False)  # "backward (course.py:12)"


@dataclass
class Worker:
    """A process, the pipe to it, the one on which it says where it was when it died, and what it is at."""

    process: Any
    pipe: Connection
    last_words: Connection
    at: int | None = None
    until: float = math.inf
    is_ready: bool = False


def gave(worker: Worker, number: int, item: tuple[Any, float]) -> bool:
    """Give an item to a worker; whether it could take it."""
    try:
        worker.pipe.send(item[0])
    except OSError:
        return False  # it died while it had nothing to do: seen as such when it is asked for a result
    worker.at, worker.until = number, time.monotonic() + item[1]
    return True


def result_of(worker: Worker) -> tuple[Any] | None:
    """What a worker has come to since it was last asked: one result, or nothing yet. One that is stopped has ended."""
    if worker.pipe.poll():
        try:
            result = worker.pipe.recv()
        except (EOFError, OSError):
            return (end(worker, DIED),)
        if not worker.is_ready:
            worker.is_ready = True
            return None
        worker.at, worker.until = None, math.inf
        return (result,)
    if time.monotonic() > worker.until:
        ask(worker)
        return (end(worker, DOES_NOT_END),)
    return None


def ask(worker: Worker) -> None:
    """Ask a worker what it is at: it says so on its way, and `end` tells."""
    if worker.is_ready and worker.process.is_alive():
        ask_for_last_words(worker.process.pid, worker.last_words)


def started(work: Callable[[Any], Any], memory: int | None) -> Worker:
    """A new process that does the work on whatever it is given, with so many bytes of memory."""
    here, there = _CONTEXT.Pipe()
    last_words, telling = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_serve, args=(there, telling, work, memory), daemon=True)
    with _without_interrupts():
        process.start()
    there.close()
    telling.close()
    return Worker(process, here, last_words)


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Processes started here are born deaf to Ctrl-C, which a terminal sends to all: the one that started them acts."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def end(worker: Worker, reason: str = "") -> Stopped:
    """End a worker, if it has not ended by itself; how it did, and what it was at. Once more does nothing more."""
    if worker.pipe.closed:
        return Stopped(reason)
    if reason == DIED:
        worker.process.join(timeout=5.0)  # it has closed its pipe, and how it ends is yet to be known
    worker.process.kill()
    worker.process.join()
    code = worker.process.exitcode
    with contextlib.suppress(ValueError):
        ended = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    where = said_in(worker.last_words)
    for pipe in (worker.pipe, worker.last_words):
        pipe.close()
    return Stopped(reason, ended, where)


def _serve(pipe: Connection, telling: Connection, work: Callable[[Any], Any], memory: int | None) -> None:
    threading.Thread(target=_die_with_parent, daemon=True).start()
    leave_last_words(telling)
    if memory is not None:
        _limit_memory(memory)
    with contextlib.suppress(EOFError, KeyboardInterrupt, BrokenPipeError):
        pipe.send("ready")
        while True:
            pipe.send(work(pipe.recv()))


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    size = size if most == resource.RLIM_INFINITY else min(size, most)
    resource.setrlimit(resource.RLIMIT_DATA, (size, most))
