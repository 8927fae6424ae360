"""Overlaps: of several places in the output that an entry reaches, only one counts, as ``=`` for ``+=`` makes it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from .cases import Case
from .claims import Array, Claim, axes_of, explains
from .runs import EQUAL, NoCase, NotKnown, forward_at, largest
from .sayings import Diagnosis

FAR = 2.0  # beyond the largest value: there an entry wins every maximum that it takes part in
STEP = 0.25


def counts_one_of_overlapping(claim: Claim) -> Diagnosis | None:
    """Only the last (or the first) of the windows that an entry lies in counts."""
    if claim.pushes:
        return None
    known: dict[int, Array] = {}

    def touched(case: Case) -> Array:
        if id(case) not in known:
            known[id(case)] = _touched(case)
        return known[id(case)]

    for axes in _sets_of_axes(claim):
        for word, last in (("last", True), ("first", False)):

            def kept(case: Case, axes: tuple[int, ...] = axes, last: bool = last) -> Array | None:
                return _kept(case, touched(case), axes, last)

            if explains(claim.cases, kept):
                says = f"counts only the {word} of the places in the output that an entry reaches, such as windows"
                return claim.says(f"{says} that overlap, as = does where += should add up", "overwritten")
    return None


def _sets_of_axes(claim: Claim) -> Iterator[tuple[int, ...]]:
    """The axes of the output over which a loop may go."""
    axes = axes_of(case.output.ndim for case in claim.cases)
    for count in range(1, len(axes) + 1):
        yield from itertools.combinations(axes, count)


def _touched(case: Case) -> Array:
    """Which entries of the output each entry of the argument has to do with, as a maximum has with all it is of.

    Raises NotKnown where a zero among the arguments may hide that.
    """
    if any(p.dtype.kind == "f" and not p.all() for p in case.point.primals):
        raise NotKnown
    found = np.abs(case.right) > EQUAL * largest(case.right)
    flat = found.reshape(*case.output.shape, -1)
    if found.all():
        return found
    for place in range(case.primal.size):
        for far in (1.0, -1.0):
            try:
                here, there = (_output_with(case, place, far * (largest(case.primal) + FAR + s)) for s in (0.0, STEP))
            except NoCase:
                continue
            if here.shape == there.shape == case.output.shape:
                with np.errstate(all="ignore"):
                    flat[..., place] |= np.abs(here - there) > EQUAL * STEP * largest(case.right)
    return found


def _output_with(case: Case, place: int, value: float) -> Array:
    moved = case.primal.copy()
    moved.ravel()[place] = value
    primals = tuple(moved if i == case.position else p for i, p in enumerate(case.point.primals))
    return forward_at(case.subject, replace(case.point, primals=primals))


def _kept(case: Case, touches: Array, axes: tuple[int, ...], last: bool) -> Array | None:
    """The Jacobian without what is overwritten by later steps of a loop over these axes, in C order."""
    rank = case.output.ndim
    if rank < -axes[0]:
        return None
    looped = [axis + rank for axis in axes]
    others = [axis for axis in range(rank) if axis not in looped]
    order = [*looped, *others, *range(rank, case.right.ndim)]
    right, touching = (np.transpose(array, order) for array in (case.right, touches))
    steps = int(np.prod([case.output.shape[axis] for axis in looped]))
    rest = int(np.prod([case.output.shape[axis] for axis in others]))
    by_step = right.reshape(steps, rest, case.primal.size)
    reached = touching.reshape(steps, rest, case.primal.size).any(axis=1)
    numbers = np.arange(steps)[:, None]
    ends = np.where(reached, numbers, -1 if last else steps)
    chosen = ends.max(axis=0, initial=-1) if last else ends.min(axis=0, initial=steps)
    kept = by_step * (numbers == chosen)[:, None, :]
    return np.transpose(kept.reshape(right.shape), np.argsort(order))
