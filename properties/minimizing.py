"""Making a failing point smaller where Hypothesis cannot: rows are dropped one by one, whatever stands in them.

Hypothesis draws sizes before numbers, and a smaller size gives every number another place: what fails for the sake
of its third row does not fail for a single one. Here the row that matters stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from backproof.engine.domains import Interval, Labels, Mask, Nonzero, OneHot
from backproof.engine.errors import BackproofError
from backproof.engine.subjects import Subject, quietly
from backproof.strategies.points import Point
from backproof.strategies.values import table_for

Array = np.ndarray[Any, Any]

MOST_TRIED = 200  # points
SIMPLEST = 5  # numbers that are tried in the place of another


def minimized(subject: Subject, point: Point, fails: Callable[[Point], bool]) -> Point:
    """A point on which it still fails, with no row that can be dropped, and the numbers that are left simplified."""
    left = MOST_TRIED
    for candidates in (_with_a_row_less, _with_a_simpler_number):
        found: Point | None = point
        while found is not None:
            point, found = found, None
            for candidate in candidates(subject, point):
                if left == 0:
                    return point
                left -= 1
                fitted = _fitted(subject, candidate)
                if fitted is not None and fails(fitted):
                    found = fitted
                    break
    return point


def _fitted(subject: Subject, point: Point) -> Point | None:
    """The point, with a cotangent that fits what the forward returns; None where it returns nothing."""
    try:
        with quietly():
            subject.put_randomness_back()
            shape = np.shape(subject.forward(*(p.copy() for p in point.primals), **point.options))
    except Exception:  # a person's code may raise anything
        return None
    if shape == point.cotangent.shape:
        return point
    if subject.signature.output is not None:
        return None
    return replace(point, cotangent=np.resize(point.cotangent, shape))


Axes = tuple[int | None, ...]  # for each argument and the output the axis, counted from the end; None: it has none


def _axes(subject: Subject, point: Point) -> Iterator[tuple[str, int, Axes]]:
    """The axes along which rows may be dropped: the name of each, its size, and where it lies in each array."""
    signature = subject.signature
    described = (*signature.inputs, signature.output or ())
    sizes, leading = signature.bind([p.shape for p in point.primals])
    for name, size in sizes.items():
        yield name, size, tuple(d.index(name) - len(d) if name in d else None for d in described)
    if signature.broadcasts:
        common = np.broadcast_shapes(*(p.shape for p in point.primals))
        shapes = (*(p.shape for p in point.primals), common if signature.output == () else ())
        for place in range(-len(common), 0):
            size = common[place]
            yield "", size, tuple(place if len(s) >= -place and s[place] == size else None for s in shapes)
    for number, size in enumerate(leading):
        yield "", size, tuple(number - len(leading) - len(d) + 1 if "..." in d else None for d in described)


def _with_a_row_less(subject: Subject, point: Point) -> Iterator[Point]:
    may_lose_rows = Interval | Nonzero | Mask | OneHot | Labels
    if not all(isinstance(domain, may_lose_rows) for domain in subject.domains):
        return
    try:
        axes = list(_axes(subject, point))
    except BackproofError:
        return
    for name, size, places in axes:
        for index in range(size) if size > 1 else ():
            *arrays, ct = (
                array if place is None else np.delete(array, index, axis=place)
                for array, place in zip((*point.primals, point.cotangent), places, strict=True)
            )
            primals = [_relabelled(p, d, name, index) for p, d in zip(arrays, subject.domains, strict=True)]
            if all(primal is not None for primal in primals):
                yield replace(point, primals=tuple(p for p in primals if p is not None), cotangent=ct)
    for name, size, places in axes:
        if name == "" and size == 1:
            arrays = [
                array if place is None else np.squeeze(array, axis=place)
                for array, place in zip((*point.primals, point.cotangent), places, strict=True)
            ]
            yield replace(point, primals=tuple(arrays[:-1]), cotangent=arrays[-1])


def _relabelled(array: Array, domain: object, name: str, index: int) -> Array | None:
    """Labels that count up to a dimension which has lost an index; None where it is one of them."""
    if not isinstance(domain, Labels) or domain.dimension != name:
        return array
    return None if np.any(array == index) else array - (array > index)


def _with_a_simpler_number(subject: Subject, point: Point) -> Iterator[Point]:
    arrays = (*point.primals, point.cotangent)
    for position, array in enumerate(arrays):
        domain = subject.domains[position] if position < len(subject.domains) else Interval()
        if not isinstance(domain, Interval | Nonzero):
            continue
        simplest = table_for(domain)[:SIMPLEST].tolist()
        for place, value in enumerate(array.ravel().tolist()):
            for simpler in simplest[: simplest.index(value)] if value in simplest else [*simplest, *_rounder(value)]:
                changed = array.copy()
                changed.flat[place] = simpler
                yield _with(point, position, changed)


def _rounder(value: float) -> list[float]:
    """Rounder numbers of the sign of a number that is not round itself."""
    if not np.isfinite(value):
        return []
    sign = np.copysign(1.0, value)
    rounder = [sign * size for size in (3.0, 10.0, 100.0, 800.0) if size < abs(value)]
    return rounder + ([float(round(value))] if value != round(value) and abs(value) > 1 else [])


def _with(point: Point, position: int, array: Array) -> Point:
    if position == len(point.primals):
        return replace(point, cotangent=array)
    primals: Sequence[Array] = [array if i == position else p for i, p in enumerate(point.primals)]
    return replace(point, primals=tuple(primals))
