"""Axes: transposed, turned round, summed where it should not be, or only a part of it counted."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import numpy as np

from .cases import Case
from .claims import Array, Claim, axes_of, axis_called, explains, given, output_axis_called
from .sayings import Diagnosis

Change = Callable[[Array, int], Array]  # of the Jacobian, along one of its axes


def is_permuted(claim: Claim) -> Diagnosis | None:
    """The axes of the argument change places, where they have the same size."""
    rank = max(case.primal.ndim for case in claim.cases)
    for one, other in itertools.combinations(range(-rank, 0), 2):

        def swapped(case: Case, one: int = one, other: int = other) -> Array | None:
            if case.primal.ndim < -one or case.primal.shape[one] != case.primal.shape[other]:
                return None
            return np.swapaxes(case.right, one, other)

        if explains(claim.cases, swapped):
            which = "" if rank == 2 else f" (its axes {one} and {other} have changed places)"
            return claim.says(f"is transposed{which}", "transposed")
    return None


def is_reordered(claim: Claim) -> Diagnosis | None:
    """Flipped or shifted along an axis, or along several; of the argument, or of ct."""
    for count in (1, 2, 3):
        for axes in itertools.combinations(_own(claim), count):
            if explains(
                claim.cases, given(lambda case, a: np.flip(case.right, a) if _has(case.primal, a[0]) else None, axes)
            ):
                shown = " and ".join(axis_called(claim, axis) for axis in axes)
                return claim.says(f"is in reverse order along {shown}", "flipped")
    for axis in _own(claim):
        for shift in (1, -1):
            if explains(
                claim.cases,
                given(lambda case, a, s: np.roll(case.right, s, a) if _has(case.primal, a) else None, axis, shift),
            ):
                return claim.says(f"is shifted by one place along {axis_called(claim, axis)}", "shifted")
    return None


def is_reshaped(claim: Claim) -> Diagnosis | None:
    """The numbers are right, and read in the other order of axes."""

    def reread(case: Case) -> Array | None:
        if case.primal.ndim < 2:
            return None
        flat = case.right.reshape((*case.output.shape, -1))
        shape = case.primal.shape[::-1]
        turned = flat.reshape((*case.output.shape, *shape))
        return np.transpose(turned, (*range(case.output.ndim), *reversed(range(case.output.ndim, turned.ndim))))

    def written(case: Case) -> Array | None:
        if case.primal.ndim < 2:
            return None
        turned = np.transpose(
            case.right, (*range(case.output.ndim), *reversed(range(case.output.ndim, case.right.ndim)))
        )
        return turned.reshape(case.right.shape)

    if explains(claim.cases, reread) or explains(claim.cases, written):
        says = "has the right numbers in the wrong places: its axes were reshaped where they should be transposed"
        return claim.says(says, "reshaped")
    return None


def is_summed(claim: Claim) -> Diagnosis | None:
    """Summed or averaged along an axis of its own, or less its mean along it; or ct was, before it was used."""
    for axis, called, place in _places(claim):
        for change, says, kind in _SUMS:
            if explains(claim.cases, given(lambda case, a, f, p: _along(case, f, a, p), axis, change, place)):
                if place == "output":
                    return claim.says(f"is what it would be if ct were {says} over {called}", kind)
                return claim.says(f"is {says} over {called}, and should not be", kind)
    for axis, called, place in _places(claim):
        if explains(claim.cases, given(lambda case, a, p: _along(case, _less_mean, a, p), axis, place)):
            of = "it" if place == "argument" else "ct"
            return claim.says(f"has the mean of {of} over {called} subtracted, and should not", "mean_subtracted")
    return None


def is_part(claim: Claim) -> Diagnosis | None:
    """Only the first or the last index along an axis counts, of ct or of the argument; or it alone does not."""
    for axis, called, place in _places(claim, reverse=True):
        for index, word in ((0, "first"), (-1, "last")):
            for kept in (True, False):
                if explains(claim.cases, given(_part, axis, index, kept, place)):
                    if place == "output":
                        says = (
                            f"takes only the {word} entry of ct along {called} into account, and not their sum"
                            if kept
                            else f"leaves out the {word} entry of ct along {called}"
                        )
                    else:
                        which = f"the {word} entry along {called}"
                        says = f"is zero except for {which}" if kept else f"is zero at {which}"
                    return claim.says(says, "only_part" if kept else "part_left_out")
    return None


def is_diagonal(claim: Claim) -> Diagnosis | None:
    """Each entry's effect on the output in its own place, and not on the others; or the other way round."""

    def own(case: Case) -> Array | None:
        if case.output.shape != case.primal.shape:
            return None
        size = case.primal.size
        return np.asarray(case.right * np.eye(size).reshape(case.right.shape))

    if explains(claim.cases, own):
        says = "counts only what an entry does to the output in its own place, not what it does to the others"
        return claim.says(says, "off_diagonal")
    if explains(claim.cases, lambda case: None if own(case) is None else case.right - own(case)):
        says = "leaves out what an entry does to the output in its own place"
        return claim.says(says, "diagonal")
    return None


def _own(claim: Claim) -> range:
    return axes_of(case.primal.ndim for case in claim.cases)


def _places(claim: Claim, reverse: bool = False) -> Iterator[tuple[int, str, str]]:
    """The axes of the argument, then those of the output."""
    own = [(axis, axis_called(claim, axis), "argument") for axis in _own(claim)]
    of_output = axes_of(case.output.ndim for case in claim.cases)
    others = [(axis, output_axis_called(claim, axis), "output") for axis in of_output]
    yield from [*others, *own] if reverse else [*own, *others]


def _has(array: Array, axis: int) -> bool:
    return array.ndim >= -axis


def _axis(case: Case, axis: int, place: str) -> int | None:
    """The Jacobian's axis for one of the argument or of the output; None where there is none."""
    if place == "argument":
        return axis if _has(case.primal, axis) else None
    return axis - case.primal.ndim if _has(case.output, axis) else None


def _along(case: Case, change: Change, axis: int, place: str) -> Array | None:
    number = _axis(case, axis, place)
    return None if number is None else np.asarray(np.broadcast_to(change(case.right, number), case.right.shape))


def _sum(array: Array, axis: int) -> Array:
    return np.sum(array, axis=axis, keepdims=True)


def _mean(array: Array, axis: int) -> Array:
    return np.mean(array, axis=axis, keepdims=True)


def _less_mean(array: Array, axis: int) -> Array:
    return array - np.mean(array, axis=axis, keepdims=True)


_SUMS: tuple[tuple[Change, str, str], ...] = ((_sum, "summed", "extra_sum"), (_mean, "averaged", "extra_mean"))


def _part(case: Case, axis: int, index: int, kept: bool, place: str) -> Array | None:
    number = _axis(case, axis, place)
    if number is None:
        return None
    chosen = np.zeros(case.right.shape[number], dtype=bool)
    chosen[index] = True
    shape = [1] * case.right.ndim
    shape[number] = -1
    return np.asarray(np.where(chosen.reshape(shape) == kept, case.right, 0.0))
