"""Values of an option: right for some of them, wrong for others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from backproof.engine.options import Choice

from .cases import Case, case_at
from .claims import FEWEST, Claim
from .large import is_right_beyond
from .runs import NoCase, largest
from .sayings import Diagnosis

MOST_VALUES = 5
CASES = 10  # for each value


def is_wrong_for_a_value(
    claim: Claim, explained: Callable[[Claim], Diagnosis | None], fixed: frozenset[str] = frozenset()
) -> Diagnosis | None:
    """It is right for some values of an option, and wrong for others; and what is wrong there, if that has a name."""
    if claim.pushes:
        return None  # what is right is looked for with the pullback
    for name, option in claim.subject.options.items():
        if name in fixed or not isinstance(option, Choice) or not 1 < len(option.values) <= MOST_VALUES:
            continue
        if len({repr(case.point.options[name]) for case in claim.cases}) < 2:
            continue
        by_value = [(value, tuple(_cases(claim, name, value))) for value in option.values]
        wrong = [(value, cases) for value, cases in by_value if sum(case.is_wrong for case in cases) >= FEWEST]
        right = [value for value, cases in by_value if _is_right(cases)]
        if not wrong or not right or len(wrong) + len(right) < len(by_value):
            continue
        if not all(_is_right_beyond(claim, {name: value}, fixed) for value in right):
            continue
        there = tuple(case for _, cases in wrong for case in cases)
        narrowed = replace(claim, cases=there, special=())
        values = " and ".join(f"{name}={value!r}" for value, _ in wrong)
        says = f"is wrong only for {values}"
        cause = explained(narrowed) or is_wrong_for_a_value(narrowed, explained, fixed | {name})
        if cause is None:
            return claim.says(says, "option_value")
        body = cause.says.removeprefix(f"{claim.noun} ")
        return claim.says(f"{says}: there {'it ' if body != cause.says else ''}{body}", "option_value")
    return None


def _cases(claim: Claim, name: str, value: Any) -> Iterator[Case]:
    """The first cases, with this value of the option: all values are seen at the same points."""
    for case in claim.cases[:CASES]:
        if repr(case.point.options[name]) == repr(value):
            yield case
            continue
        point = replace(case.point, options={**case.point.options, name: value})
        try:
            there = case_at(claim.subject, point, claim.position, claim.pushes)
        except NoCase:
            continue
        if there.is_known:
            yield there


def _is_right(cases: tuple[Case, ...]) -> bool:
    return not any(case.is_wrong for case in cases) and sum(largest(case.right) > 0 for case in cases) >= FEWEST


def _is_right_beyond(claim: Claim, same: Mapping[str, Any], fixed: frozenset[str]) -> bool:
    """Whether it is right for a value at other sizes too, with the ``fixed`` options as at the cases."""
    seen = [{other: case.point.options[other] for other in fixed} for case in claim.cases]
    distinct = {repr(options): options for options in seen}.values()
    found = claim.cases[0].point
    return all(is_right_beyond(claim.subject, found, claim.position, {**options, **same}) for options in distinct)
