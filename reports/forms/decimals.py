"""Decimal strings in little room: the digits that matter, and where two numbers part."""

from __future__ import annotations

import re

DIGITS = 32  # characters of a number that are shown
_NUMBER = re.compile(r"(-?)(\d+)(?:\.\d*)?(?:[eE]([-+]?\d+))?")


def shortened(decimal: str, digits: int = DIGITS) -> str:
    """The first characters of a decimal string, without zeros that say nothing, and its exponent."""
    mantissa, e, exponent = decimal.partition("e")
    short = mantissa[:digits].rstrip("0") if "." in mantissa else mantissa
    return short + ("0" if short.endswith(".") else "") + e + exponent


def parting(expected: str, got: str) -> int:
    """The place of the first digit in which two numbers differ: 0 where sign or size do, the length where none does."""
    one, other = _NUMBER.fullmatch(expected), _NUMBER.fullmatch(got)
    if one is None or other is None or one[1] != other[1] or len(one[2]) != len(other[2]) or one[3] != other[3]:
        return 0
    pairs = zip(expected, got, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(expected), len(got)))
