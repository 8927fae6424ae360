"""Right for something else: another argument's cotangent, an operand transposed or left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from backproof.strategies.points import Point

from .cases import Case, claimed_at, right_at
from .claims import Array, Claim, explains, given
from .runs import near
from .sayings import Diagnosis

SWAPPED = "have changed places"

Change = Callable[[Case], Point | None]


def is_swapped(claim: Claim) -> Diagnosis | None:
    """It is the cotangent of another argument of the same shape."""
    for position in claim.subject.differentiated:
        if position != claim.position and explains(
            claim.cases, given(lambda case, i: right_at(case, case.point, i), position)
        ):
            other = claim.subject.arguments[position]
            others = [claimed_at(case, case.point, position) for case in claim.cases]
            if all(o is not None and near(o, case.right) for o, case in zip(others, claim.cases, strict=True)):
                says = f"the cotangents for {claim.argument} and {other} {SWAPPED}"
                return Diagnosis(says, "swapped", claim.argument)
            is_twice = all(o is not None and near(o, case.claimed) for o, case in zip(others, claim.cases, strict=True))
            return claim.says(f"is that for {other}{', which is returned twice' if is_twice else ''}", "swapped")
    return None


def is_right_elsewhere(claim: Claim) -> Diagnosis | None:
    """It is the derivative where an argument is transposed, negated, replaced by the output or by another one."""
    for says, kind, change in _changes(claim):
        if explains(claim.cases, given(_changed, change)):
            return claim.says(says, kind)
    return None


def _changes(claim: Claim) -> Iterator[tuple[str, str, Change]]:
    names = claim.subject.arguments
    floats = [i for i, p in enumerate(claim.cases[0].point.primals) if p.dtype.kind == "f"]
    for i in floats:
        is_matrix = all(case.point.primals[i].ndim == 2 for case in claim.cases)
        turned = f"{names[i]}.T" if is_matrix else f"swapaxes({names[i]}, -1, -2)"
        says = f"is right for {turned} in the place of {names[i]}: {names[i]} is transposed, or is not and should be"
        yield says, "operand_transposed", given(lambda case, i: _with(case, i, _turned(case.point.primals[i])), i)
    for i in floats:
        says = f"is right for the output in the place of {names[i]}"
        yield says, "output_for_input", given(lambda case, i: _with(case, i, case.output), i)
        says = f"is right for -{names[i]} in the place of {names[i]}"
        yield says, "operand_negated", given(lambda case, i: _with(case, i, -case.point.primals[i]), i)
        says = f"is right for abs({names[i]}) in the place of {names[i]}"
        yield says, "operand_absolute", given(lambda case, i: _with(case, i, np.abs(case.point.primals[i])), i)
    for i in floats:
        for j in floats:
            if i != j:
                says = f"is right for {names[j]} in the place of {names[i]}"
                yield says, "wrong_operand", given(lambda case, i, j: _with(case, i, case.point.primals[j]), i, j)
    for i in floats:
        if len(floats) > 1:
            for value in (0.0, 1.0):
                says = f"is right only where {names[i]} is {value:g}: {names[i]} is left out of it"
                yield (
                    says,
                    "operand_left_out",
                    given(lambda case, i, v: _with(case, i, np.full(case.point.primals[i].shape, v)), i, value),
                )


def _turned(array: Array) -> Array | None:
    return np.swapaxes(array, -1, -2).copy() if array.ndim > 1 else None


def _with(case: Case, position: int, array: Array | None) -> Point | None:
    before = case.point.primals[position]
    if array is None or array.shape != before.shape:
        return None
    primals = tuple(array if i == position else p for i, p in enumerate(case.point.primals))
    return replace(case.point, primals=primals)


def _changed(case: Case, change: Change) -> Array | None:
    point = change(case)
    return None if point is None else right_at(case, point, case.position)
