"""Work in processes of its own, each piece with a time limit: a mutant may run forever, or take the process along."""

from __future__ import annotations

import contextlib
import math
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Stopped:
    """What stands in place of a result that never came: why."""

    reason: str


@dataclass
class _Worker:
    """A process, the pipe to it, and what it is at."""

    process: Any
    pipe: Connection
    at: int | None = None
    until: float = math.inf
    ready: bool = field(default=False)


def run_limited(
    work: Callable[[Any], Any], items: Sequence[tuple[Any, float]], processes: int
) -> Iterator[tuple[int, Any]]:
    """Run ``work(item)`` for all items, each with the seconds it may take; numbers and results as they are ready.

    A process that takes longer, or dies, is replaced by another, and its item's result is `Stopped`.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by the children before they import NumPy
    waiting = list(range(len(items)))[::-1]
    workers = [_started(work) for _ in range(min(processes, len(items)))]
    try:
        while waiting or any(worker.at is not None for worker in workers):
            soonest = min((worker.until for worker in workers), default=math.inf)
            busy = [worker.pipe for worker in workers if not worker.ready or worker.at is not None]
            wait(busy, timeout=None if soonest == math.inf else max(0.0, soonest - time.monotonic()))
            for worker in list(workers):
                number, result = worker.at, _result(worker)
                if number is not None and result is not None:
                    yield number, result[0]
                if result is not None and isinstance(result[0], Stopped):
                    _stop(worker)
                    workers.remove(worker)
                    workers += [_started(work)] if waiting else []
                elif worker.ready and worker.at is None and waiting:
                    worker.at = waiting.pop()
                    item, seconds = items[worker.at]
                    worker.until = time.monotonic() + seconds
                    worker.pipe.send(item)
    finally:
        for worker in workers:
            _stop(worker)


def _result(worker: _Worker) -> tuple[Any] | None:
    """What a worker has come to since it was last asked: one result, or nothing yet."""
    if worker.pipe.poll():
        try:
            result = worker.pipe.recv()
        except (EOFError, OSError):
            if worker.at is None:
                raise RuntimeError("a process that was to run mutants died before it was given one") from None
            return (Stopped("the process died"),)
        if not worker.ready:
            worker.ready = True
            return None
        worker.at, worker.until = None, math.inf
        return (result,)
    if time.monotonic() > worker.until:
        return (Stopped("does not end"),)
    return None


def _started(work: Callable[[Any], Any]) -> _Worker:
    here, there = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=_serve, args=(there, work), daemon=True)
    process.start()
    there.close()
    return _Worker(process, here)


def _stop(worker: _Worker) -> None:
    worker.pipe.close()
    worker.process.kill()
    worker.process.join()


def _serve(pipe: Connection, work: Callable[[Any], Any]) -> None:
    with contextlib.suppress(EOFError, KeyboardInterrupt, BrokenPipeError):
        pipe.send("ready")
        while True:
            pipe.send(work(pipe.recv()))
