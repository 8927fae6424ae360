"""Judging runs on floats: whether two of them gave the same answers, but for rounding."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from backproof.engine.errors import BackproofError
from backproof.engine.extended import computing, rebound, released, to_float
from backproof.engine.subjects import Subject, quietly
from backproof.strategies.points import Point

from ..judgement import Evidence, Judgement, Mismatch, Setting, float_mismatch, inconclusive, passed
from .agreement import allowances
from .plain_runs import Answers, Raised, are_far, plainly
from .running import Settled, lift, run_vjp

Array = np.ndarray[Any, Any]
Judge = Callable[[Subject, Point, Setting], Judgement]

UNIT = 2.0**-53
SAFE = 64.0  # times what changes of +-u do, where no extended run can tell


def on_floats(judge: Judge) -> Judge:
    """A judge of runs on floats: there is nothing to judge without elements, nor where the plain run raises."""

    @functools.wraps(judge)
    def judged(subject: Subject, point: Point, setting: Setting) -> Judgement:
        if not all(primal.size for primal in point.primals):
            return passed(Evidence.NATIVE)
        try:
            with quietly():
                return judge(subject, point, setting)
        except Raised as raised:
            return inconclusive(f"on floats it raised {raised}", Evidence.NATIVE)

    return judged


@dataclass(frozen=True)
class Difference:
    """An array in which two runs differ, and what stands there."""

    name: str
    mismatch: Mismatch


def difference(subject: Subject, point: Point, setting: Setting, one: Answers, other: Answers) -> Difference | None:
    """The first array in which two runs at a point differ by more than rounding explains; None if there is none.

    What is no finite number in ``one``, the run of plain arrays, is another property's business.
    """
    names = ["output", *subject.arguments]
    pairs = list(zip((one.output, *one.cotangents), (other.output, *other.cotangents), strict=True))
    far = [i for i, (a, b) in enumerate(pairs) if a is not None and b is not None and are_far(a, b)]
    if not far:
        return None
    allowed = _allowed(subject, point, setting, one)
    for position in far:
        a, b = pairs[position]
        if a is not None and b is not None and are_far(a, b, allowed[position]):
            shown = float_mismatch(names[position], np.asarray(a), np.asarray(b))
            if position == 0:
                return Difference("the output", replace(shown, what="output"))
            return Difference(f"the cotangent for {names[position]}", shown)
    return None


def _allowed(subject: Subject, point: Point, setting: Setting, one: Answers) -> list[float]:
    """What rounding may do to each array: what extended runs say, or else what small changes do on floats.

    A run that is far from its own extended run is not more exact with its arrays placed elsewhere: how far is
    another property's business, and so is what is declared to be of any accuracy.
    """
    try:
        with computing(setting.arithmetic, setting.precisions[0]):
            lifted = lift(point)
            with rebound(*subject.code):
                extended_run = run_vjp(subject, lifted)
                here = [extended_run.output, *extended_run.pull(lifted.cotangent)]
                by_rounding = allowances(subject, lifted, setting, here)
    except (BackproofError, Settled):
        return native_spreads(subject, point, one)
    found = (one.output, *one.cotangents)
    off = [_largest_difference(a, b) for a, b in zip(found, here, strict=True)]
    return [max(rounded, SAFE * inexact) for rounded, inexact in zip(by_rounding, off, strict=True)]


def _largest_difference(found: Array | None, exact: Any) -> float:
    if found is None or exact is None or found.shape != tuple(exact.shape):
        return 0.0
    difference = np.abs(found - to_float(exact))
    return float(np.max(difference, initial=0.0, where=np.isfinite(difference)))


def native_spreads(subject: Subject, point: Point, one: Answers) -> list[float]:
    """What small changes of what is handed in do on floats to the output and each cotangent, with room to spare."""
    source = np.random.default_rng(point.fingerprint)
    arrays = (one.output, *one.cotangents)
    largest = [0.0 if array is None else UNIT * float(np.max(np.abs(array), initial=0.0)) for array in arrays]
    for _ in range(3):
        primals = tuple(moved_a_little(p, source) for p in point.primals)
        moved = plainly(subject, replace(point, primals=primals, cotangent=moved_a_little(point.cotangent, source)))
        for position, (a, b) in enumerate(zip(arrays, (moved.output, *moved.cotangents), strict=True)):
            if a is not None and b is not None and a.shape == b.shape and a.size:
                largest[position] = max(largest[position], float(np.nanmax(np.abs(a - b))))
    return [SAFE * size for size in largest]


def noise_of(subject: Subject, point: Point, one: Answers) -> list[float]:
    """The spreads of a run in float64; infinite where the code raises beside the point, and nothing can be told."""
    with released(), quietly():
        try:
            return native_spreads(subject, point, one)
        except Raised:
            return [math.inf] * (1 + len(one.cotangents))


def moved_a_little(array: Array, source: np.random.Generator) -> Array:
    """Floats that are off by a unit of roundoff or two, either way."""
    if array.dtype.kind != "f":
        return array.copy()
    return np.asarray(array * (1 + source.choice([-UNIT * 2, UNIT * 2], size=array.shape)))
