"""What a pullback returns that is no cotangent at all: nothing, an error, or an array of another shape."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .claims import FEWEST
from .jacobians import jacobian
from .runs import TINY, Array, NoCase, forward_at, largest, near, returned_at
from .sayings import Diagnosis


@dataclass(frozen=True)
class Misshapen:
    """An array that a pullback returned at a point, and the cotangents that are right there."""

    point: Point
    got: Array
    right: tuple[Array | None, ...]


def is_no_cotangent(subject: Subject, found: Point, fresh: Sequence[Point]) -> Diagnosis | None:
    """What is wrong with what is returned at the point that was found, before anybody looks at the numbers."""
    try:
        forward_at(subject, found)
    except NoCase:
        return None
    try:
        returned = returned_at(subject, found, found.cotangent)
    except NoCase as error:
        cause = error.__cause__
        if cause is None:
            return None
        return Diagnosis(f"the pullback raises {type(cause).__name__}: {cause}", "raises")
    for position in subject.differentiated:
        name, got, primal = subject.arguments[position], returned[position], found.primals[position]
        if got is None:
            return Diagnosis(f"the cotangent for {name} is None: nothing is returned for it", "none", name)
        if np.shape(got) != primal.shape:
            return _of_another_shape(subject, position, found, fresh)
    return None


def _of_another_shape(subject: Subject, position: int, found: Point, points: Sequence[Point]) -> Diagnosis | None:
    """What explains it at fresh points, whose numbers are generic: at the point that was found many things fit."""
    name = subject.arguments[position]
    seen = list(_misshapen(subject, position, points))
    if len(seen) < FEWEST:
        return None
    got = np.shape(returned_at(subject, found, found.cotangent)[position])
    shape = f"has the shape {got} where {name} has {found.primals[position].shape}"
    for says, kind, test in _tests(subject, position, seen):
        if all(test(each) for each in seen):
            return Diagnosis(f"the cotangent for {name} {says}; it {shape}", kind, name)
    return None


def _misshapen(subject: Subject, position: int, points: Sequence[Point]) -> Iterator[Misshapen]:
    for point in points:
        try:
            output, ct = forward_at(subject, point), point.cotangent
            got = returned_at(subject, point, ct)[position]
            if got is None or got.shape == point.primals[position].shape or not got.size:
                continue
            right: list[Array | None] = []
            for i in range(len(subject.arguments)):
                if not subject.is_differentiated(i):
                    right.append(None)
                    continue
                found, known = jacobian(subject, point, i, output)
                right.append(np.tensordot(ct, found, axes=ct.ndim) if known.all() else None)
            own = right[position]
            if own is not None and largest(own) > TINY:
                yield Misshapen(point, np.asarray(got, dtype=float), tuple(right))
        except NoCase:
            continue


def _tests(subject: Subject, position: int, seen: Sequence[Misshapen]) -> Iterator[tuple[str, str, Any]]:
    yield "is transposed", "transposed", lambda each: near(each.got.T, _own(each, position))
    yield (
        "has the right numbers in another shape",
        "shape",
        lambda each: (
            each.got.size == _own(each, position).size and near(each.got.ravel(), _own(each, position).ravel())
        ),
    )
    got = max(each.got.ndim for each in seen)
    for count in range(1, got + 1):
        for axes in itertools.combinations(range(-got, 0), count):
            for keeps in (False, True):
                shown = _listed(subject, seen, axes)
                yield (
                    f"is not summed over {shown}",
                    "missing_sum",
                    lambda each, a=axes, k=keeps: _summed(each.got, a, k, _own(each, position)),
                )
    for other in subject.differentiated:
        if other != position:
            says = f"is that for {subject.arguments[other]}"
            yield says, "swapped", lambda each, i=other: each.right[i] is not None and near(each.got, each.right[i])
    own_ranks = {_own(each, position).ndim for each in seen}
    own = max(own_ranks)
    for count in range(1, own + 1):
        for axes in itertools.combinations(range(-own, 0), count):
            for keeps in (False, True):
                shown = " and ".join(f"axis {axis + own if len(own_ranks) == 1 else axis}" for axis in axes)
                yield (
                    f"is summed over {shown}, and should not be",
                    "extra_sum",
                    lambda each, a=axes, k=keeps: _summed(_own(each, position), a, k, each.got),
                )


def _own(each: Misshapen, position: int) -> Array:
    right = each.right[position]
    assert right is not None
    return right


def _summed(array: Array, axes: tuple[int, ...], keeps: bool, expected: Array) -> bool:
    return array.ndim >= -min(axes) and near(np.sum(array, axis=axes, keepdims=keeps), expected)


def _listed(subject: Subject, seen: Sequence[Misshapen], axes: Sequence[int]) -> str:
    """The axes of what is returned, with the letters of the output's where it has the output's shape."""
    dimensions = subject.signature.output or ()
    as_output = all(each.got.shape == each.point.cotangent.shape for each in seen[1:] or seen)
    words = []
    for axis in axes:
        rank = seen[0].got.ndim
        number = axis + rank if len({each.got.ndim for each in seen}) == 1 else axis
        letter = dimensions[axis] if as_output and len(dimensions) >= -axis else ""
        named = isinstance(letter, str) and letter not in ("", "...")
        words.append(f"{letter} (axis {number})" if named else f"axis {number}")
    return " and ".join(words)
