"""What explains the claims for the arguments of a subject, at fresh points and at the one that was found."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import zip_longest

import numpy as np

from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from . import choices, handling, kinks, regions, repeats
from .cases import Case, case_at
from .claims import FEWEST, Claim
from .fresh import fits, fresh_points
from .hypotheses import explained_by_one
from .jacobians import is_right_along
from .runs import NoCase, OutOfTime, stopwatch
from .sayings import Diagnosis

GENERIC, SPECIAL = 8, 6  # points
ENOUGH = 5  # cases, where each takes long
SECONDS_OF_CASES = 2.0


def diagnosed(subject: Subject, found: Point, positions: Sequence[int], pushes: bool = False) -> Diagnosis | None:
    """What explains the claims for these arguments, the first one first; None where nothing does."""
    said: list[tuple[str, Diagnosis | None]] = []
    with suppress(OutOfTime):
        generic, special = (fresh_points(subject, found, n, n == SPECIAL) for n in (GENERIC, SPECIAL))
        points = [point for both in zip_longest(generic, special) for point in both if point is not None]
        points += [found] * fits(subject, found)
        for position in positions:
            if position != positions[0] and not pushes and _is_right(subject, points, position):
                continue
            cases = _cases(subject, points, position, pushes)
            whole, partly = (tuple(case for case in cases if case.is_known is known) for known in (True, False))
            noun = f"the {'pushforward' if pushes else 'cotangent'} for {subject.arguments[position]}"
            if len(whole) >= FEWEST:
                claim = Claim(subject, position, noun, whole, partly, pushes)
                said.append((claim.argument, _explained(claim, found, pushes)))
    return _together(said)


def _is_right(subject: Subject, points: Sequence[Point], position: int) -> bool:
    """Whether nothing is wrong with the cotangent for an argument: then its whole Jacobian is not needed."""
    said = (is_right_along(subject, point, position) for point in points)
    return all(right is not False for right in said)


def _cases(subject: Subject, points: Sequence[Point], position: int, pushes: bool) -> list[Case]:
    """The cases of one argument; fewer of them where a case takes long."""
    found: list[Case] = []
    is_over = stopwatch(SECONDS_OF_CASES)
    for point in points:
        if len(found) >= ENOUGH and is_over():
            break
        try:
            found.append(case_at(subject, point, position, pushes))
        except NoCase:
            continue
    return found


def _explained(claim: Claim, found: Point, pushes: bool) -> Diagnosis | None:
    if not pushes and not handling.is_linear(claim.cases):
        return handling.is_not_linear(claim)
    if sum(case.is_wrong for case in claim.cases) < FEWEST:
        return _only_at_special_points(claim, found)
    return explained_by_one(claim) or choices.is_wrong_for_a_value(claim, explained_by_one)


def _only_at_special_points(claim: Claim, found: Point) -> Diagnosis | None:
    """Right at generic points; wrong at zeros, at ties, where numbers are not finite, beyond a threshold."""
    here = next((case for case in (*claim.cases, *claim.special) if case.point is found), None)
    if here is not None and not np.isfinite(here.claimed).all():
        return regions.is_not_finite(claim)
    if any(case.is_wrong for case in (*claim.cases, *claim.special)):
        return regions.is_wrong_in_a_region(claim) or repeats.counts_one_of_repeated(claim)
    if here is None or here.known.all():
        return None
    return kinks.is_wrong_at_a_kink(claim, found)


def _together(said: Sequence[tuple[str, Diagnosis | None]]) -> Diagnosis | None:
    """The first diagnosis, and of which other arguments the same can be said."""
    first = next((diagnosis for _, diagnosis in said if diagnosis is not None), None)
    if first is None or first.argument is None:
        return first
    same = [
        name for name, other in said if other is not None and name != first.argument and _body(other) == _body(first)
    ]
    if not same:
        return first
    listed = ", ".join(same[:-1]) + (" and " if same[:-1] else "") + same[-1]
    return Diagnosis(f"{first.says}; the same holds for {listed}", first.kind, first.argument)


def _body(diagnosis: Diagnosis) -> str:
    return diagnosis.says.replace(f"for {diagnosis.argument} ", "", 1)
