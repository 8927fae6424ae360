"""Does the code under test keep extended precision? Asked before anybody is accused."""

from __future__ import annotations

import contextlib

from backproof.engine.errors import BackproofError
from backproof.engine.extended import computing, leaking_lines, probe, rebound
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .directions import dense_direction
from .running import Settled, bound_forward, lift, run_jvp, run_vjp

BITS = 128  # enough to take the branches that the full precision takes


def leak_at(subject: Subject, point: Point, *, forward: bool = True, derivatives: bool = True) -> str | None:
    """The line at which extended numbers are turned into float64, None if there is none.

    ``forward`` asks the forward by itself, ``derivatives`` the vjp and the pushforward.
    """
    with (
        computing(probe, BITS),
        leaking_lines() as lines,
        contextlib.suppress(BackproofError, Settled),
        rebound(*subject.code),
    ):
        lifted = lift(point)
        if forward:
            bound_forward(subject, lifted)(*lifted.primals)
        if derivatives:
            run_vjp(subject, lifted).pull(lifted.cotangent)
        if derivatives and subject.jvp is not None:
            run_jvp(subject, lifted, lifted.tangents(subject, lambda shape: dense_direction(shape, 0)))
    return lines[0] if lines else None
