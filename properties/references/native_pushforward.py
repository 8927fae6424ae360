"""Pushforwards on floats: what they return, and how far rounding may move it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from backproof.engine.domains import project
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .on_floats import SAFE, moved_a_little
from .plain_runs import Raised, pushed_on_floats

Array = np.ndarray[Any, Any]
Tangents = Sequence[Array | None]

ROUNDING = 1e-6  # of the size of what is summed: nobody asks below it what rounding explains


def tangents_at(subject: Subject, point: Point, number: int) -> list[Array | None]:
    """Tangents with generic numbers, within the domains; zero where a primal is infinite, None for constants."""
    source = np.random.default_rng([point.fingerprint, number])
    found: list[Array | None] = []
    for position, (domain, primal) in enumerate(zip(subject.domains, point.primals, strict=True)):
        drawn = source.uniform(0.5, 1.0, primal.shape) * source.choice([-1.0, 1.0], primal.shape)
        if not subject.is_differentiated(position):
            found.append(None)
            continue
        within = np.asarray(project(domain, np.asarray(drawn), primal), dtype=float)
        found.append(np.where(np.isfinite(primal), within, 0.0))
    return found


def spread_of_tangent(subject: Subject, point: Point, tangents: Tangents) -> float:
    """What changes of primals and tangents by a unit of roundoff or two do to the output's tangent, and more.

    Infinite where the pushforward raises beside the point: nothing can be told of rounding there.
    """
    here = pushed_on_floats(subject, point, tangents)
    source = np.random.default_rng(point.fingerprint)
    largest = 0.0
    for _ in range(3):
        primals = tuple(moved_a_little(p, source) for p in point.primals)
        moved = [None if t is None else moved_a_little(t, source) for t in tangents]
        try:
            there = pushed_on_floats(subject, replace(point, primals=primals), moved)
        except Raised:
            return math.inf
        if here.size and there.shape == here.shape:
            largest = max(largest, float(np.nanmax(np.abs(there - here))))
    return SAFE * largest
