"""Work in processes of its own, each piece with limits: code under test may run forever, or take the process along."""

from __future__ import annotations

import contextlib
import math
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

from backproof.engine.errors import BackproofError

from .last_words import ask_for_last_words, leave_last_words, said_in

_CONTEXT = multiprocessing.get_context("spawn")
DIED, DOES_NOT_END, INTERRUPTED = "the process died", "does not end", "the run was interrupted"
_STILLBORN = 4  # processes that may die before they are given anything


class CannotWork(BackproofError):
    """No process can be started that lives long enough to be given anything."""


@dataclass(frozen=True)
class Stopped:
    """What stands in place of a result that never came: why, how its process ended, and what it was at."""

    reason: str
    ended: str = field(default="", compare=False)  # "SIGSEGV", "exit code 3"
    where: str = field(default="", compare=False)  # "backward (course.py:12)"


@dataclass
class _Worker:
    """A process, the pipe to it, the one on which it says where it was when it died, and what it is at."""

    process: Any
    pipe: Connection
    last_words: Connection
    at: int | None = None
    until: float = math.inf
    is_ready: bool = False


def run_limited(
    work: Callable[[Any], Any],
    items: Sequence[tuple[Any, float]],
    processes: int,
    memory: int | None = None,
    unless: Callable[[Any], str] = lambda _: "",
) -> Iterator[tuple[int, Any]]:
    """Run ``work(item)`` for all items, each with the seconds it may take; numbers and results as they are ready.

    A process that takes longer, or dies, is replaced by another, and its item's result is `Stopped`: no other item
    is lost. A KeyboardInterrupt stops what is under way, and is raised again after that. ``memory`` is the bytes that
    a process may hold, beyond which it sees a MemoryError (on Linux).
    ``unless(item)`` is asked before an item is begun: the reason why it need not be any more, or nothing.
    Raises CannotWork where processes die before they are given anything.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by the children before they import NumPy
    waiting = deque(range(len(items)))
    stillborn = 0
    workers = [_started(work, memory) for _ in range(min(processes, len(items)))]
    try:
        while waiting or any(worker.at is not None for worker in workers):
            for worker in list(workers):
                while worker.is_ready and worker.at is None and waiting:
                    number = waiting.popleft()
                    why = unless(items[number][0])
                    if why:
                        yield number, Stopped(why)
                    elif not _gave(worker, number, items[number]):
                        waiting.appendleft(number)
                        break
            soonest = min((worker.until for worker in workers), default=math.inf)
            pipes = [worker.pipe for worker in workers if worker.at is not None or waiting]
            if pipes:
                wait(pipes, timeout=None if soonest == math.inf else max(0.0, soonest - time.monotonic()))
            for worker in list(workers):
                done, result = worker.at, _result(worker)
                if result is None:
                    continue
                if isinstance(result[0], Stopped):
                    workers.remove(worker)
                    stillborn += done is None
                    if stillborn >= _STILLBORN:
                        raise CannotWork(
                            f"processes that were to do the work died before they were given any: {result[0].ended}. "
                            "Run with --processes 0 to see why, or give more --memory."
                        )
                    workers += [_started(work, memory)] if waiting or done is None else []
                if done is not None:
                    yield done, result[0]
    except KeyboardInterrupt:
        for worker in workers:
            if worker.at is not None:
                _ask(worker)
                yield worker.at, _end(worker, INTERRUPTED)
        raise
    finally:
        for worker in workers:
            _end(worker)


def _gave(worker: _Worker, number: int, item: tuple[Any, float]) -> bool:
    """Give an item to a worker; whether it could take it."""
    try:
        worker.pipe.send(item[0])
    except OSError:
        return False  # it died while it had nothing to do: seen as such when it is asked for a result
    worker.at, worker.until = number, time.monotonic() + item[1]
    return True


def _result(worker: _Worker) -> tuple[Any] | None:
    """What a worker has come to since it was last asked: one result, or nothing yet. One that is stopped has ended."""
    if worker.pipe.poll():
        try:
            result = worker.pipe.recv()
        except (EOFError, OSError):
            return (_end(worker, DIED),)
        if not worker.is_ready:
            worker.is_ready = True
            return None
        worker.at, worker.until = None, math.inf
        return (result,)
    if time.monotonic() > worker.until:
        _ask(worker)
        return (_end(worker, DOES_NOT_END),)
    return None


def _ask(worker: _Worker) -> None:
    if worker.is_ready and worker.process.is_alive():
        ask_for_last_words(worker.process.pid, worker.last_words)


def _started(work: Callable[[Any], Any], memory: int | None) -> _Worker:
    here, there = _CONTEXT.Pipe()
    last_words, telling = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_serve, args=(there, telling, work, memory), daemon=True)
    with _without_interrupts():
        process.start()
    there.close()
    telling.close()
    return _Worker(process, here, last_words)


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


def _end(worker: _Worker, reason: str = "") -> Stopped:
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
