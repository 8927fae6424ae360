"""Runs on floats as a caller makes them, and whether two of them gave the same answers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from backproof.engine.errors import BackproofError
from backproof.engine.extended import computing, rebound
from backproof.engine.subjects import Pullback, Subject, counted, quietly
from backproof.strategies.points import Point

from ..judgement import Evidence, Judgement, Mismatch, Setting, float_mismatch, inconclusive, passed
from .agreement import allowances
from .running import Settled, lift, run_vjp

Array = np.ndarray[Any, Any]
Judge = Callable[[Subject, Point, Setting], Judgement]

NEARLY = 1e-9  # of the largest entry: below it nobody asks what rounding explains
COARSE = 1e-3  # of the largest entry: where rounding does more, nothing can be said
UNIT = 2.0**-53
SAFE = 64.0  # times what changes of +-u do, where no extended run can tell


@dataclass(frozen=True)
class Answers:
    """What a run returned: copies, made before anything else could change them."""

    output: Array
    cotangents: tuple[Array | None, ...]


class Raised(Exception):
    """The code under test raised on floats."""

    def __init__(self, error: Exception) -> None:
        super().__init__(f"{type(error).__name__}: {error}")
        self.error = error


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


def run(subject: Subject, primals: Sequence[Array], options: Any) -> tuple[Array, Pullback]:
    """One forward on these very arrays. Raises Raised where it raises."""
    subject.put_randomness_back()
    try:
        output, pullback = subject.vjp(*primals, **options)
    except Exception as error:  # a person's code may raise anything
        raise Raised(error) from error
    return output, pullback


def pulled(subject: Subject, pullback: Pullback, ct: Array) -> tuple[Array | None, ...]:
    """Copies of the cotangents that one call returns. Raises Raised where it raises."""
    try:
        returned = counted(subject, pullback(ct))
    except Exception as error:  # a person's code may raise anything
        raise Raised(error) from error
    return tuple(
        np.array(cotangent) if subject.is_differentiated(position) and cotangent is not None else None
        for position, cotangent in enumerate(returned)
    )


def answers(subject: Subject, primals: Sequence[Array], options: Any, ct: Array) -> Answers:
    """One forward and one call of its pullback, on these very arrays."""
    output, pullback = run(subject, primals, options)
    kept = np.array(output)
    return Answers(kept, pulled(subject, pullback, ct))


def plainly(subject: Subject, point: Point) -> Answers:
    """The answers at a point, on fresh copies of its arrays."""
    return answers(subject, [p.copy() for p in point.primals], point.options, point.cotangent.copy())


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
    far = [i for i, (a, b) in enumerate(pairs) if a is not None and b is not None and _are_far(a, b)]
    if not far:
        return None
    allowed = _allowed(subject, point, setting, one)
    for position in far:
        a, b = pairs[position]
        if a is not None and b is not None and _are_far(a, b, allowed[position]):
            shown = float_mismatch(names[position], np.asarray(a), np.asarray(b))
            if position == 0:
                return Difference("the output", replace(shown, what="output"))
            return Difference(f"the cotangent for {names[position]}", shown)
    return None


def _are_far(one: Array, other: Array, allowed: float = 0.0) -> bool:
    if one.shape != other.shape:
        return True
    if one.dtype.kind != "f":
        return not np.array_equal(one, other)
    finite = np.isfinite(one)
    largest = float(np.max(np.abs(one), initial=0.0, where=finite))
    if np.any(finite & ~np.isfinite(other)):
        return allowed <= COARSE * largest  # unless rounding alone makes numbers of that size
    finite = finite & np.isfinite(other)
    return float(np.max(np.abs(one - other), initial=0.0, where=finite)) > max(NEARLY * largest, allowed)


def _allowed(subject: Subject, point: Point, setting: Setting, one: Answers) -> list[float]:
    """What rounding may do to each array: what extended runs say, or else what small changes do on floats."""
    try:
        with computing(setting.arithmetic, setting.precisions[0]):
            lifted = lift(point)
            with rebound(*subject.code):
                extended_run = run_vjp(subject, lifted)
                here = [extended_run.output, *extended_run.pull(lifted.cotangent)]
                return allowances(subject, lifted, setting, here)
    except (BackproofError, Settled):
        return _native_spreads(subject, point, one)


def _native_spreads(subject: Subject, point: Point, one: Answers) -> list[float]:
    source = np.random.default_rng(point.fingerprint)
    arrays = (one.output, *one.cotangents)
    largest = [0.0 if array is None else UNIT * float(np.max(np.abs(array), initial=0.0)) for array in arrays]
    for _ in range(3):
        primals = tuple(_moved(p, source) for p in point.primals)
        moved = plainly(subject, replace(point, primals=primals, cotangent=_moved(point.cotangent, source)))
        for position, (a, b) in enumerate(zip(arrays, (moved.output, *moved.cotangents), strict=True)):
            if a is not None and b is not None and a.shape == b.shape and a.size:
                largest[position] = max(largest[position], float(np.nanmax(np.abs(a - b))))
    return [SAFE * size for size in largest]


def _moved(array: Array, source: np.random.Generator) -> Array:
    if array.dtype.kind != "f":
        return array.copy()
    return np.asarray(array * (1 + source.choice([-UNIT * 2, UNIT * 2], size=array.shape)))
