"""Does the code do in extended precision what it does on floats? Only then are its formulae judged there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from backproof.engine.errors import BackproofError
from backproof.engine.extended import to_float
from backproof.engine.subjects import Subject

from ..judgement import Setting
from .accuracy import ROUNDED, rounding_spreads, spreads, terms_of, tolerance
from .plain_runs import native_run
from .running import Lifted, Settled, run_vjp

CLOSE_ENOUGH = 1e-7  # of the largest entry: no other program is as near as this


def allowances(subject: Subject, lifted: Lifted, setting: Setting, here: Sequence[Any]) -> list[float]:
    """How far rounding may move the output and each cotangent of a run on floats: the larger of two bounds.

    ``here`` is what the extended run returned: the output, then the cotangents. One bound is what changes of
    +-u in everything that is handed in do to them, the other what rounding every operation does.
    """

    def again(moved: Lifted) -> list[Any]:
        run = run_vjp(subject, moved)
        return [run.output, *run.pull(moved.cotangent)]

    spread = spreads(here, again, lifted)
    rounded = rounding_spreads(here, again, subject, lifted, setting)
    terms = terms_of(lifted)
    return [
        0.0 if array is None else max(tolerance(to_float(array), by_inputs, terms), ROUNDED * by_rounding)
        for array, by_inputs, by_rounding in zip(here, spread, rounded, strict=True)
    ]


def disagreement(
    subject: Subject, lifted: Lifted, setting: Setting, output: Any, cotangents: Sequence[Any]
) -> str | None:
    """What the native run returns that the extended one does not, beyond rounding; None where they agree.

    Where the native run overflows or raises, nothing is said.
    """
    native = native_run(subject, lifted.point)
    if native is None:
        return None
    names = ["the output", *(f"the cotangent for {name}" for name in subject.arguments)]
    exact = [to_float(array) if array is not None else None for array in (output, *cotangents)]
    got = [native.output, *native.cotangents]
    far = [
        position
        for position, (one, other) in enumerate(zip(exact, got, strict=True))
        if one is not None and other is not None and not near(one, other)
    ]
    if not far:
        return None
    try:
        allowed = allowances(subject, lifted, setting, [output, *cotangents])
    except (Settled, BackproofError):
        return None
    for position in far:
        one, other = exact[position], got[position]
        assert one is not None
        assert other is not None
        if one.shape != other.shape:
            return f"{names[position]} has shape {other.shape} on floats, and {one.shape} in extended precision"
        error = float(np.max(np.abs(one - other), initial=0.0))
        if error > allowed[position]:
            return f"{names[position]} is another on floats than in extended precision, by {error:.2g}"
    return None


def near(one: Any, other: Any) -> bool:
    """Whether two float arrays are the same program's, or nothing can be said of them."""
    if one.shape != other.shape:
        return False
    comparable = np.isfinite(one) & np.isfinite(other)
    if not comparable.all():
        return True
    return bool(np.max(np.abs(one - other), initial=0.0) <= CLOSE_ENOUGH * np.max(np.abs(one), initial=0.0) + 1e-300)
