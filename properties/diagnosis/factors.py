"""Factors: what is claimed is a multiple of what is right, everywhere, and the factor has a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import islice
from math import isfinite

import numpy as np

from .cases import Case
from .claims import Claim, explains, given
from .data import numbers_of_data
from .quantities import Quantity, powers, quantities
from .runs import EQUAL, TINY, largest, near
from .sayings import Diagnosis

DIFFERENT = 3  # sizes, at which a number in the place of one is told from all else
PLAIN_POWERS = 6  # the first of those of a quantity: itself, its square, its root, and one divided by them
LARGEST_PART = 64  # of a fraction that a person may have written


def is_zero(claim: Claim) -> Diagnosis | None:
    """The cotangent is zero, always."""
    if not explains(claim.cases, lambda case: np.zeros_like(case.right)):
        return None
    return claim.says("is always zero", "zero")


def is_multiple(claim: Claim) -> Diagnosis | None:
    """A factor that is the same for all entries of a case."""
    factors = [(case, factor) for case in claim.cases if (factor := _factor(case)) is not None]
    alone = [case for case in claim.cases if largest(case.right) < TINY <= largest(case.claimed)]
    several = [f for case, f in factors if np.isfinite(f) and np.count_nonzero(case.right) > 1]
    if alone or len(several) < 2 or not all(isfinite(factor) for _, factor in factors):
        return None
    values = [factor for _, factor in factors]
    if all(abs(v - values[0]) <= EQUAL * abs(values[0]) for v in values) and values[0] != 0:
        return _constant(claim, values[0])
    for quantity in (*quantities(claim), *numbers_of_data(claim)):
        for power in powers(quantity):
            for sign in (1.0, -1.0):
                at = given(lambda case, s, p: s * p.at(case), sign, power)
                if all(_is(factor, at, case) for case, factor in factors):
                    return _named(claim, quantity, power, sign < 0)
    return _constant_for_a_size(claim, factors)


def _constant_for_a_size(claim: Claim, factors: Sequence[tuple[Case, float]]) -> Diagnosis | None:
    """A number stands where a size should, or its root: what is left of the factor is the number."""
    for quantity in quantities(claim):
        if not quantity.is_size or len({quantity.at(case) for case, _ in factors}) < DIFFERENT:
            continue
        for power in islice(powers(quantity), PLAIN_POWERS):
            number = factors[0][1] / power.at(factors[0][0])
            at = given(lambda case, k, p: k * p.at(case), number, power)
            if all(_is(factor, at, case) for case, factor in factors):
                meaning = quantity.meaning if " is " in quantity.meaning else f"{quantity.name} is {quantity.meaning}"
                where = f"is {number:.6g} * {power.name} times what it should be".replace("* 1 /", "/")
                return claim.says(f"{where}; {meaning}", "size_factor")
    return None


def _factor(case: Case) -> float | None:
    """The factor by which the claim differs; nan where it is none, None where nothing can be said."""
    size = float(np.sum(case.right * case.right))
    if largest(case.right) < TINY:
        return None
    factor = float(np.sum(case.right * case.claimed)) / size
    return factor if near(factor * case.right, case.claimed) else float("nan")


def _is(factor: float, at: Callable[[Case], float], case: Case) -> bool:
    try:
        expected = at(case)
    except ZeroDivisionError:
        return False
    return isfinite(expected) and abs(factor - expected) <= EQUAL * abs(expected)


def _constant(claim: Claim, factor: float) -> Diagnosis | None:
    if abs(factor - 1) <= EQUAL:
        return None
    if abs(factor + 1) <= EQUAL:
        return claim.says("has the wrong sign", "sign")
    size, too = (abs(factor), "large") if abs(factor) > 1 else (1 / abs(factor), "small")
    also = " and has the wrong sign" if factor < 0 else ""
    return claim.says(f"is {_number(size)} times too {too}{also}", "constant_factor")


def _number(size: float) -> str:
    fraction = Fraction(size).limit_denominator(LARGEST_PART)
    if abs(float(fraction) - size) <= EQUAL * size:
        return str(fraction)
    return f"sqrt({round(size**2)})" if abs(size**2 - round(size**2)) <= EQUAL * size**2 else f"{size:.6g}"


def _named(claim: Claim, quantity: Quantity, power: Quantity, negative: bool) -> Diagnosis:
    q, factor = quantity.name, power.name
    if quantity.is_size:
        what, kind = f"is {factor} times what it should be", "size_factor"
        if power.meaning:
            what = f"is {power.meaning}"
        if factor in (f"1 / {q}", f"1 / ({q})") and _is_summed_over(claim, quantity) and not negative:
            return claim.says(f"{what}: a mean over {q} where a sum is right", kind)
    else:
        what, kind = f"has a factor {factor} too many, or lacks a division by it", "value_factor"
        if factor.startswith("1 / "):
            what = f"lacks the factor {factor[4:]}"
    also = " and has the wrong sign" if negative else ""
    meaning = quantity.meaning if " is " in quantity.meaning else f"{q} is {quantity.meaning}"
    return claim.says(f"{what}{also}; {meaning}" if quantity.meaning else f"{what}{also}", kind)


def _is_summed_over(claim: Claim, quantity: Quantity) -> bool:
    """Whether the right cotangent adds up over a dimension that the output has and the argument does not."""
    return quantity.name in (claim.subject.signature.output or ()) and quantity.name not in claim.dimensions
