"""Points that are larger than others: one dimension large, or several, and numbers of other magnitudes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from backproof.engine.domains import Domain, Interval, Nonzero
from backproof.engine.signatures import fill
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .filling import Plan
from .fresh import COMMON, FAILS, LEADING, MOST_ENTRIES, Shapes, point_of
from .jacobians import is_right_along
from .runs import stopwatch

LARGE, SMALL = (19, 11), 2  # sizes: larger than those at other points, and small ones beside them

TIMES = (2, 3, 5, 8)  # the sizes of the point that was found
MIXED = (1, 2, 3, 4, 6, 9, 14, 20)  # sizes, drawn for each dimension
MAGNITUDES = (1.0, 1.0, 40.0, 1e-2, 1e3)  # of the numbers
POINTS, ENOUGH = 32, 6  # points, and those at which the derivative must be known
MOST = 20_000  # entries of an argument or the output, of whose Jacobian nothing is needed but one direction
SECONDS = 2.0


def large_points(subject: Subject, found: Point) -> Iterator[Point]:
    """Points at which one dimension is larger than those of other points ever are, and the rest is small."""
    names = subject.signature.names
    broadcast = subject.signature.broadcasts
    for number, large in enumerate([*names, *[""] * (subject.signature.has_leading or broadcast)]):
        for size in LARGE:
            sizes = {name: size if name == large else SMALL for name in names}
            leading = () if large else (size,)
            inputs = subject.signature.inputs
            shapes = [leading if broadcast else fill(dimensions, sizes, leading) for dimensions in inputs]
            if max(int(np.prod(shape)) for shape in shapes) > MOST_ENTRIES:
                continue
            try:
                point = point_of(subject, shapes, sizes, Plan(number, False))
            except FAILS:
                continue
            if 0 < point.cotangent.size <= MOST_ENTRIES:
                yield point
                break


def is_right_beyond(subject: Subject, found: Point, position: int, options: Mapping[str, Any]) -> bool:
    """Whether a cotangent is right wherever it is looked at with these options, at sizes of every kind.

    One direction is enough to find what is wrong, and costs little where arrays are large.
    """
    is_over = stopwatch(SECONDS)
    right = 0
    for point in _mixed_points(subject, found, options):
        said = is_right_along(subject, point, position)
        if said is False:
            return False
        right += said is True
        if is_over():
            break
    return right >= ENOUGH


def _mixed_points(subject: Subject, found: Point, options: Mapping[str, Any]) -> Iterator[Point]:
    for number in range(POINTS):
        shapes, sizes = _mixed_shapes(subject, found, number)
        if max(map(prod, shapes), default=0) > MOST:
            continue
        try:
            point = point_of(subject, shapes, sizes, Plan(number, False), (), options)
        except FAILS:
            continue
        factor = MAGNITUDES[number % len(MAGNITUDES)]
        primals = (_scaled(d, p, factor) for d, p in zip(subject.domains, point.primals, strict=True))
        if 0 < point.cotangent.size <= MOST:
            yield replace(point, primals=tuple(primals))


def _mixed_shapes(subject: Subject, found: Point, number: int) -> tuple[Shapes, Mapping[str, int]]:
    signature, given = subject.signature, [p.shape for p in found.primals]
    source = np.random.default_rng(number)
    if signature.broadcasts:
        common = (int(source.choice(MIXED)), *COMMON[number % len(COMMON)])
        return [common for _ in given], {}
    bound, leading = signature.bind(given)
    if number < len(TIMES):
        sizes = {name: TIMES[number] * size for name, size in bound.items()}
    else:
        sizes = {name: int(source.choice(MIXED)) for name in bound}
        leading = LEADING[number % len(LEADING)]
    return [fill(dimensions, sizes, leading) for dimensions in signature.inputs], sizes


def _scaled(domain: Domain, array: Any, factor: float) -> Any:
    """Where a domain is all numbers, those of an array times a factor."""
    everywhere = isinstance(domain, Interval) and np.isinf([domain.low, domain.high]).all()
    return array * factor if everywhere or isinstance(domain, Nonzero) else array
