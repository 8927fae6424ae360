"""Shifts: what is claimed is right but for an amount that is the same for all entries along an axis."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .cases import Case
from .claims import Array, Claim, axes_of, axis_called, explains, given
from .jacobians import jacobian
from .runs import NoCase, forward_at, near
from .sayings import Diagnosis


def misses_projection(claim: Claim) -> Diagnosis | None:
    """What is right is what is claimed, less its mean along an axis of the argument."""
    for axis in axes_of(case.primal.ndim for case in claim.cases):
        if explains(claim.cases, given(_is_right_less_mean, axis)):
            says = f"should sum to zero along {axis_called(claim, axis)}, and does not: less its mean over that axis, "
            return claim.says(f"{says}it is right", "mean_not_subtracted")
    return None


def _is_right_less_mean(case: Case, axis: int) -> Array | None:
    if case.primal.ndim < -axis:
        return None
    less = case.claimed - np.mean(case.claimed, axis=axis, keepdims=True)
    return case.claimed if near(less, case.right) else None


def differs_by_the_same_along_an_axis(claim: Claim) -> Diagnosis | None:
    """What is missing (or too much) is the same for all entries along an axis."""
    wrong = [case for case in claim.cases if case.is_wrong]
    for axis in axes_of(case.primal.ndim for case in claim.cases):
        if any(case.primal.ndim < -axis for case in wrong):
            continue
        told = [case for case in wrong if case.primal.shape[axis] > 1]
        if len(told) < 2:
            continue
        same = all(_is_the_same(case.claimed - case.right, axis) for case in told)
        if same and not all(_is_the_same(case.right, axis) for case in told):
            says = f"is off by the same amount for all entries along {axis_called(claim, axis)}"
            if any(_couples(case, axis) for case in told):
                says += ": look at what passes through a sum or a mean over that axis"
            return claim.says(says, "shift_along_axis")
    return None


def _is_the_same(array: Array, axis: int) -> bool:
    return near(np.broadcast_to(array.mean(axis=axis, keepdims=True), array.shape), array)


def _couples(case: Case, axis: int) -> bool:
    """Whether what one entry along the axis does to the output depends on another one's value."""
    moved = case.primal.copy()
    np.moveaxis(moved, axis, 0)[0] += 0.125
    primals = tuple(moved if i == case.position else p for i, p in enumerate(case.point.primals))
    point = replace(case.point, primals=primals)
    try:
        there, known = jacobian(case.subject, point, case.position, forward_at(case.subject, point))
    except NoCase:
        return False
    if there.shape != case.right.shape or not known.all():
        return False
    before, after = (np.moveaxis(array, axis, 0)[1:] for array in (case.right, there))
    return not near(before, after)
