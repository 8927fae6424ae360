"""Two decimal strings that should be the same number: how far apart they are, and where they part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation

from ..forms.decimals import parting, shortened

AGREE = Decimal("1e-30")  # what formulae that are the same agree to
ALL_DIGITS = 60  # more than a record has
_CONTEXT = Context(prec=60, Emax=10**6, Emin=-(10**6))


@dataclass(frozen=True)
class Difference:
    """What two numbers have in common, and the rest of both; ``relative`` is how far apart they are."""

    same: str
    expected: str
    got: str
    relative: str


def difference(expected: str, got: str, largest: Decimal) -> Difference:
    """How two numbers differ, digit by digit; relative to the expected one, or to the largest where that is zero."""
    error = relative_error(expected, got, largest)
    one, other = shortened(expected, ALL_DIGITS), shortened(got, ALL_DIGITS)
    if error == 0:
        return Difference(one, "", "", said(error))
    place = parting(one, other)
    return Difference(one[:place], one[place:], other[place:], said(error))


def number(text: str) -> Decimal | None:
    """The number that a string says; None where it says none."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def largest_of(texts: Sequence[str]) -> Decimal:
    """The size of the largest finite number."""
    found = [abs(value) for value in map(number, texts) if value is not None and value.is_finite()]
    return max(found, default=Decimal(0))


def relative_error(expected: str, got: str, largest: Decimal) -> Decimal:
    """|got - expected| / |expected|, or over the largest where that is zero; infinite where one is not finite."""
    one, other = number(expected), number(got)
    if one is None or other is None or not (one.is_finite() and other.is_finite()):
        same = expected == got or (one is not None and other is not None and one.is_nan() and other.is_nan())
        return Decimal(0) if same else Decimal("Infinity")
    off = _CONTEXT.subtract(other, one).copy_abs()
    if off == 0:
        return Decimal(0)
    size = abs(one) or largest
    return _CONTEXT.divide(off, size) if size else Decimal("Infinity")


def said(error: Decimal) -> str:
    """A relative error in a word: ``=`` where two numbers agree, else two digits."""
    if error < AGREE:
        return "="
    if not error.is_finite():
        return "∞"
    if Decimal("0.001") <= error < 1000:
        return f"{error:.2g}" if error < 100 else f"{error:.0f}"
    return f"{error:.0e}".replace("e+", "e")


def heat(error: Decimal) -> int:
    """How hot a relative error is, on a logarithmic scale: 0 agrees, 6 is off by its own size and more."""
    if error < AGREE:
        return 0
    if not error.is_finite():
        return 6
    return next((level for level, bound in enumerate(_BOUNDS, start=1) if error < bound), 6)


_BOUNDS = tuple(map(Decimal, ("1e-15", "1e-9", "1e-5", "1e-2", "0.5")))
