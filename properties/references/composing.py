"""A stack's value and its pullback, composed of those of its layers by hand: the tape has no part in it.

Each layer's forward runs once more just before its pullback does, and all it is handed are copies. In the stack's own
run all forwards come first, and layers hand each other the very arrays that they return.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from backproof.engine.extended import ExtendedArray, active, stripped, to_float
from backproof.engine.subjects import Stage, Subject, counted
from backproof.strategies.points import Point

from ..judgement import inconclusive
from .differences import as_extended
from .running import Lifted, Settled, bound_forward, run_vjp

TINY = 1e-20  # what is larger is no noise

Run = Callable[[int, Sequence[Any]], Any]  # of the layer with this number, on what it is handed: its output
Pull = Callable[[int, Any], Sequence[Any]]  # of the layer with this number, of this cotangent: its cotangents


@dataclass(frozen=True)
class Use:
    """A layer, and the point at which a stack uses it: what a person would test the layer alone with."""

    subject: Subject
    point: Point


@dataclass(frozen=True)
class Composition:
    """The cotangents of a stack's arguments, None for those without one, and how each layer was used."""

    cotangents: list[Any]
    uses: list[Use]


def called(number: int, stages: Sequence[Stage] | Sequence[Use]) -> str:
    """What a layer of a stack is called in reasons; ``number`` counts from 0."""
    return f"layer {number + 1} of {len(stages)}, {stages[number].subject.name}"


def composed(stages: Sequence[Stage], lifted: Lifted) -> Composition:
    """The composition in extended precision.

    Raises Settled, for the layer that it names, where a pullback raises or returns another shape; and where
    there are numbers on the way that are no finite float64: nobody computes there.
    """
    given: list[Sequence[ExtendedArray]] = []
    uses: dict[int, Use] = {}

    def run(number: int, arrays: Sequence[ExtendedArray]) -> ExtendedArray:
        given.append(arrays)
        handed = _lifted(stages[number], arrays, lifted.cotangent)
        return as_extended(bound_forward(stages[number].subject, handed)(*arrays)).copy()

    def pull(number: int, ct: ExtendedArray) -> list[Any]:
        handed = _lifted(stages[number], given[number], ct)
        uses[number] = Use(stages[number].subject, handed.point)
        try:
            pulled = run_vjp(stages[number].subject, handed).pull(ct)
        except Settled as settled:
            reason = f"{called(number, stages)}: {settled.judgement.reason}"
            raise Settled(replace(settled.judgement, reason=reason)) from settled
        return [cotangent if cotangent is None else cotangent.copy() for cotangent in pulled]

    run_through(stages, lifted.primals, run)
    cotangents = pull_back(stages, len(lifted.primals), lifted.cotangent, pull)
    return Composition(cotangents, [uses[number] for number in range(len(stages))])


def _lifted(stage: Stage, given: Sequence[ExtendedArray], ct: ExtendedArray) -> Lifted:
    floats = tuple(_floats(array) if array.dtype.kind == "f" else array for array in given)
    point = Point(floats, stage.options, _floats(ct))
    running = point.cotangent if stage.is_added else point.primals[0]
    if not (np.isfinite(running).all() and np.isfinite(point.cotangent).all()):
        reason = "what the layers hand each other is no finite number"
        raise Settled(replace(inconclusive(reason), outside=True))
    return Lifted(point, tuple(given), stage.options, ct)


def _floats(array: ExtendedArray) -> np.ndarray[Any, Any]:
    """In float64, with 0 for what is 0 to within its error: noise behind a saturated layer is nobody's cotangent."""
    floats, numbers = to_float(array), stripped(array)
    for place in map(tuple, np.argwhere((floats != 0) & (np.abs(floats) < TINY))):
        if abs(active().midpoint(numbers[place])) <= active().radius(numbers[place]):
            floats[place] = 0.0
    return floats


def composed_on_floats(stages: Sequence[Stage], point: Point) -> Composition:
    """The composition on floats. Raises whatever a layer raises."""
    given: list[list[Any]] = []
    uses: dict[int, Use] = {}

    def run(number: int, arrays: Sequence[Any]) -> Any:
        given.append([array.copy() for array in arrays])
        return np.array(stages[number].subject.forward(*(a.copy() for a in arrays), **stages[number].options))

    def pull(number: int, ct: Any) -> list[Any]:
        stage = stages[number]
        uses[number] = Use(stage.subject, Point(tuple(given[number]), stage.options, np.array(ct)))
        pullback = stage.subject.vjp(*(a.copy() for a in given[number]), **stage.options)[1]
        return [None if g is None else np.array(g) for g in counted(stage.subject, pullback(np.array(ct)))]

    run_through(stages, point.primals, run)
    cotangents = pull_back(stages, len(point.primals), point.cotangent, pull)
    return Composition(cotangents, [uses[number] for number in range(len(stages))])


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
