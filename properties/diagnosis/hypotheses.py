"""The hypotheses, the simplest first, and the one that explains everything at all cases, large ones among them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from . import (
    arrays,
    axes,
    elsewhere,
    factors,
    handling,
    options,
    overlaps,
    regions,
    repairs,
    repeats,
    shifts,
    terms,
)
from .cases import Case, case_at
from .claims import Claim
from .large import large_points
from .runs import NoCase, OutOfTime, stopwatch
from .sayings import Diagnosis

Hypothesis = Callable[[Claim], Diagnosis | None]

EVERYWHERE: tuple[Hypothesis, ...] = (
    factors.is_zero,
    factors.is_multiple,
    axes.is_permuted,
    axes.is_reordered,
    elsewhere.is_swapped,
    options.ignores_option,
    regions.is_wrong_in_a_region,
    repeats.counts_one_of_repeated,
    axes.is_part,
    axes.is_diagonal,
    axes.is_summed,
    shifts.misses_projection,
    arrays.has_factor_of_an_array,
    overlaps.counts_one_of_overlapping,
    repairs.is_right_when_repaired,
    terms.is_another_sum_of_terms,
    elsewhere.is_right_elsewhere,
    handling.hands_on_something_else,
    axes.is_reshaped,
    options.does_not_see_option,
    repairs.is_right_with_another_operand,
    shifts.differs_by_the_same_along_an_axis,
)
SECONDS = 2.0  # for large cases
FEW = 3  # wrong cases beside the large ones, at which what was said at all is said again


def explained_by_one(claim: Claim) -> Diagnosis | None:
    """What the first hypothesis says that says the same where sizes are large: min(n, 5) is n only where n is small."""
    large: tuple[Case, ...] | None = None
    for hypothesis in EVERYWHERE:
        said = _said_by(hypothesis, claim)
        if said is None:
            continue
        large = _large_cases(claim) if large is None else large
        few = [case for case in claim.cases if case.is_wrong][:FEW]
        if _said_by(hypothesis, replace(claim, cases=(*few, *large))) == said:
            return said
        again = _said_by(hypothesis, replace(claim, cases=(*claim.cases, *large)))
        if again is not None:
            return again
    return None


def _large_cases(claim: Claim) -> tuple[Case, ...]:
    is_over = stopwatch(SECONDS)
    found: list[Case] = []
    first = claim.cases[0].point
    same = {
        name: value
        for name, value in first.options.items()
        if all(repr(case.point.options[name]) == repr(value) for case in claim.cases)
    }
    for point in large_points(claim.subject, first):
        if is_over():
            break
        with suppress(NoCase):
            changed = replace(point, options={**point.options, **same})
            found.append(case_at(claim.subject, changed, claim.position, claim.pushes))
    return tuple(case for case in found if case.is_known)


def _said_by(hypothesis: Hypothesis, claim: Claim) -> Diagnosis | None:
    """What a hypothesis says; one that fails on what code under test returns must not cost the others."""
    try:
        return hypothesis(claim)
    except OutOfTime:
        raise
    except Exception:  # a person's code may raise anything
        return None
