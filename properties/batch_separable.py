"""Rows of a batch do not know of each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .judgement import Evidence, Judgement, Setting, falsified, passed, sentence_property
from .references.claims import ties_matter
from .references.directions import dense_direction, direction_seeds
from .references.equality import same
from .references.judging import in_extended_precision
from .references.on_floats import difference, on_floats
from .references.plain_runs import Answers, plainly
from .references.running import Lifted, bound_forward, lift, run_vjp

SAYS = "the whole batch and its parts"


def _has_no_batch(subject: Subject) -> str | None:
    return None if subject.batch else 'it declares no batch dimension (batch="n")'


@sentence_property(
    "Over the batch dimension whole equals parts: slices of outputs and cotangents that have it, sums of the others.",
    _has_no_batch,
    weakens=True,
)
def batch_separable(subject: Subject, point: Point, setting: Setting) -> Judgement:
    judge = _judged_by_formula if setting.strength is Evidence.FORMULA else _judged_on_floats
    return judge(subject, point, setting)


@in_extended_precision
def _judged_by_formula(subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int) -> Judgement | None:
    batch = _batch(subject, point)
    if batch is None:
        return passed()
    whole = run_vjp(subject, lifted)
    expected = [whole.output, *whole.pull(lifted.cotangent)]
    names = ["the output", *(f"the cotangent for {name}" for name in subject.arguments)]
    seeds = direction_seeds(point.fingerprint, "batch")

    def at_a_kink() -> bool:
        directions = lifted.tangents(subject, lambda shape: dense_direction(shape, next(seeds)))
        return ties_matter(bound_forward(subject, lifted), lifted, bits, directions)

    for cuts in batch.ways_of_cutting():
        parts = []
        for part in batch.parts(cuts):
            lifted_part = lift(part)
            run = run_vjp(subject, lifted_part)
            parts.append([run.output, *run.pull(lifted_part.cotangent)])
        judgement = same(names, expected, batch.joined(cuts, parts), SAYS, at_a_kink)
        if judgement is None or judgement.reason:
            return judgement
    return judgement


@on_floats
def _judged_on_floats(subject: Subject, point: Point, setting: Setting) -> Judgement:
    batch = _batch(subject, point)
    if batch is None:
        return passed(Evidence.NATIVE)
    whole = plainly(subject, point)
    for cuts in batch.ways_of_cutting():
        parts = [(one.output, *one.cotangents) for one in (plainly(subject, part) for part in batch.parts(cuts))]
        output, *cotangents = batch.joined(cuts, parts)
        differs = difference(subject, point, setting, whole, Answers(output, tuple(cotangents)))
        if differs is not None:
            return falsified(f"{SAYS} differ for {differs.name}", Evidence.NATIVE, mismatch=differs.mismatch)
    return passed(Evidence.NATIVE)


@dataclass(frozen=True)
class _Batch:
    """A point, and along which axis of each array its batch lies (counted from the end; None: it has none)."""

    point: Point
    axes: tuple[int | None, ...]  # of the output, then of the arguments
    size: int
    reduction: str

    def ways_of_cutting(self) -> Iterator[tuple[int, ...]]:
        """Where to cut: one row and the rest, and where there are enough of them uneven parts."""
        yield (0, 1, self.size)
        if self.size > 3:
            yield (0, 2, 3, self.size)

    def parts(self, cuts: Sequence[int]) -> Iterator[Point]:
        """The point's parts between the cuts."""
        for first, last in pairwise(cuts):
            primals = zip(self.axes[1:], self.point.primals, strict=True)
            yield replace(
                self.point,
                primals=tuple(_cut(array, axis, first, last) for axis, array in primals),
                cotangent=_cut(self.point.cotangent, self.axes[0], first, last),
            )

    def joined(self, cuts: Sequence[int], parts: Sequence[Sequence[Any]]) -> list[Any]:
        """The output and the cotangents of the whole, made of those of its parts."""
        counts = [last - first for first, last in pairwise(cuts)]
        return [self._joined(i, axis, counts, [part[i] for part in parts]) for i, axis in enumerate(self.axes)]

    def _joined(self, place: int, axis: int | None, counts: Sequence[int], parts: Sequence[Any]) -> Any:
        if any(part is None for part in parts):
            return None
        if self.reduction == "mean":
            parts = [part * count / self.size for part, count in zip(parts, counts, strict=True)]
        if axis is not None and (place > 0 or not self.reduction):
            return np.concatenate(parts, axis=axis)
        return sum(parts[1:], start=parts[0])


def _batch(subject: Subject, point: Point) -> _Batch | None:
    """How the batch lies in a point; None where there is nothing to cut."""
    signature = subject.signature
    sizes, _ = signature.bind([p.shape for p in point.primals])
    if sizes[subject.batch] < 2 or signature.output is None or not all(p.size for p in point.primals):
        return None
    axes = tuple(_axis(dimensions, subject.batch) for dimensions in (signature.output, *signature.inputs))
    reduction = subject.reduction or str(point.options.get("reduction", ""))
    if axes[0] is None and reduction not in ("sum", "mean"):
        return None
    return _Batch(point, axes, sizes[subject.batch], "" if axes[0] is not None else reduction)


def _axis(dimensions: Sequence[str | int], batch: str) -> int | None:
    return dimensions.index(batch) - len(dimensions) if batch in dimensions else None


def _cut(array: Any, axis: int | None, first: int, last: int) -> Any:
    if axis is None:
        return array
    return array[(..., slice(first, last), *[slice(None)] * (-1 - axis))].copy()
