"""Runs on floats as a caller makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backproof.engine.errors import SpecError
from backproof.engine.extended import released
from backproof.engine.subjects import Pullback, Subject, counted, quietly
from backproof.strategies.points import Point

Array = np.ndarray[Any, Any]

NEARLY = 1e-9  # of the largest entry: below it nobody asks what rounding explains
COARSE = 1e-3  # of the largest entry: where rounding does more, nothing can be said


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


def run(subject: Subject, primals: Sequence[Array], options: Any) -> tuple[Array, Pullback]:
    """One forward on these very arrays. Raises Raised where it raises."""
    subject.put_randomness_back()
    try:
        output, pullback = subject.vjp(*primals, **options)
    except Exception as error:  # a person's code may raise anything
        raise Raised(error) from error
    return output, pullback


def pulled(subject: Subject, pullback: Pullback, ct: Array, copied: bool = True) -> tuple[Array | None, ...]:
    """The cotangents that one call returns, copied unless told otherwise. Raises Raised where it raises."""
    try:
        returned = counted(subject, pullback(ct))
    except SpecError:
        raise
    except Exception as error:  # a person's code may raise anything
        raise Raised(error) from error
    return tuple(
        np.array(cotangent, copy=copied or None)
        if subject.is_differentiated(position) and cotangent is not None
        else None
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


def native_run(subject: Subject, point: Point) -> Answers | None:
    """The answers at a point in float64, outside of any rebinding; None where the code raises.

    Raising is another property's business, and so are the warnings.
    """
    with released(), quietly():
        try:
            found = plainly(subject, point)
        except Raised:
            return None
    cotangents = tuple(None if g is None else np.asarray(g, dtype=float) for g in found.cotangents)
    return Answers(np.asarray(found.output, dtype=float), cotangents)


def forward_alone(subject: Subject, point: Point) -> Array:
    """The output of the forward itself at a point. Raises Raised where it raises."""
    subject.put_randomness_back()
    try:
        return np.array(subject.forward(*(p.copy() for p in point.primals), **point.options))
    except Exception as error:  # a person's code may raise anything
        raise Raised(error) from error


def pushed_on_floats(subject: Subject, point: Point, tangents: Sequence[Array | None]) -> Array:
    """The output's tangent in float64, outside of any rebinding. Raises Raised where the pushforward raises."""
    assert subject.jvp is not None
    with released(), quietly():
        subject.put_randomness_back()
        try:
            given = [None if t is None else t.copy() for t in tangents]
            returned = subject.jvp([p.copy() for p in point.primals], given, **point.options)
            return np.asarray(returned, dtype=float)
        except Exception as error:  # a person's code may raise anything
            raise Raised(error) from error


def are_far(one: Array, other: Array, allowed: float = 0.0) -> bool:
    """Whether an array is another than one: by more than is ``allowed``, or not finite where that one is."""
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
