"""Factors that are arrays: an argument, or what is made of the output, is forgotten, or multiplied with once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from .cases import Case
from .claims import FEWEST, Array, Claim, expanded_to_argument, expanded_to_output, given
from .data import arrays_of_data
from .runs import TINY, largest, near
from .sayings import Diagnosis


def has_factor_of_an_array(claim: Claim) -> Diagnosis | None:
    """A factor that is forgotten, or one too many: an argument, or what is made of the output, entry by entry."""
    for name, at in (*_arrays(claim), *arrays_of_data(claim)):
        for place in (expanded_to_output, expanded_to_argument):
            factors = [place(case, at(case)) for case in claim.cases]
            if _multiplies(claim.cases, factors, lambda case: (case.right, case.claimed)):
                return claim.says(f"has a factor {name} too many, or lacks a division by it", "extra_factor")
            if _multiplies(claim.cases, factors, lambda case: (case.claimed, case.right)):
                return claim.says(f"lacks the factor {name}", "missing_factor")
    return None


def _multiplies(
    cases: Sequence[Case], factors: Sequence[Array | None], pair: Callable[[Case], tuple[Array, Array]]
) -> bool:
    """Whether the factor takes the one to the other at every case, and does more than make zeros at two."""
    told = 0
    for case, factor in zip(cases, factors, strict=True):
        one, other = pair(case)
        if factor is None or not near(one * factor, other):
            return False
        told += case.is_wrong and largest(other) > TINY
    return told >= FEWEST


def _arrays(claim: Claim) -> Iterator[tuple[str, Callable[[Case], Array]]]:
    for position, name in enumerate(claim.subject.arguments):
        if claim.subject.domains and claim.cases[0].point.primals[position].dtype.kind == "f":
            yield name, given(lambda case, i: case.point.primals[i], position)
            yield f"{name}**2", given(lambda case, i: case.point.primals[i] ** 2, position)
            yield f"sign({name})", given(lambda case, i: np.sign(case.point.primals[i]), position)
            yield f"(1 - {name})", given(lambda case, i: 1 - case.point.primals[i], position)
    y = "y (the output)"
    yield y, lambda case: case.output
    yield "(1 - y), where y is the output", lambda case: 1 - case.output
    yield "(1 + y), where y is the output", lambda case: 1 + case.output
    yield "(1 - y**2), where y is the output", lambda case: 1 - case.output**2
    yield "y * (1 - y), where y is the output", lambda case: case.output * (1 - case.output)
    yield "y**2, where y is the output", lambda case: case.output**2
