"""Regions: right except where the argument is negative, where a mask is false, in the last row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from backproof.engine.domains import Interval, Nonzero
from backproof.strategies.values import contains

from .cases import Case, case_at
from .claims import Array, Claim
from .places import Region, regions_of
from .runs import NoCase, largest
from .sayings import Diagnosis

FEWEST = 4  # entries inside and outside
BESIDE = 0.06  # of an edge: more than the differences' steps, less than the distance to the next number
CASES_AT_EDGES = 2


def is_wrong_in_a_region(claim: Claim) -> Diagnosis | None:
    """A region outside of which all is right, and in which all is wrong that could be."""
    cases = (*claim.cases, *claim.special)
    for region in regions_of(claim):
        if _is_exactly(cases, region) and not any(_contradicts(case, region) for case in _at_edges(claim, region)):
            if _depends_on_more(claim, region):
                continue
            says, kind = _inside(cases, region)
            return claim.says(f"{says} where {region.where}, and only there", kind)
    return None


def is_not_finite(claim: Claim) -> Diagnosis | None:
    """A region in which the claim is no finite number, whatever is right there."""
    cases = (*claim.cases, *claim.special)
    for region in regions_of(claim):
        shown = 0
        for case in (*cases, *_at_edges(claim, region)):
            inside, broken = region.of(case), _by_entry(case, ~np.isfinite(case.claimed))
            if inside is None or not np.array_equal(inside, broken):
                break
            shown += int(np.sum(broken))
        else:
            if shown >= 2:
                return claim.says(f"is not a finite number where {region.where}", "region_not_finite")
    return None


def _is_exactly(cases: tuple[Case, ...], region: Region) -> bool:
    inside = outside = 0
    for case in cases:
        if _contradicts(case, region):
            return False
        where, wrong = region.of(case), _by_entry(case, case.wrong)
        if where is not None:
            inside += int(np.sum(wrong))
            outside += int(np.sum(~wrong & ~where & _matters(case)))
    return inside >= FEWEST and outside >= FEWEST


def _contradicts(case: Case, region: Region) -> bool:
    """Whether something is wrong outside, or right inside where there is something to be wrong."""
    where, wrong = region.of(case), _by_entry(case, case.wrong)
    if where is None:
        return bool(wrong.any())
    return bool(np.any(wrong & ~where) or np.any(~wrong & where & _matters(case)))


def _depends_on_more(claim: Claim, region: Region) -> bool:
    """Whether what is wrong at an entry where a mask is false (or true) is right once the mask differs elsewhere."""
    if region.mask is None:
        return False
    for case in [case for case in claim.cases if case.is_wrong][:CASES_AT_EDGES]:
        mask = case.point.primals[region.mask].copy()
        mask.ravel()[:1] ^= True
        primals = tuple(mask if i == region.mask else p for i, p in enumerate(case.point.primals))
        try:
            other = case_at(claim.subject, replace(case.point, primals=primals), claim.position, claim.pushes)
        except NoCase:
            continue
        inside, before = region.of(other), _by_entry(case, case.wrong)
        if inside is not None and np.any(inside & before & other.known & ~_by_entry(other, other.wrong)):
            return True
    return False


def _at_edges(claim: Claim, region: Region) -> Iterator[Case]:
    """Cases with values close to the numbers at which the region ends: a threshold may be another one near by."""
    domain = claim.subject.domains[claim.position]
    if not region.edges or not isinstance(domain, Interval | Nonzero):
        return
    for case in claim.cases[:CASES_AT_EDGES]:
        for first in (0, 1):
            places = first + np.arange(case.primal.size)
            edges = np.array(region.edges)[places // 2 % len(region.edges)]
            near_by = (edges + BESIDE * np.where(places % 2, 1.0, -1.0)).reshape(case.primal.shape)
            allowed = np.array([contains(domain, float(v)) for v in near_by.ravel()], dtype=bool).reshape(near_by.shape)
            moved = np.where(allowed, near_by, case.primal)
            primals = tuple(moved if i == claim.position else p for i, p in enumerate(case.point.primals))
            try:
                yield case_at(claim.subject, replace(case.point, primals=primals), claim.position, claim.pushes)
            except NoCase:
                continue


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
        where = region.of(case)
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
