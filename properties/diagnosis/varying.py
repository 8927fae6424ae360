"""What does not matter: one thing after the other is changed, and the property still fails.

Not mattering is a strong word: it must fail for zeros too, in some places or all, and for numbers of all magnitudes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from backproof.engine.domains import Custom, Interval, Labels, Mask, Nonzero
from backproof.engine.errors import BackproofError
from backproof.engine.options import Choice, Real
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point
from backproof.strategies.values import contains

from ..judgement import Judgement, Property, Setting, Verdict
from .filling import Plan, generic, values
from .fresh import sizes_at
from .runs import NoCase, forward_at, stopwatch

DRAWS = 3  # of generic numbers
MAGNITUDES = (1e-6, 1e-2, 60.0, 1e3, 1e6)  # of numbers, so that a threshold lies between two of them
MOST_VALUES = 3  # of an option


def what_does_not_matter(
    prop: Property, subject: Subject, point: Point, judgement: Judgement, seconds: float
) -> tuple[str, ...]:
    """The things that may be anything, in words; each is changed alone. Stops when its time is over."""
    is_over = stopwatch(seconds)
    setting = Setting(strength=judgement.evidence) if prop.weakens else Setting()
    found: list[str] = []
    for name, variants in _variants(subject, point):
        failed = 0
        for variant in variants:
            if is_over():
                return tuple(found)
            if not _fails(prop, subject, variant, setting):
                failed = 0
                break
            failed += 1
        if failed >= min(2, len(variants)) and variants:
            found.append(name)
    return tuple(found)


def _fails(prop: Property, subject: Subject, point: Point, setting: Setting) -> bool:
    try:
        return prop.judge(subject, point, setting).verdict is Verdict.FALSIFIED
    except (BackproofError, ValueError, TypeError, IndexError, ArithmeticError):
        return False


def _variants(subject: Subject, point: Point) -> Iterator[tuple[str, list[Point]]]:
    for position, name in enumerate(subject.arguments):
        primal = point.primals[position]
        if primal.size and not isinstance(subject.domains[position], Custom):
            arrays = [a for a in _others(subject, point, position) if not np.array_equal(a, primal)]
            changed = [_with(subject, point, position, array) for array in arrays]
            yield f"the values of {name}", [p for p in changed if p is not None]
    for name, option in subject.options.items():
        options = [{**point.options, name: value} for value in _values(option, point.options[name])]
        yield f"option {name}", [p for each in options if (p := _fitting(subject, replace(point, options=each)))]
    if point.cotangent.size:
        cts = [ct for ct in _cotangents(point.cotangent.shape) if not np.array_equal(ct, point.cotangent)]
        yield "the cotangent", [replace(point, cotangent=ct) for ct in cts]


def _cotangents(shape: tuple[int, ...]) -> Iterator[Any]:
    """All but zero, of which nothing comes: a single entry or row, either sign, and numbers of all magnitudes."""
    source = np.random.default_rng(0)
    yield np.ones(shape)
    drawn = [generic(shape, source) for _ in range(DRAWS)]
    yield from drawn
    yield from (-np.abs(drawn[0]), np.abs(drawn[0]))
    for kept in _parts(shape):
        if kept.any():
            yield from (np.where(kept, ct, 0.0) for ct in drawn[:2])
    yield from (magnitude * drawn[0] for magnitude in MAGNITUDES)


def _parts(shape: tuple[int, ...]) -> Iterator[Any]:
    """Where an array may be other than zero: in one entry, in one row, in all rows but one, in half of it."""
    numbers = np.arange(int(np.prod(shape))).reshape(shape)
    yield from (numbers == 0, numbers == numbers.size - 1)
    if len(shape) > 1:
        rows = np.arange(shape[0]).reshape(-1, *[1] * (len(shape) - 1))
        for row in (0, shape[0] - 1):
            yield from (np.broadcast_to(chosen, shape) for chosen in (rows == row, rows != row))
    yield numbers % 2 == 0


def _values(option: object, value: Any) -> list[Any]:
    if isinstance(option, Choice):
        return [other for other in option.values if repr(other) != repr(value)][:MOST_VALUES]
    if isinstance(option, Real):
        low, high = max(option.low, -10.0), min(option.high, 10.0)
        at_which_harmless = [value for value in (0.0, 1.0) if low <= value <= high]
        return [*(low + part * (high - low) for part in (0.1, 0.45, 0.8)), *at_which_harmless]
    return []


def _others(subject: Subject, point: Point, position: int) -> Iterator[Any]:
    """Other arrays of an argument's domain: those first that are the likeliest to do no harm."""
    domain, shape = subject.domains[position], point.primals[position].shape
    sizes = sizes_at(subject, point)

    def drawn(number: int) -> Any:
        source = np.random.default_rng([number, position])
        return values(domain, shape, source, Plan(number, False), sizes, ())

    if isinstance(domain, Mask):
        yield np.ones(shape, dtype=bool)
    if isinstance(domain, Mask | Labels):
        yield np.zeros_like(point.primals[position])
    if isinstance(domain, Interval | Nonzero):
        plain = drawn(0)
        arrays = [np.zeros(shape), np.ones(shape), -plain, *(np.where(kept, plain, 0.0) for kept in _parts(shape))]
        arrays += [magnitude * plain for magnitude in MAGNITUDES]
        yield from (array for array in arrays if all(contains(domain, float(v)) for v in array.ravel()))
    yield from map(drawn, range(DRAWS))


def _with(subject: Subject, point: Point, position: int, array: Any) -> Point | None:
    primals = tuple(array if i == position else p for i, p in enumerate(point.primals))
    return _fitting(subject, replace(point, primals=primals))


def _fitting(subject: Subject, point: Point) -> Point | None:
    """The point, if the forward still returns an output of the cotangent's shape."""
    try:
        return point if forward_at(subject, point).shape == point.cotangent.shape else None
    except NoCase:
        return None
