"""Work in processes of its own, each piece with limits: code under test may run forever, or take the process along."""

from __future__ import annotations

import math
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import wait
from typing import Any

from backproof.engine.errors import BackproofError

from .worker import INTERRUPTED, Stopped, ask, end, gave, result_of, started

_STILLBORN = 4  # processes that may die before they are given anything


class CannotWork(BackproofError):
    """No process can be started that lives long enough to be given anything."""


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
    workers = [started(work, memory) for _ in range(min(processes, len(items)))]
    try:
        while waiting or any(worker.at is not None for worker in workers):
            for worker in list(workers):
                while worker.is_ready and worker.at is None and waiting:
                    number = waiting.popleft()
                    why = unless(items[number][0])
                    if why:
                        yield number, Stopped(why)
                    elif not gave(worker, number, items[number]):
                        waiting.appendleft(number)
                        break
            soonest = min((worker.until for worker in workers), default=math.inf)
            pipes = [worker.pipe for worker in workers if worker.at is not None or waiting]
            if pipes:
                wait(pipes, timeout=None if soonest == math.inf else max(0.0, soonest - time.monotonic()))
            for worker in list(workers):
                done, result = worker.at, result_of(worker)
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
                    workers += [started(work, memory)] if waiting or done is None else []
                if done is not None:
                    yield done, result[0]
    except KeyboardInterrupt:
        for worker in workers:
            if worker.at is not None:
                ask(worker)
                yield worker.at, end(worker, INTERRUPTED)
        raise
    finally:
        for worker in workers:
            end(worker)
