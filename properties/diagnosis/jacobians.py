"""Whole Jacobians: the one that differences of the forward say is right, and the one that is claimed.

Differences are of two orders and steps that must agree. Where they do not, or where the slopes on both sides are
different, the derivative is not known, and nothing is concluded from it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backproof.engine.domains import Interval, project
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .runs import SMALL, Array, NoCase, basis, cotangent_at, forward_at, largest, options_of

STEP = 2.0**-8
FINE = ((1, 3 / 4), (2, -3 / 20), (3, 1 / 60))  # the sixth-order central difference
COARSE = ((1, 2 / 3), (2, -1 / 12))  # the fourth-order one
KNOWN = 1e-7  # of the largest entry, to which the two must agree
KINKED = 1e-3  # of the largest entry: slopes on both sides that differ by more, however small the step, are a kink


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


def is_right_along(subject: Subject, point: Point, position: int) -> bool | None:
    """Whether the claim fits a difference in a generic direction; None where that is not known."""
    primal, source = point.primals[position], np.random.default_rng(0)
    direction = np.asarray(project(subject.domains[position], source.uniform(0.3, 1.0, primal.shape), primal))
    direction = np.where(np.isfinite(primal), direction, 0.0)
    try:
        output = forward_at(subject, point)
        room = _room(subject, position, primal[np.isfinite(primal)])
        slope, is_known = _difference(subject, point, position, direction * (STEP * room), output)
        got = cotangent_at(subject, point, point.cotangent, position)
    except NoCase:
        return None
    terms = point.cotangent * slope / (STEP * room)
    off = abs(float(np.sum(terms)) - float(np.sum(got * direction)))
    scale = max(SMALL, float(np.sum(np.abs(terms))), float(np.sum(np.abs(got * direction))))
    return bool(off <= KNOWN * scale) if is_known and np.isfinite(off) else None


def _room(subject: Subject, position: int, values: Array) -> float:
    domain = subject.domains[position]
    if not isinstance(domain, Interval):
        return 1.0
    return float(min(1.0, *(4 * np.min(np.minimum(values - domain.low, domain.high - values), initial=1.0),)))


def _difference(subject: Subject, point: Point, position: int, step: Array, output: Array) -> tuple[Array, bool]:
    """The change of the output along a small step, to first order, and whether that is known."""
    ahead, behind = (
        [_moved(subject, point, position, sign * times * step, output) for times in range(1, 4)] for sign in (1, -1)
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
            pushed = subject.jvp([p.copy() for p in point.primals], tangents, **options_of(point))
        except Exception as error:  # a person's code may raise anything
            raise NoCase(str(error)) from error
        if np.shape(pushed) != output.shape:
            raise NoCase("the tangent has another shape")
        columns.append(np.asarray(pushed, dtype=float))
    stacked = np.moveaxis(np.array(columns).reshape(-1, *output.shape), 0, -1)
    return np.asarray(stacked.reshape((*output.shape, *primal.shape)))
