"""Runs of the code under test on floats, and when two arrays are the same."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from backproof.engine.domains import project
from backproof.engine.subjects import Subject, counted
from backproof.strategies.points import Point

Array = np.ndarray[Any, Any]

EQUAL = 1e-6  # of the largest entry, to which a hypothesis must explain a claim
SMALL = 1e-3  # below this times EQUAL, numbers at generic points are rounding
TINY = 1e-7  # an entry that is no rounding


class NoCase(Exception):
    """The code does not run, or returns what is no cotangent, at a point."""


class NotKnown(Exception):
    """The derivative at a point is not known: nothing can be said of it."""


class OutOfTime(Exception):
    """There is no time left to look for explanations."""


def stopwatch(seconds: float) -> Callable[[], bool]:
    """Whether so many seconds of the processor are over, as few on a busy machine, or five times as many in all."""
    of_processor, in_all = time.process_time() + seconds, time.perf_counter() + 5 * seconds
    return lambda: time.process_time() > of_processor or time.perf_counter() > in_all


def timed(subject: Subject, seconds: float) -> Subject:
    """The subject, whose functions raise OutOfTime when so many seconds are over."""
    is_over = stopwatch(seconds)

    def within(function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **keywords: Any) -> Any:
            if is_over():
                raise OutOfTime
            return function(*arguments, **keywords)

        return called

    derivative_of = None if subject.derivative_of is None else within(subject.derivative_of)
    return replace(subject, forward=within(subject.forward), vjp=within(subject.vjp), derivative_of=derivative_of)


def largest(*arrays: Array) -> float:
    """The largest finite entry of some arrays."""
    return max(float(np.max(np.abs(a), initial=0.0, where=np.isfinite(a))) for a in arrays)


def near(one: Array, other: Array, scale: float = 0.0) -> bool:
    """Whether two arrays are equal to six digits of the largest entry."""
    if one.shape != other.shape or not (np.isfinite(one).all() and np.isfinite(other).all()):
        return False
    return bool(np.max(np.abs(one - other), initial=0.0) <= EQUAL * max(SMALL, scale, largest(one, other)))


def options_of(point: Point) -> dict[str, Any]:
    """Copies of a point's options: code may change them."""
    return copy.deepcopy(dict(point.options)) if point.options else {}


def forward_at(subject: Subject, point: Point) -> Array:
    """The output on floats. Raises NoCase where there is none."""
    function = subject.derivative_of or subject.forward
    try:
        subject.put_randomness_back()
        return np.array(function(*(p.copy() for p in point.primals), **options_of(point)), dtype=float)
    except OutOfTime:
        raise
    except Exception as error:  # a person's code may raise anything
        raise NoCase(str(error)) from error


def returned_at(subject: Subject, point: Point, ct: Array) -> Sequence[Any]:
    """What the pullback returns on floats, whatever it is. Raises NoCase where it raises."""
    try:
        subject.put_randomness_back()
        _, pullback = subject.vjp(*(p.copy() for p in point.primals), **options_of(point))
        return [None if g is None else np.array(g) for g in counted(subject, pullback(ct.copy()))]
    except OutOfTime:
        raise
    except Exception as error:  # a person's code may raise anything
        raise NoCase(str(error)) from error


def cotangent_at(subject: Subject, point: Point, ct: Array, position: int) -> Array:
    """The cotangent that is claimed for one argument. Raises NoCase where it is none."""
    got = returned_at(subject, point, ct)[position]
    primal = point.primals[position]
    if got is None or got.shape != primal.shape:
        raise NoCase("it is no cotangent")
    projected = project(subject.domains[position], np.asarray(got, dtype=float), primal)
    return np.asarray(np.where(np.isfinite(primal), projected, 0.0))


def basis(shape: tuple[int, ...]) -> Array:
    """The arrays of a shape that have a single one, in C order."""
    size = int(np.prod(shape))
    return np.eye(size).reshape(size, *shape)
