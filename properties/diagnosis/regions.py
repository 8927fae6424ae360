"""Regions: right except where the argument is negative, where a mask is false, in the last row."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from backproof.strategies.numbers import numbers_of

from .cases import Case
from .claims import Array, Claim, axes_of, axis_called, given
from .runs import largest
from .sayings import Diagnosis

Region = Callable[[Case], Array | None]  # shaped as the argument; None where it says nothing

FEWEST = 4  # entries inside and outside


def is_wrong_in_a_region(claim: Claim) -> Diagnosis | None:
    """A region outside of which all is right, and in which all is wrong that could be."""
    cases = (*claim.cases, *claim.special)
    for where, region in _regions(claim):
        if _is_exactly(cases, region):
            says, kind = _inside(cases, region)
            return claim.says(f"{says} where {where}, and only there", kind)
    return None


def is_not_finite(claim: Claim) -> Diagnosis | None:
    """A region in which the claim is no finite number, whatever is right there."""
    cases = (*claim.cases, *claim.special)
    for where, region in _regions(claim):
        shown = 0
        for case in cases:
            inside, broken = region(case), _by_entry(case, ~np.isfinite(case.claimed))
            if inside is None or not np.array_equal(inside, broken):
                break
            shown += int(np.sum(broken))
        else:
            if shown >= 2:
                return claim.says(f"is not a finite number where {where}", "region_not_finite")
    return None


def _is_exactly(cases: tuple[Case, ...], region: Region) -> bool:
    inside = outside = 0
    for case in cases:
        where, wrong, matters = region(case), _by_entry(case, case.wrong), _matters(case)
        if where is None:
            if wrong.any():
                return False
            continue
        if np.any(wrong & ~where) or np.any(~wrong & where & matters):
            return False
        inside += int(np.sum(wrong))
        outside += int(np.sum(~wrong & ~where & matters))
    return inside >= FEWEST and outside >= FEWEST


def _by_entry(case: Case, entries: Array) -> Array:
    return np.asarray(entries.any(axis=tuple(range(case.output.ndim))))


def _matters(case: Case) -> Array:
    """Where there is something to be right or wrong."""
    scale = largest(case.right * case.known, case.claimed)
    some = (np.abs(case.right) > 1e-9 * scale) | (np.abs(case.claimed) > 1e-9 * scale)
    return _by_entry(case, some) & case.known


def _inside(cases: tuple[Case, ...], region: Region) -> tuple[str, str]:
    """What the claim is in the region."""
    pairs = []
    for case in cases:
        where = region(case)
        if where is not None:
            kept = where & _by_entry(case, case.wrong)
            pairs.append((case.right[..., kept].ravel(), case.claimed[..., kept].ravel()))
    right = np.concatenate([r for r, _ in pairs])
    claimed = np.concatenate([c for _, c in pairs])
    if not np.isfinite(claimed).all():
        return "is not a finite number", "region_not_finite"
    if not claimed.any():
        return "is zero", "region_zero"
    scale = max(largest(right), largest(claimed))
    if largest(right) <= 1e-9 * scale:
        return "should be zero, and is not,", "region_should_be_zero"
    if largest(right + claimed) <= 1e-6 * scale:
        return "has the wrong sign", "region_sign"
    factor = float(np.sum(right * claimed) / np.sum(right * right))
    if largest(claimed - factor * right) <= 1e-6 * scale and abs(factor) > 1e-6:
        return f"is {factor:.4g} times what it should be", "region_factor"
    return "is wrong", "region"


def _regions(claim: Claim) -> Iterator[tuple[str, Region]]:
    name = claim.argument
    yield f"{name} < 0", lambda case: case.primal < 0
    yield f"{name} > 0", lambda case: case.primal > 0
    yield f"{name} is 0", lambda case: case.primal == 0
    for number in sorted({1.0, *(n for n in numbers_of(claim.subject) if n <= 100)}):
        yield f"{name} is above {number:g}", given(lambda case, t: case.primal > t, number)
        yield f"{name} is below -{number:g}", given(lambda case, t: case.primal < -t, number)
        yield f"{name} is below {number:g}", given(lambda case, t: case.primal < t, number)
        yield f"{name} is above -{number:g}", given(lambda case, t: case.primal > -t, number)
        yield f"abs({name}) is above {number:g}", given(lambda case, t: np.abs(case.primal) > t, number)
        yield f"abs({name}) is below {number:g}", given(lambda case, t: np.abs(case.primal) < t, number)
        yield f"{name} is {number:g}", given(lambda case, t: case.primal == t, number)
    for position, other in enumerate(claim.subject.arguments):
        if position != claim.position:
            yield from _beside(name, position, other)
    for axis in axes_of(case.primal.ndim for case in claim.cases):
        called = axis_called(claim, axis)
        yield f"the index along {called} is the last", given(lambda case, a: _index(case, a, last=True), axis)
        yield f"the index along {called} is 0", given(lambda case, a: _index(case, a, last=False), axis)
    for says, part in (
        ("on the diagonal", np.equal),
        ("above the diagonal", np.less),
        ("below the diagonal", np.greater),
    ):
        yield f"an entry is {says}", given(_compared, part)


def _beside(name: str, position: int, other: str) -> Iterator[tuple[str, Region]]:
    def at(case: Case) -> Array | None:
        array = case.point.primals[position]
        rank = case.primal.ndim
        shape = (
            array.shape + (1,) * (rank - array.ndim) if array.shape == case.primal.shape[: array.ndim] else array.shape
        )
        for candidate in (array.shape, shape):
            try:
                return np.asarray(np.broadcast_to(array.reshape(candidate), case.primal.shape))
            except ValueError:
                continue
        return None

    def test(of: Callable[[Array, Case], Array], kinds: str) -> Region:
        def region(case: Case) -> Array | None:
            array = at(case)
            return None if array is None or array.dtype.kind not in kinds else np.asarray(of(array, case))

        return region

    yield f"{other} is False", test(lambda array, _: ~array, "b")
    yield f"{other} is True", test(lambda array, _: array, "b")
    yield f"{other} < 0", test(lambda array, _: array < 0, "f")
    yield f"{other} > 0", test(lambda array, _: array > 0, "f")
    yield f"{other} is 0", test(lambda array, _: array == 0, "fi")
    yield f"{name} < {other}", test(lambda array, case: case.primal < array, "f")
    yield f"{name} > {other}", test(lambda array, case: case.primal > array, "f")


def _index(case: Case, axis: int, last: bool) -> Array | None:
    if case.primal.ndim < -axis:
        return None
    size = case.primal.shape[axis]
    shape = [1] * case.primal.ndim
    shape[axis] = size
    chosen = np.arange(size) == (size - 1 if last else 0)
    return np.asarray(np.broadcast_to(chosen.reshape(shape), case.primal.shape))


def _compared(case: Case, part: np.ufunc) -> Array | None:
    if case.primal.ndim < 2:
        return None
    rows, columns = np.indices(case.primal.shape)[-2:]
    return np.asarray(part(rows, columns))
