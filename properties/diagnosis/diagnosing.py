"""What explains the claims for the arguments of a subject, at fresh points and at the one that was found."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import zip_longest

import numpy as np

from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from . import choices, elsewhere, handling, kinks, regions, repeats
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
    said: list[tuple[str, Diagnosis | None]] = []  # of the arguments whose cotangents are wrong
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
            claim = Claim(subject, position, noun, whole, partly, pushes)
            diagnosis = _explained(claim, found, pushes) if len(whole) >= FEWEST else None
            if diagnosis is not None or position == positions[0] or any(case.is_wrong for case in cases):
                said.append((claim.argument, diagnosis))
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
    """The first diagnosis, of which other arguments the same can be said, and which ones are wrong in other ways."""
    first = next((diagnosis for _, diagnosis in said if diagnosis is not None), None)
    if first is None or first.argument is None:
        return first
    asked = said[0][0]
    others = [(name, other) for name, other in said if name not in (first.argument, asked)]
    same = [name for name, other in others if other is not None and _body(other) == _body(first)]
    is_named = f" and {{}} {elsewhere.SWAPPED}".format
    more = [name for name, _ in others if name not in same and is_named(name) not in first.says]
    says = first.says
    if first.argument != asked:
        says = f"of {asked} nothing is known that explains it all; but {says}"
    if same:
        says += f"; the same holds for {_listed(same)}"
    if more:
        says += f"; also wrong: {', '.join(more)}"
    return Diagnosis(says, first.kind, first.argument)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + (" and " if names[:-1] else "") + names[-1]


def _body(diagnosis: Diagnosis) -> str:
    return diagnosis.says.replace(f"for {diagnosis.argument} ", "", 1)
