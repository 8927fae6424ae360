"""Buffers that add up: what an earlier call of a pullback left is still in what a later one returns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backproof.engine.subjects import Subject, counted
from backproof.strategies.points import Point

from .claims import FEWEST
from .filling import generic
from .jacobians import jacobian
from .runs import TINY, Array, NoCase, OutOfTime, forward_at, largest, near, options_of
from .sayings import Diagnosis

SEEDS = (0, 0, 1)  # of the cotangents of one call after the other; of two alike, an honest pullback makes the same


def adds_up(subject: Subject, points: Sequence[Point]) -> Diagnosis | None:
    """Each call of one pullback gives what the call before gave, and what it should give itself on top of it."""
    told = dict.fromkeys(subject.differentiated, 0)
    for point in points:
        try:
            for position in told.copy():
                said = _adds_up_at(subject, point, position)
                if said is False:
                    del told[position]
                elif said is True:
                    told[position] += 1
        except NoCase:
            continue
    names = [subject.arguments[position] for position, count in told.items() if count >= FEWEST]
    if not names:
        return None
    others = f"; the same holds for {', '.join(names[1:])}" if names[1:] else ""
    says = f"the cotangent for {names[0]} adds up from one call to the next: what an earlier call left is still in it"
    return Diagnosis(f"{says}{others}", "adds_up", names[0])


def _adds_up_at(subject: Subject, point: Point, position: int) -> bool | None:
    """Whether it does at a point; None where nothing can be said, as where the cotangent is zero."""
    output = forward_at(subject, point)
    cts = [generic(output.shape, np.random.default_rng(number)) for number in SEEDS]
    got = _called_one_after_the_other(subject, point, position, cts)
    if near(got[0], got[1]):
        return False if largest(got[0]) > TINY else None
    right, known = jacobian(subject, point, position, output)
    should = [np.tensordot(ct, right, axes=ct.ndim) for ct in cts]
    if not known.all() or min(map(largest, should)) < TINY:
        return None
    steps = zip(got, got[1:], should[1:], strict=False)
    return largest(got[0]) > TINY and all(near(after - before, expected) for before, after, expected in steps)


def _called_one_after_the_other(subject: Subject, point: Point, position: int, cts: Sequence[Array]) -> list[Array]:
    """What one pullback returns for an argument, copied before it is called again."""
    primal = point.primals[position]
    try:
        subject.put_randomness_back()
        _, pullback = subject.vjp(*(p.copy() for p in point.primals), **options_of(point))
        found = [np.array(counted(subject, pullback(ct.copy()))[position], dtype=float) for ct in cts]
    except OutOfTime:
        raise
    except Exception as error:  # a person's code may raise anything
        raise NoCase(str(error)) from error
    if any(array.shape != primal.shape for array in found):
        raise NoCase("it is no cotangent")
    return found
