"""Does the code under test keep extended precision? Asked before anybody is accused."""

from __future__ import annotations

from backproof.engine.errors import BackproofError
from backproof.engine.extended import Leak, computing, leaking_line, probe, rebound
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .directions import dense_direction
from .running import Settled, bound_forward, lift, run_jvp, run_vjp

BITS = 128  # enough to take the branches that the full precision takes


def leak_at(subject: Subject, point: Point, forward_alone: bool = False) -> str | None:
    """The line at which forward, pullback or pushforward turn extended numbers into float64; None if none does."""
    try:
        with computing(probe, BITS), rebound(*subject.code):
            lifted = lift(point)
            bound_forward(subject, lifted)(*lifted.primals)
            if forward_alone:
                return None
            run_vjp(subject, lifted).pull(lifted.cotangent)
            if subject.jvp is not None:
                run_jvp(subject, lifted, lifted.tangents(subject, lambda shape: dense_direction(shape, 0)))
    except Leak as leak:
        return leaking_line(leak)
    except (BackproofError, Settled):
        return None
    return None
