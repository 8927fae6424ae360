"""No NaN and no infinity where there is a finite derivative."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from backproof.engine.errors import BackproofError, NotExtendable
from backproof.engine.extended import UNIFORM, computing, rebound, to_float
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .judgement import Evidence, Judgement, Setting, falsified, float_mismatch, inconclusive, passed, sentence_property
from .references.accuracy import represented, rounding_spreads
from .references.by_native_runs import slopes_along
from .references.comparing import is_finite
from .references.differences import Base, record
from .references.entries import entry
from .references.on_floats import on_floats
from .references.plain_runs import Raised, forward_alone, plainly
from .references.running import Lifted, Settled, bound_forward, expected_cotangent, lift, run_vjp

Array = np.ndarray[Any, Any]

DTYPES = (np.float64, np.float32)  # in float16, constants such as 1e-8 are zero: no layer that needs them is one there
MOST_ENTRIES = 16  # of one cotangent that are held against differences
FAR_FROM_OVERFLOW = 16.0


def _is_a_stack(subject: Subject) -> str | None:
    return "in a stack, what is too large between two layers leaves the floats rightly" if subject.stages else None


@sentence_property(
    "Where the derivative is a finite number, so is the cotangent: nothing leaks from unused branches.", _is_a_stack
)
@on_floats
def finite_where_differentiable(subject: Subject, point: Point, setting: Setting) -> Judgement:
    for dtype in DTYPES:
        given = point if dtype is np.float64 else represented(point, np.dtype(dtype))
        judgement = None if given is None else _in_dtype(subject, given, setting, np.dtype(dtype))
        if judgement is not None:
            return judgement
    return passed(Evidence.NATIVE)


def _in_dtype(subject: Subject, point: Point, setting: Setting, dtype: np.dtype[Any]) -> Judgement | None:
    try:
        found, output = plainly(subject, point), forward_alone(subject, point)
    except Raised:
        if dtype == point.cotangent.dtype == np.float64:
            raise
        return None  # another property's business
    if output.dtype != dtype or not np.isfinite(output).all():
        return None
    for position in subject.differentiated:
        got = found.cotangents[position]
        if got is not None and got.shape == point.primals[position].shape and not np.isfinite(got).all():
            judgement = _held(subject, point, setting, dtype, position, got)
            if judgement is not None:
                return judgement
    return None


def _held(
    subject: Subject, point: Point, setting: Setting, dtype: np.dtype[Any], position: int, got: Array
) -> Judgement | None:
    """The entries that are not finite, each against the differences of the pieces that meet at the point."""
    largest = float(np.finfo(dtype).max) / FAR_FROM_OVERFLOW
    moving = np.isfinite(point.primals[position]).ravel()
    places = np.flatnonzero(~np.isfinite(got.ravel()) & moving)[:MOST_ENTRIES].tolist()
    try:
        expected, evidence = _by_differences(subject, point, setting, position, places), Evidence.FORMULA
    except NotExtendable:
        expected, evidence = _by_native_runs(subject, point, position, places), Evidence.NATIVE
    except BackproofError as error:
        return inconclusive(str(error))
    wrong = [place for place, size in expected.items() if size is not None and abs(size) < largest]
    if not wrong or (
        evidence is Evidence.FORMULA and _moved_by_rounding(subject, point, setting, dtype, position) >= largest
    ):
        return None
    name = subject.arguments[position]
    shown = float_mismatch(name, np.array([expected[p] for p in wrong]), got.ravel()[wrong])
    reason = f"in {dtype}, the cotangent for {name} is not finite, where the derivative is"
    return falsified(
        reason, evidence, mismatch=replace(shown, what=f"{shown.what}, entries {wrong} in C order", shape=())
    )


def _by_differences(
    subject: Subject, point: Point, setting: Setting, position: int, places: list[int]
) -> dict[int, float | None]:
    """The derivative at each entry, the largest of the pieces' in size; None where one of them is not finite."""
    with computing(setting.arithmetic, setting.precisions[0]):
        lifted = lift(point)
        with rebound(*subject.code):
            base = record(bound_forward(subject, lifted), lifted.primals, setting.precisions[0], subject.differentiated)
            ct = expected_cotangent(subject, lifted.cotangent)
            return {place: _largest_piece(subject, base, ct, position, place) for place in places}


def _moved_by_rounding(subject: Subject, point: Point, setting: Setting, dtype: np.dtype[Any], position: int) -> float:
    """How far rounding to the dtype alone moves the cotangent: what cancels to zero may leave the range before.

    Nowhere, where the cotangent is no finite number without rounding either: then something leaks.
    """

    def compute(moved: Lifted) -> Sequence[Any]:
        return run_vjp(subject, moved).pull(moved.cotangent)

    try:
        with computing(setting.arithmetic, setting.precisions[0]):
            lifted = lift(point)
            with rebound(*subject.code):
                exact = compute(lifted)
                if not np.isfinite(to_float(exact[position])).all():
                    return 0.0
                unit = float(np.finfo(dtype).eps) / 2
                return rounding_spreads(exact, compute, subject, lifted, setting, unit)[position]
    except (NotExtendable, Settled):
        return 0.0


def _largest_piece(subject: Subject, base: Base, ct: Any, position: int, place: int) -> float | None:
    pieces = [entry(subject, base, ct, position, place, policy) for policy in UNIFORM]
    if not all(is_finite(piece.value) and is_finite(piece.error) for piece in pieces):
        return None
    return max((float(piece.value) for piece in pieces), key=abs)


def _by_native_runs(subject: Subject, point: Point, position: int, places: list[int]) -> dict[int, float | None]:
    found: dict[int, float | None] = {}
    for place in places:
        best = min(slopes_along(subject, point, position, place), key=lambda slope: slope.error)
        sure = np.isfinite(best.value) and best.error < 1e-3 * max(1.0, abs(best.value))
        found[place] = best.value if sure else None
    return found
