"""Cases: points at which the whole Jacobian is known, and the one that a pullback claims.

Both are float64 here, from differences of two orders and steps that must agree: a hypothesis has to explain every entry
at several generic points to six digits, which no accident does. Where the two disagree, or the slopes on both sides do,
the derivative is not known, and nothing is concluded from it.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from backproof.engine.domains import Interval, project
from backproof.engine.subjects import Subject, counted
from backproof.strategies.points import Point

Array = np.ndarray[Any, Any]

STEP = 2.0**-8
FINE = ((1, 3 / 4), (2, -3 / 20), (3, 1 / 60))  # the sixth-order central difference
COARSE = ((2, 1 / 3), (4, -1 / 24))  # the fourth-order one with twice the step
KNOWN = 1e-7  # of the largest entry, to which the two must agree
KINKED = 1e-3  # of the largest entry: slopes on both sides that differ by more, however small the step, are a kink
EQUAL = 1e-6  # of the largest entry, to which a hypothesis must explain a claim
SMALL = 1e-3  # below this times EQUAL, numbers at generic points are rounding
TINY = 1e-7  # an entry that is no rounding


class NoCase(Exception):
    """The code does not run, or returns what is no cotangent, at a point."""


class NotKnown(Exception):
    """The derivative at a point is not known: nothing can be said of it."""


class OutOfTime(Exception):
    """There is no time left to look for explanations."""


def timed(subject: Subject, seconds: float) -> Subject:
    """The subject, whose functions raise OutOfTime when so many seconds are over."""
    end = time.perf_counter() + seconds

    def within(function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **keywords: Any) -> Any:
            if time.perf_counter() > end:
                raise OutOfTime
            return function(*arguments, **keywords)

        return called

    derivative_of = None if subject.derivative_of is None else within(subject.derivative_of)
    return replace(subject, forward=within(subject.forward), vjp=within(subject.vjp), derivative_of=derivative_of)


@dataclass(frozen=True)
class Case:
    """A point, the output, and for one argument the Jacobian that is right, and the one that is claimed.

    Both have the shape ``(*output, *argument)``; ``known`` is shaped as the argument: where ``right`` is a number.
    """

    subject: Subject
    point: Point
    position: int
    output: Array
    right: Array
    claimed: Array
    known: Array

    @property
    def primal(self) -> Array:
        """The argument."""
        return self.point.primals[self.position]

    @property
    def is_known(self) -> bool:
        """Whether the whole Jacobian is known, and all that is claimed is finite."""
        return bool(self.known.all() and np.isfinite(self.claimed).all())

    @property
    def is_wrong(self) -> bool:
        """Whether what is claimed is not the Jacobian, where that is known."""
        return bool(self.wrong.any())

    @property
    def wrong(self) -> Array:
        """Where the claim is wrong: the entries of the Jacobian."""
        scale = max(SMALL, largest(self.right * self.known, self.claimed))
        off = np.abs(self.claimed - np.where(self.known, self.right, self.claimed)) > EQUAL * scale
        return np.asarray((off | ~np.isfinite(self.claimed)) & np.broadcast_to(self.known, off.shape))


def largest(*arrays: Array) -> float:
    """The largest finite entry of some arrays."""
    return max(float(np.max(np.abs(a), initial=0.0, where=np.isfinite(a))) for a in arrays)


def near(one: Array, other: Array, scale: float = 0.0) -> bool:
    """Whether two arrays are equal to six digits of the largest entry."""
    if one.shape != other.shape or not (np.isfinite(one).all() and np.isfinite(other).all()):
        return False
    return bool(np.max(np.abs(one - other), initial=0.0) <= EQUAL * max(SMALL, scale, largest(one, other)))


def _options(point: Point) -> dict[str, Any]:
    return copy.deepcopy(dict(point.options)) if point.options else {}


def forward_at(subject: Subject, point: Point) -> Array:
    """The output on floats. Raises NoCase where there is none."""
    function = subject.derivative_of or subject.forward
    try:
        subject.put_randomness_back()
        return np.array(function(*(p.copy() for p in point.primals), **_options(point)), dtype=float)
    except OutOfTime:
        raise
    except Exception as error:  # a person's code may raise anything
        raise NoCase(str(error)) from error


def returned_at(subject: Subject, point: Point, ct: Array) -> Sequence[Any]:
    """What the pullback returns on floats, whatever it is. Raises NoCase where it raises."""
    try:
        subject.put_randomness_back()
        _, pullback = subject.vjp(*(p.copy() for p in point.primals), **_options(point))
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


def jacobian(subject: Subject, point: Point, position: int, output: Array) -> tuple[Array, Array]:
    """The Jacobian for one argument, and where it is known. Raises NoCase where the forward does not run."""
    primal = point.primals[position]
    columns, known = [], []
    for direction in basis(primal.shape):
        direction = np.asarray(project(subject.domains[position], direction, primal))
        if not np.isfinite(primal[direction != 0]).all():
            columns.append(np.zeros(output.shape))
            known.append(True)
            continue
        room = _room(subject, position, primal[direction != 0])
        slope, is_known = _difference(subject, point, position, direction * (STEP * room), output)
        rounding = largest(output) * 2.0**-52 / (STEP * room)
        known.append(is_known and rounding <= KNOWN * max(SMALL, largest(slope / (STEP * room))))
        columns.append(slope / (STEP * room))
    stacked = np.moveaxis(np.array(columns).reshape(-1, *output.shape), 0, -1)
    return stacked.reshape((*output.shape, *primal.shape)), np.array(known, dtype=bool).reshape(primal.shape)


def _room(subject: Subject, position: int, values: Array) -> float:
    domain = subject.domains[position]
    if not isinstance(domain, Interval):
        return 1.0
    return float(min(1.0, *(4 * np.min(np.minimum(values - domain.low, domain.high - values), initial=1.0),)))


def _difference(subject: Subject, point: Point, position: int, step: Array, output: Array) -> tuple[Array, bool]:
    """The change of the output along a small step, to first order, and whether that is known."""
    ahead, behind = (
        [_moved(subject, point, position, sign * times * step, output) for times in range(1, 5)] for sign in (1, -1)
    )
    with np.errstate(all="ignore"):
        fine, coarse = (
            np.asarray(sum(weight * (ahead[times - 1] - behind[times - 1]) for times, weight in stencil))
            for stencil in (FINE, COARSE)
        )
        near_by, further = (ahead[i] - 2 * output + behind[i] for i in (0, 1))
        scale = max(largest(coarse, fine), SMALL * float(np.max(np.abs(step), initial=0.0)))
        agree = np.abs(coarse - fine) <= KNOWN * scale
        smooth = np.abs(near_by - further / 4) <= KINKED * scale
    return fine, bool(np.all(agree & smooth))


def _moved(subject: Subject, point: Point, position: int, by: Array, output: Array) -> Array:
    moved = tuple(p + by if i == position else p for i, p in enumerate(point.primals))
    there = forward_at(subject, replace(point, primals=moved))
    if there.shape != output.shape:
        raise NoCase("the output's shape depends on values")
    return there


def claimed_jacobian(subject: Subject, point: Point, position: int, output: Array) -> Array:
    """What the pullback makes of one basis cotangent after the other. Raises NoCase where it makes no cotangent."""
    rows = [cotangent_at(subject, point, ct, position) for ct in basis(output.shape)]
    return np.array(rows).reshape((*output.shape, *point.primals[position].shape))


def pushed_jacobian(subject: Subject, point: Point, position: int, output: Array) -> Array:
    """What the pushforward makes of one basis tangent after the other. Raises NoCase where it raises."""
    assert subject.jvp is not None
    primal, columns = point.primals[position], []
    for direction in basis(primal.shape):
        tangents = [
            (project(subject.domains[i], direction, p) if i == position else np.zeros(p.shape))
            if subject.is_differentiated(i)
            else None
            for i, p in enumerate(point.primals)
        ]
        try:
            subject.put_randomness_back()
            pushed = subject.jvp([p.copy() for p in point.primals], tangents, **_options(point))
        except Exception as error:  # a person's code may raise anything
            raise NoCase(str(error)) from error
        if np.shape(pushed) != output.shape:
            raise NoCase("the tangent has another shape")
        columns.append(np.asarray(pushed, dtype=float))
    stacked = np.moveaxis(np.array(columns).reshape(-1, *output.shape), 0, -1)
    return np.asarray(stacked.reshape((*output.shape, *primal.shape)))


def case_at(subject: Subject, point: Point, position: int, pushes: bool = False) -> Case:
    """The case of one argument at a point. Raises NoCase where the code does not run there."""
    output = forward_at(subject, point)
    if not np.isfinite(output).all():
        raise NoCase("the output is not finite")
    claimed = (pushed_jacobian if pushes else claimed_jacobian)(subject, point, position, output)
    right, known = jacobian(subject, point, position, output)
    return Case(subject, point, position, output, right, claimed, known)
