"""What is declared next to a subject: two things that must be equal, whatever the point."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from backproof.engine.errors import SpecError
from backproof.engine.extended import active, decimals, extended, stripped
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .judgement import (
    Evidence,
    Judgement,
    Mismatch,
    Setting,
    close,
    falsified,
    inconclusive,
    least,
    passed,
    sentence_property,
)
from .references.comparing import Relation, compare
from .references.differences import as_extended
from .references.judging import in_extended_precision
from .references.on_floats import on_floats
from .references.plain_runs import plainly
from .references.running import Lifted, run_vjp

ROUNDING = 1e-6  # of the largest number in sight, on floats


def _declares_none(subject: Subject) -> str | None:
    return None if subject.invariants else "it declares no invariants"


@sentence_property("The invariants that are declared beside it hold.", _declares_none, weakens=True)
def invariants(subject: Subject, point: Point, setting: Setting) -> Judgement:
    judge = _judged_by_formula if setting.strength is Evidence.FORMULA else _judged_on_floats
    return judge(subject, point, setting)


@in_extended_precision
def _judged_by_formula(subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int) -> Judgement | None:
    run = run_vjp(subject, lifted)
    named = _by_name(subject, lifted.primals, run.output, lifted.cotangent, run.pull(lifted.cotangent))
    judgements = [
        _compared(_sentence(invariant), *_sides(invariant, named, lifted.options), named)
        for invariant in subject.invariants
    ]
    return least(judgements)


@on_floats
def _judged_on_floats(subject: Subject, point: Point, setting: Setting) -> Judgement:
    found = plainly(subject, point)
    named = _by_name(subject, point.primals, found.output, point.cotangent, found.cotangents)
    largest = max(float(np.max(np.abs(array), initial=0.0)) for array in named.values() if array is not None)
    for invariant in subject.invariants:
        one, other = _sides(invariant, named, point.options)
        if np.max(np.abs(np.asarray(one) - np.asarray(other)), initial=0.0) > ROUNDING * largest:
            return falsified(f"it does not hold that {_sentence(invariant)}", Evidence.NATIVE)
    return passed(Evidence.NATIVE)


def _by_name(subject: Subject, primals: Any, output: Any, ct: Any, cotangents: Any) -> dict[str, Any]:
    named = dict(zip(subject.arguments, primals, strict=True))
    named |= {f"d{name}": cotangent for name, cotangent in zip(subject.arguments, cotangents, strict=True)}
    return named | {"y": output, "ct": ct}


def _sides(invariant: Callable[..., Any], named: Mapping[str, Any], options: Mapping[str, Any]) -> tuple[Any, Any]:
    known = {**options, **named}
    returned = invariant(**{name: known[name] for name in inspect.signature(invariant).parameters})
    if not (isinstance(returned, tuple) and len(returned) == 2):
        raise SpecError(
            f"the invariant {invariant.__name__!r} returned {type(returned).__name__}, but should return two things "
            "that must be equal, such as (np.sum(dx, axis=-1), 0)."
        )
    return returned


def _sentence(invariant: Callable[..., Any]) -> str:
    """The first line of the docstring, or else the name, as part of a sentence."""
    said = (invariant.__doc__ or invariant.__name__.replace("_", " ")).strip().splitlines()[0]
    return said.rstrip(".")


def _compared(says: str, one: Any, other: Any, named: Mapping[str, Any]) -> Judgement | None:
    """Entry by entry, read against the largest number in sight: what should be zero has no size of its own."""
    expected, got = np.broadcast_arrays(stripped(_lifted(one)), stripped(_lifted(other)))
    size, zero = active().size, active().lift(0)
    floats = [a for a in named.values() if a is not None and a.dtype.kind == "f"]
    largest = max([zero, *(size(number) for array in floats for number in stripped(array).ravel().tolist())])
    worst = 999.0
    for e, g in zip(expected.ravel().tolist(), got.ravel().tolist(), strict=True):
        comparison = compare(e, g, zero, largest, largest)
        if comparison.relation is Relation.UNRESOLVED:
            return None
        if comparison.relation is Relation.UNDEFINED:
            return inconclusive(f"it is not a finite number that {says}")
        if comparison.relation is Relation.CLOSE:
            return close(f"what must be equal ({says}) agrees", comparison.digits, comparison.gap)
        if comparison.relation is Relation.DIFFER:
            shown = Mismatch(says, expected.shape, tuple(decimals(expected, 40)), tuple(decimals(got, 40)))
            reason = f"it does not hold that {says}"
            return falsified(reason, digits=comparison.digits, mismatch=shown, gap=comparison.gap)
        worst = min(worst, comparison.digits)
    return passed(digits=worst)


def _lifted(value: Any) -> Any:
    return as_extended(value) if isinstance(value, np.ndarray) else extended(np.asarray(value, dtype=float))
