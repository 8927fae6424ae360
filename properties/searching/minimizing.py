"""Making a failing point small: rows are dropped, numbers and options made simpler, as long as it still fails.

Points are reduced as arrays, not as the choices that drew them: a smaller size gives every drawn number another
place, and what fails for the sake of its third row does not fail for a single one. Here the row that matters stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from backproof.engine.domains import Domain, Interval, Labels, Mask, Nonzero, OneHot
from backproof.engine.errors import BackproofError
from backproof.engine.options import Choice, Real
from backproof.engine.subjects import Subject, quietly
from backproof.strategies.options import simpler_values
from backproof.strategies.points import Point
from backproof.strategies.values import contains, table_for

Array = np.ndarray[Any, Any]
Axes = tuple[tuple[int, ...], ...]  # for each argument and the output its axes of that name, counted from the end

MOST_TRIED = 400  # points
SIMPLEST = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 3.0, -3.0)


def can_be_minimized(subject: Subject) -> bool:
    """Whether any row of the arguments may be dropped, and any number replaced, without leaving what is described."""
    may_lose_rows = Interval | Nonzero | Mask | OneHot | Labels
    return (
        not subject.stages
        and all(isinstance(domain, may_lose_rows) for domain in subject.domains)
        and all(isinstance(option, Choice | Real) for option in subject.options.values())
    )


def minimized(subject: Subject, point: Point, fails: Callable[[Point], bool]) -> Point:
    """A point on which it still fails, from which no row can be dropped, with the simplest numbers that show it."""
    left = MOST_TRIED
    for candidates in (_inhabited, _smaller, _with_simpler_options, _with_simpler_numbers, _smaller):
        found: Point | None = point
        while found is not None:
            point, found = found, None
            for candidate in candidates(subject, point):
                if left == 0:
                    return point
                left -= 1
                found = next(filter(fails, _fitted(subject, candidate)), None)
                if found is not None:
                    break
    return point


def _fitted(subject: Subject, point: Point) -> list[Point]:
    """The point, with cotangents that fit what the forward returns; none where it returns nothing."""
    try:
        with quietly():
            subject.put_randomness_back()
            shape = np.shape(subject.forward(*(p.copy() for p in point.primals), **point.options))
    except Exception:  # a person's code may raise anything
        return []
    if shape == point.cotangent.shape:
        return [point]
    if subject.signature.output is not None:
        return []
    return [replace(point, cotangent=ct) for ct in (np.resize(point.cotangent, shape), np.ones(shape))]


def _axes(subject: Subject, point: Point) -> Iterator[tuple[str, int, Axes]]:
    """The axes along which rows may be dropped: the name of each, its size, and where it lies in each array."""
    signature = subject.signature
    described = (*signature.inputs, signature.output or ())
    sizes, leading = signature.bind([p.shape for p in point.primals])
    for number, size in enumerate(leading):
        yield "", size, tuple((number - len(leading) - len(d) + 1,) if "..." in d else () for d in described)
    for name, size in sizes.items():
        yield name, size, tuple(tuple(i - len(d) for i, each in enumerate(d) if each == name) for d in described)
    if signature.broadcasts:
        common = np.broadcast_shapes(*(p.shape for p in point.primals))
        shapes = (*(p.shape for p in point.primals), common if signature.output == () else ())
        for place in range(-len(common), 0):
            size = common[place]
            yield "", size, tuple((place,) if len(s) >= -place and s[place] == size else () for s in shapes)


def _inhabited(subject: Subject, point: Point) -> Iterator[Point]:
    """With one row along axes of size 0, all at once or one of them: nobody sees what arrays without elements say."""
    try:
        axes = [places for name, size, places in _axes(subject, point) if size == 0]
    except BackproofError:
        return
    for chosen in [axes, *([each] for each in axes if len(axes) > 1)] if axes else []:
        *arrays, ct = (
            _with_a_row(array, [axis for places in chosen for axis in places[position]], domain)
            for position, (array, domain) in enumerate(
                zip((*point.primals, point.cotangent), (*subject.domains, Interval()), strict=True)
            )
        )
        yield replace(point, primals=tuple(arrays), cotangent=ct)


def _with_a_row(array: Array, axes: Sequence[int], domain: Domain) -> Array:
    if not axes:
        return array
    shape = [1 if axis - array.ndim in axes else size for axis, size in enumerate(array.shape)]
    elementwise = isinstance(domain, Interval | Nonzero)
    simplest = (
        0 if isinstance(domain, Labels) else 1 if not elementwise or contains(domain, 1.0) else table_for(domain)[0]
    )
    return np.full(shape, simplest, dtype=array.dtype)


def _smaller(subject: Subject, point: Point) -> Iterator[Point]:
    """Single rows first, then halves, then all but one row; and no axes of size 1 that stand for nothing."""
    try:
        axes = list(_axes(subject, point))
    except BackproofError:
        return
    for name, size, places in axes:
        for kept in _kept(size):
            *arrays, ct = (
                _taken(array, kept, own) for array, own in zip((*point.primals, point.cotangent), places, strict=True)
            )
            primals = [_relabelled(p, d, name, kept) for p, d in zip(arrays, subject.domains, strict=True)]
            if all(primal is not None for primal in primals):
                yield replace(point, primals=tuple(p for p in primals if p is not None), cotangent=ct)
        if name == "" and size == 1:
            *arrays, ct = (
                np.squeeze(array, axis=own)
                for array, own in zip((*point.primals, point.cotangent), places, strict=True)
            )
            yield replace(point, primals=tuple(arrays), cotangent=ct)


def _taken(array: Array, kept: Sequence[int], axes: Sequence[int]) -> Array:
    for axis in axes:
        array = np.take(array, kept, axis=axis)
    return array


def _kept(size: int) -> list[list[int]]:
    """Which of so many rows are kept, the fewest first."""
    if size < 2:
        return []
    rows = list(range(size))
    one_less = [rows[:index] + rows[index + 1 :] for index in rows] if size > 2 else []
    halves = [rows[: size // 2], rows[size // 2 :]] if size > 3 else []
    return [[row] for row in rows[:4]] + halves + one_less


def _relabelled(array: Array, domain: object, name: str, kept: Sequence[int]) -> Array | None:
    """Labels that count up to a dimension of which some rows are kept; None where one of them is not."""
    if not isinstance(domain, Labels) or domain.dimension != name:
        return array
    if not np.isin(array, kept).all():
        return None
    return np.asarray(np.searchsorted(kept, array), dtype=array.dtype)


def _with_simpler_options(subject: Subject, point: Point) -> Iterator[Point]:
    for name, option in subject.options.items():
        for value in simpler_values(option, point.options[name]):
            changed: Mapping[str, Any] = {**point.options, name: value}
            yield replace(point, options=changed)


def _with_simpler_numbers(subject: Subject, point: Point) -> Iterator[Point]:
    """First all numbers of an array at once, then one after the other."""
    for position, array in enumerate((*point.primals, point.cotangent)):
        domain = subject.domains[position] if position < len(subject.domains) else Interval()
        if isinstance(domain, Labels) and array.any():
            yield _with(point, position, np.zeros_like(array))
        if not isinstance(domain, Interval | Nonzero):
            continue
        for simple in SIMPLEST[:2]:
            if contains(domain, simple) and not np.isin(array, SIMPLEST[:2]).all():
                yield _with(point, position, np.full(array.shape, simple))
        for place, value in enumerate(array.ravel().tolist()):
            for simpler in _simpler_numbers(value):
                if contains(domain, simpler):
                    changed = array.copy()
                    changed.flat[place] = simpler
                    yield _with(point, position, changed)


def _simpler_numbers(value: float) -> list[float]:
    """Small integers; else rounder numbers near a number that is not round itself."""
    if value in SIMPLEST:
        return list(SIMPLEST[: SIMPLEST.index(value)])
    if not np.isfinite(value):
        return []
    sign = np.copysign(1.0, value)
    round_ones = [sign * size for size in (10.0, 100.0, 800.0) if size < abs(value)]
    near = [*(round(value * part) / part for part in (1, 2, 8)), *(float(f"{value:.{n}g}") for n in (1, 2, 3))]
    shorter = [number for number in dict.fromkeys(near) if len(repr(number)) < len(repr(value))]
    return [*SIMPLEST, *round_ones, *shorter]


def _with(point: Point, position: int, array: Array) -> Point:
    if position == len(point.primals):
        return replace(point, cotangent=array)
    primals: Sequence[Array] = [array if i == position else p for i, p in enumerate(point.primals)]
    return replace(point, primals=tuple(primals))
