"""Native evidence: float64 differences of an opaque forward, extrapolated, with a measured noise floor.

Ridders' method: central differences at steps that shrink by a constant factor, extrapolated to step zero in a
Neville table; the estimate is where two neighbours in the table agree best. Source: C. J. F. Ridders, Advances
in Engineering Software 4 (1982), 75-76. What the forward's own rounding does is measured, not assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from backproof.engine.domains import project
from backproof.engine.subjects import Subject, quietly
from backproof.strategies.points import Point

from ..judgement import Evidence, Judgement, Setting, falsified, float_digits, float_mismatch, inconclusive, passed
from .plain_runs import Raised, plainly

Array = np.ndarray[Any, Any]

MOST_ENTRIES = 160
STEPS = (0.1, 0.005, 0.0002)  # the first of each table, times the size of the entry, or 1
SHRINK = 1.6  # of the step, from one row of the table to the next
ROWS = 12
SAFE = 10.0  # times the estimated error
CLEARLY = 1e-4  # of the largest entry: a mistake worth an accusation
COARSE = 1e-3  # of the largest entry: a wider error bar decides nothing
NOISE = 100.0  # times what rounding does to a slope: less is no kink


@dataclass(frozen=True)
class Slope:
    """A derivative, and an estimate of its error."""

    value: float
    error: float


def ridders(function: Callable[[float], float], first: float, noise: float) -> Slope:
    """The derivative of a function at 0; ``noise`` is the rounding error of its values."""
    best = Slope(np.nan, np.inf)
    step = first
    previous: list[float] = []
    for _ in range(ROWS):
        row = [(function(step) - function(-step)) / (2 * step)]
        factor = SHRINK**2
        for older in previous:
            row.append((row[-1] * factor - older) / (factor - 1))
            factor *= SHRINK**2
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - older)) + 2 * noise / step
            if error < best.error:
                best = Slope(row[-1], error)
        previous, step = row, step / SHRINK
    return best


def judged_by_native_runs(subject: Subject, point: Point, setting: Setting) -> Judgement:
    """The pullback on floats against extrapolated differences on floats, entry by entry; three-way.

    Tables with steps of three sizes must agree within their error bars: else there is a kink, or a scale unseen.
    """
    entries = sum(point.primals[i].size for i in subject.differentiated)
    if entries > MOST_ENTRIES:
        return inconclusive(f"{entries} entries are too many to be judged one by one", Evidence.NATIVE)
    with quietly():
        try:
            cotangents = plainly(subject, point).cotangents
        except Raised as raised:
            if not all(primal.size for primal in point.primals):
                return inconclusive(f"of arrays without elements the pullback raised {raised}", Evidence.NATIVE)
            return falsified(f"the pullback raised {raised}", Evidence.NATIVE)
        worst = 16.0
        for position in subject.differentiated:
            judgement = _argument(subject, point, position, np.asarray(cotangents[position], dtype=float))
            if judgement.reason:
                return judgement
            worst = min(worst, judgement.digits or 0.0)
    return passed(Evidence.NATIVE, worst)


def _argument(subject: Subject, point: Point, position: int, got: Array) -> Judgement:
    name, primal = subject.arguments[position], point.primals[position]
    if got.shape != primal.shape:
        return falsified(f"the cotangent for {name} has shape {got.shape}, but should have {name}'s", Evidence.NATIVE)
    got = np.asarray(project(subject.domains[position], got, primal))  # as the directions are
    slopes = [slopes_along(subject, point, position, place) for place in range(primal.size)]
    best = [min(entry, key=lambda slope: slope.error) for entry in slopes]
    exact = np.array([slope.value for slope in best]).reshape(got.shape)
    errors = np.array([slope.error for slope in best]).reshape(got.shape)
    if not (np.isfinite(exact).all() and np.isfinite(errors).all() and np.isfinite(got).all()):
        return inconclusive(f"differences for {name} are not finite on floats", Evidence.NATIVE)
    largest = max(float(np.max(np.abs(exact), initial=0.0)), float(np.max(np.abs(got), initial=0.0)))
    if any(_differ(slope, other, CLEARLY * largest) for entry in slopes for slope, other in combinations(entry, 2)):
        return inconclusive(f"differences for {name} depend on their step: there may be a kink", Evidence.NATIVE)
    off = np.abs(got - exact)
    wrong = np.flatnonzero(off > SAFE * errors + CLEARLY * largest)
    if wrong.size and all(kink_along(subject, point, position, place) for place in wrong.tolist()):
        return inconclusive(f"the slopes for {name} on the two sides of it differ: there is a kink", Evidence.NATIVE)
    if wrong.size:
        shown = float_mismatch(name, exact, got)
        return falsified(f"the cotangent for {name} is not J^T ct", Evidence.NATIVE, mismatch=shown)
    if float(np.max(SAFE * errors, initial=0.0)) > COARSE * largest and np.any(off):
        return inconclusive(f"differences for {name} are too noisy on floats", Evidence.NATIVE)
    return passed(Evidence.NATIVE, float_digits(off, largest))


def _differ(one: Slope, other: Slope, allowed: float) -> bool:
    return abs(one.value - other.value) > SAFE * (one.error + other.error) + allowed


def kink_along(subject: Subject, point: Point, position: int, place: int) -> tuple[float, float] | None:
    """The slopes of <ct, forward> on the two sides of one entry, where they differ; else None."""
    size = max(1.0, abs(float(point.primals[position].flat[place])))
    return kink_of(_value_along(subject, point, position, place), size)


def kink_of(value: Callable[[float], float], size: float) -> tuple[float, float] | None:
    """The slopes of a function to the left and right of 0, if they stay apart as the step shrinks; else None.

    Central differences hide such a kink: they are the mean of both, whatever the step.
    """
    here = value(0.0)
    sides = [((here - value(-s)) / s, (value(s) - here) / s) for s in (1e-3 * size, 1e-4 * size, 1e-5 * size)]
    noise = jitter(value, size) / (1e-5 * size)
    (left, right), gaps = sides[-1], [abs(right - left) for left, right in sides]
    apart = gaps[-1] > max(CLEARLY * max(abs(left), abs(right)), NOISE * noise)
    settled = all(
        abs(one - other) < gaps[-1] / 4 for near, far in pairwise(sides) for one, other in zip(near, far, strict=True)
    )
    return (left, right) if apart and settled else None


def has_a_kink(subject: Subject, point: Point) -> bool:
    """Whether there is a kink along any entry of the arguments."""
    with quietly():
        return any(
            kink_along(subject, point, position, place) is not None
            for position in subject.differentiated
            for place in range(point.primals[position].size)
        )


def slopes_along(subject: Subject, point: Point, position: int, place: int) -> tuple[Slope, ...]:
    """Slopes of <ct, forward> along one entry, from long and from short steps."""
    value = _value_along(subject, point, position, place)
    return slopes_of(value, max(1.0, abs(float(point.primals[position].flat[place]))))


def slopes_of(value: Callable[[float], float], size: float) -> tuple[Slope, ...]:
    """The slope of a function at 0, from long and from short steps, in units of a size."""
    noise = jitter(value, size)
    return tuple(ridders(value, first * size, noise) for first in STEPS)


def jitter(value: Callable[[float], float], size: float) -> float:
    """The rounding error of a function's values, as the second difference over tiny steps shows it."""
    one, other, further, beyond = (value(step * size) for step in (1e-9, -1e-9, 2e-9, -2e-9))
    return abs(one + other - (further + beyond)) + abs(one) * 2.0**-53


def _value_along(subject: Subject, point: Point, position: int, place: int) -> Callable[[float], float]:
    """<ct, forward> as a function of a step along one entry; nan where a step leaves the domain."""
    primal = point.primals[position]
    direction = np.zeros(primal.size)
    direction[place] = 1.0
    along = np.asarray(project(subject.domains[position], direction.reshape(primal.shape), primal))
    ct = point.cotangent if subject.cotangent_map is None else np.asarray(subject.cotangent_map(point.cotangent))
    return weighed_along(subject, point, [along if i == position else None for i in range(len(point.primals))], ct)


def weighed_along(
    subject: Subject, point: Point, tangents: Sequence[Array | None], weights: Array
) -> Callable[[float], float]:
    """<weights, forward> as a function of a step along tangents; nan where a step leaves the domain."""
    function = subject.derivative_of or subject.reference or subject.forward

    def value(step: float) -> float:
        pairs = zip(point.primals, tangents, strict=True)
        moved = [p.copy() if t is None else p + step * t for p, t in pairs]
        subject.put_randomness_back()
        try:
            return float(np.sum(weights * np.asarray(function(*moved, **point.options), dtype=float)))
        except (ValueError, ArithmeticError, RuntimeError):
            return np.nan

    return value
