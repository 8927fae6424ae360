"""What does not matter: one thing after the other is changed, and the property still fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from backproof.engine.domains import Custom, Interval, Nonzero
from backproof.engine.errors import BackproofError
from backproof.engine.options import Choice, Real
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point
from backproof.strategies.values import contains

from ..judgement import Judgement, Property, Setting, Verdict
from .filling import Plan, generic, values
from .fresh import sizes_at
from .runs import NoCase, forward_at, stopwatch

VARIANTS = 3  # of each thing, all of which must fail


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
    source = np.random.default_rng(0)
    for position, name in enumerate(subject.arguments):
        primal = point.primals[position]
        if primal.size and not isinstance(subject.domains[position], Custom):
            arrays = [_others(subject, point, position, number) for number in range(VARIANTS)]
            domain = subject.domains[position]
            if isinstance(domain, Interval | Nonzero) and contains(domain, 1.0):
                arrays.append(np.ones(primal.shape))  # where a forgotten factor does no harm
            changed = [_with(subject, point, position, array) for array in arrays]
            moved = [p for p, a in zip(changed, arrays, strict=True) if p is not None and not np.array_equal(a, primal)]
            yield f"the values of {name}", moved
    for name, option in subject.options.items():
        options = [{**point.options, name: value} for value in _values(option, point.options[name])]
        yield f"option {name}", [p for each in options if (p := _fitting(subject, replace(point, options=each)))]
    if point.cotangent.size:
        cts = [np.ones(point.cotangent.shape), *(generic(point.cotangent.shape, source) for _ in range(2))]
        yield "the cotangent", [replace(point, cotangent=ct) for ct in cts if not np.array_equal(ct, point.cotangent)]


def _values(option: object, value: Any) -> list[Any]:
    if isinstance(option, Choice):
        return [other for other in option.values if repr(other) != repr(value)][:VARIANTS]
    if isinstance(option, Real):
        low, high = max(option.low, -10.0), min(option.high, 10.0)
        at_which_harmless = [value for value in (0.0, 1.0) if low <= value <= high]
        return [*(low + part * (high - low) for part in (0.1, 0.45, 0.8)), *at_which_harmless]
    return []


def _others(subject: Subject, point: Point, position: int, number: int) -> Any:
    sizes = sizes_at(subject, point)
    source = np.random.default_rng([number, position])
    return values(subject.domains[position], point.primals[position].shape, source, Plan(number, False), sizes, ())


def _with(subject: Subject, point: Point, position: int, array: Any) -> Point | None:
    primals = tuple(array if i == position else p for i, p in enumerate(point.primals))
    return _fitting(subject, replace(point, primals=primals))


def _fitting(subject: Subject, point: Point) -> Point | None:
    """The point, if the forward still returns an output of the cotangent's shape."""
    try:
        return point if forward_at(subject, point).shape == point.cotangent.shape else None
    except NoCase:
        return None
