"""The way down: the sizes of the points that failed while a counterexample was made small."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

MOST_STEPS = 20


@dataclass(frozen=True)
class Step:
    """A failing point on the way: the shapes of its arguments, and the number of layers (0 where it is no stack)."""

    shapes: tuple[tuple[int, ...], ...]
    layers: int

    @property
    def size(self) -> tuple[int, int]:
        """What is compared: layers first, then elements."""
        return self.layers, sum(map(math.prod, self.shapes))


def step(subject: Subject, point: Point) -> Step:
    """The step that a failing point of a subject is."""
    return Step(tuple(primal.shape for primal in point.primals), len(subject.stages))


def descent(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Those steps that went down, the largest first: the first one, each smaller than all before; 20 at most."""
    found: list[Step] = []
    for each in steps:
        if not found or each.size < found[-1].size:
            found.append(each)
    apart = max(1, -(-(len(found) - 1) // (MOST_STEPS - 1)))
    return tuple(found[:-1:apart] + found[-1:])
