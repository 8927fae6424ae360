"""A stack's value and its pullback, composed of those of its layers by hand: the tape has no part in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from backproof.engine.subjects import Stage

Run = Callable[[int, Sequence[Any]], Any]  # of the layer with this number, on what it is handed: its output
Pull = Callable[[int, Any], Sequence[Any]]  # of the layer with this number, of this cotangent: its cotangents


def run_through(stages: Sequence[Stage], primals: Sequence[Any], run: Run) -> None:
    """Run the layers one after the other, each on what the layers before it put out."""
    running: Any = primals[0]
    skipping: list[Any] = []
    for number, stage in enumerate(stages):
        skipping += [running] * stage.opens
        own = [primals[position] for position in stage.takes]
        output = run(number, own if stage.is_added else [running, *own])
        running = running + output if stage.is_added else output
        for _ in range(stage.closes):
            running = running + skipping.pop()


def pull_back(stages: Sequence[Stage], count: int, ct: Any, pull: Pull) -> list[Any]:
    """The cotangents for ``count`` primals: at a sum both summands get its cotangent, at a fork two are added."""
    collected: list[Any] = [None] * count
    arriving: Any = ct
    skipping: list[Any] = []
    for number, stage in reversed(list(enumerate(stages))):
        skipping += [arriving] * stage.closes
        cotangents = list(pull(number, arriving))
        if not stage.is_added:
            arriving = cotangents.pop(0)
        for position, cotangent in zip(stage.takes, cotangents, strict=True):
            earlier = collected[position]
            collected[position] = cotangent if earlier is None or cotangent is None else earlier + cotangent
        for _ in range(stage.opens):
            arriving = arriving + skipping.pop()
    collected[0] = arriving
    return collected
