"""Operands that share memory: the same array twice, or views that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from backproof.engine.domains import is_elementwise
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .judgement import Evidence, Judgement, Setting, falsified, passed, sentence_property
from .references.on_floats import difference, on_floats
from .references.plain_runs import Raised, answers, plainly

Array = np.ndarray[Any, Any]


def _has_one_operand(subject: Subject) -> str | None:
    return None if len(_sharing(subject)) > 1 else "no two of its arguments can share memory"


def _sharing(subject: Subject) -> list[int]:
    return [
        position
        for position in subject.differentiated
        if is_elementwise(subject.domains[position]) and subject.arguments[position] not in subject.state
    ]


@sentence_property(
    "Operands that are one array, or overlapping views of one, give the separate cotangents that copies give.",
    _has_one_operand,
)
@on_floats
def aliased_operands(subject: Subject, point: Point, setting: Setting) -> Judgement:
    for shared in _shared(subject, point):
        apart = replace(point, primals=tuple(p.copy() for p in shared.primals))
        try:
            expected = plainly(subject, apart)
        except Raised:
            continue  # nobody said that these numbers go together
        try:
            got = answers(subject, shared.primals, point.options, point.cotangent.copy())
        except Raised as raised:
            return falsified(f"where {shared.how}, it raised {raised}", Evidence.NATIVE)
        differs = difference(subject, apart, setting, expected, got)
        if differs is not None:
            reason = f"where {shared.how}, {differs.name} is another than for copies"
            return falsified(reason, Evidence.NATIVE, mismatch=differs.mismatch)
    return passed(Evidence.NATIVE)


@dataclass(frozen=True)
class _Shared:
    """Primals of which some share memory, and in words which ones."""

    primals: tuple[Array, ...]
    how: str


def _shared(subject: Subject, point: Point) -> Iterator[_Shared]:
    for i, j in combinations(_sharing(subject), 2):
        if subject.domains[i] != subject.domains[j]:
            continue
        names = f"{subject.arguments[i]} and {subject.arguments[j]}"
        one, other = point.primals[i], point.primals[j]
        if one.shape == other.shape:
            yield _with(point, {i: (same := one.copy()), j: same}, f"{names} are the same array")
        if one.ndim == 2 and one.shape == other.shape[::-1]:
            yield _with(point, {i: (same := one.copy()), j: same.T}, f"{names} are an array and its transpose")
        memory = np.concatenate([one.ravel(), other.ravel()])
        start = min(1, one.size - 1)
        views = {i: memory[: one.size].reshape(one.shape), j: memory[start : start + other.size].reshape(other.shape)}
        yield _with(point, views, f"{names} are overlapping views of one array")


def _with(point: Point, replaced: dict[int, Array], how: str) -> _Shared:
    primals = tuple(replaced.get(i, p.copy()) for i, p in enumerate(point.primals))
    return _Shared(primals, how)
