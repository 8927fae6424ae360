"""Comparing extended-precision numbers that carry error bounds: no tolerance, a fixed count of digits.

Right and wrong formulae are ten and more orders of magnitude apart: right ones agree to 30 digits and more,
wrong ones to none. The constants here are the only ones there are, and every report prints them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context
from enum import Enum
from typing import Any

from backproof.engine.extended import active

Number = Any

AGREEING_DIGITS = 30  # from here on two formulae are the same
SMALLEST_SUBNORMAL = 2.0**-1074  # of float64: numbers below it are zero to anybody who computes in it
DIFFERING_DIGITS = 10  # below this they are not; between the two they may be right, and something else is off
EXPLAINABLE_DIGITS = 5  # from here on the code's own rounded constants may be to blame
ROUNDED_DIGITS = 15  # to so many, but not to 30, agrees what was rounded to float64, and what cancels up to that

EXACT = 999.0  # stands for more digits than anybody counts
_WIDE = Context(prec=8, Emax=MAX_EMAX, Emin=MIN_EMIN)  # exp(1e8) is an ordinary number here


class Relation(Enum):
    """How two numbers with error bounds stand to each other."""

    AGREE = "agree"
    DIFFER = "differ"
    CLOSE = "close"  # agree to some digits, but not beyond
    UNRESOLVED = "unresolved"  # the error bounds are too wide to tell
    UNDEFINED = "undefined"  # not a finite number


@dataclass(frozen=True)
class Comparison:
    """A relation, the number of agreeing decimal digits behind it, and the gap between the two numbers.

    The gap is None where it is too large for rounded constants to explain it.
    """

    relation: Relation
    digits: float
    gap: Number = None


def compare(
    expected: Number, got: Number, error: Number, scale: Number, natural: Number, handed: Number | None = None
) -> Comparison:
    """Compare two numbers of the arithmetic in force, within an error bound of their difference.

    ``scale`` is the size of what was added up to give them; ``natural`` a size below which a difference has
    no meaning in this problem. Both count only where the error bound already explains the difference. ``handed`` is
    the size of what was handed in: constants that cancel to rounding of it may be what makes two zeros differ.
    """
    arithmetic = active()
    midpoint = arithmetic.midpoint
    difference = midpoint(abs(midpoint(got) - midpoint(expected)))
    bound = abs(midpoint(error)) + sum((arithmetic.radius(part) for part in (error, expected, got)), arithmetic.lift(0))
    bound = midpoint(bound)
    size = midpoint(max(abs(midpoint(scale)), abs(midpoint(expected)), abs(midpoint(got))))
    if not is_finite(difference) or not is_finite(bound):
        return Comparison(Relation.UNDEFINED, 0.0)
    digits = digits_of(difference, size)
    if difference == 0 and bound == 0:
        return Comparison(Relation.AGREE, digits)
    if max(abs(midpoint(expected)), abs(midpoint(got))) + bound < SMALLEST_SUBNORMAL:
        return Comparison(Relation.AGREE, EXACT)
    if difference <= bound:
        resolution = digits_of(bound, max(size, abs(midpoint(natural))))
        relation = Relation.AGREE if resolution >= AGREEING_DIGITS else Relation.UNRESOLVED
        return Comparison(relation, resolution)
    if digits >= AGREEING_DIGITS:
        return Comparison(Relation.AGREE, digits)
    if bound * 1000 > difference:
        return Comparison(Relation.UNRESOLVED, digits)
    below = digits_of(difference, max(size, *(abs(midpoint(each)) for each in (natural, handed) if each is not None)))
    may_be_rounding = digits >= EXPLAINABLE_DIGITS or below >= ROUNDED_DIGITS
    gap = midpoint(midpoint(got) - midpoint(expected)) if may_be_rounding else None
    return Comparison(Relation.DIFFER if digits < DIFFERING_DIGITS else Relation.CLOSE, digits, gap)


def digits_of(difference: Number, size: Number) -> float:
    """The number of decimal digits to which a difference is small against a size; at most `EXACT`."""
    if difference == 0:
        return EXACT
    if size == 0 or not is_finite(difference) or not is_finite(size):
        return 0.0
    try:
        numerator, denominator = (_WIDE.create_decimal(active().decimal(abs(n), 5)) for n in (difference, size))
        if denominator == 0:
            return 0.0
        return min(EXACT, max(0.0, -float(_WIDE.log10(_WIDE.divide(numerator, denominator)))))
    except ArithmeticError:  # exp(exp(100)) has more digits than a Decimal may have an exponent
        return 0.0 if abs(difference) >= abs(size) else EXACT


def is_finite(number: Number) -> bool:
    """Whether a number (its midpoint) is neither infinite nor nan."""
    exact = active().midpoint(number)
    return bool(exact - exact == 0)
