"""Two computations of the same arrays, both in extended precision: their balls must meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from backproof.engine.extended import ExtendedArray, active, decimals, stripped

from ..judgement import Judgement, Mismatch, close, falsified, inconclusive, passed
from .comparing import AGREEING_DIGITS, EXACT, Comparison, Number, Relation, compare, digits_of, is_finite


def worst(expected: ExtendedArray, got: ExtendedArray, handed: Number | None = None) -> Comparison:
    """The entry that agrees least, read against the largest entry of the array.

    ``handed`` is the size of what was handed in: what is zero to twice as many digits of that as are asked for is zero.
    """
    size = active().size
    scale = max([active().lift(0), *(size(n) for n in stripped(expected).ravel().tolist())])
    off = _most_off(expected, got)
    if off is not None and digits_of(off, scale) >= AGREEING_DIGITS:
        return Comparison(Relation.AGREE, digits_of(off, scale))
    scale = max([scale, *(size(n) for n in stripped(got).ravel().tolist())])
    natural = scale if handed is None else max(scale, handed / 10**AGREEING_DIGITS)
    compared = [
        compare(e, g, active().lift(0), scale, natural, handed)
        for e, g in zip(stripped(expected).ravel().tolist(), stripped(got).ravel().tolist(), strict=True)
    ]
    if natural > scale:  # digits of what was handed in
        compared = [
            replace(c, digits=c.digits + AGREEING_DIGITS) if c.relation is Relation.AGREE else c for c in compared
        ]
    order = [Relation.DIFFER, Relation.UNDEFINED, Relation.UNRESOLVED, Relation.CLOSE, Relation.AGREE]
    return min(compared, key=lambda c: (order.index(c.relation), c.digits), default=Comparison(Relation.AGREE, EXACT))


def _most_off(expected: ExtendedArray, got: ExtendedArray) -> Number | None:
    """The largest difference of two entries with its error bound, None if one is not finite."""
    size, radius, midpoint = active().size, active().radius, active().midpoint
    differences = np.asarray(stripped(expected) - stripped(got), dtype=object).ravel().tolist()
    if not differences:
        return None
    most, widest = max(map(size, differences)), max(map(radius, differences))
    bound = most + midpoint(widest)
    return bound if is_finite(sum(differences)) and is_finite(bound) else None


def same(
    names: Sequence[str],
    expected: Sequence[ExtendedArray | None],
    got: Sequence[ExtendedArray | None],
    says: str,
    may_differ: Callable[[], bool] = lambda: False,
    handed: Number | None = None,
) -> Judgement | None:
    """Passed if all arrays are the same; None where the precision does not resolve it.

    ``says`` states what the arrays are that should agree. ``may_differ()`` is asked only where they do not,
    and makes a difference inconclusive: at a kink two right computations may have taken different pieces.
    ``handed`` is the size of what was handed to both.
    """
    digits = [EXACT]
    for name, one, other in zip(names, expected, got, strict=True):
        if one is None or other is None:
            continue
        comparison = worst(one, other, handed)
        if comparison.relation is Relation.UNRESOLVED:
            return None
        if comparison.relation is not Relation.AGREE and may_differ():
            return inconclusive(f"{says} differ for {name}, at a kink", digits=comparison.digits)
        if comparison.relation is Relation.DIFFER:
            shown = Mismatch(name, one.shape, tuple(decimals(one, 40)), tuple(decimals(other, 40)))
            return falsified(f"{says} differ for {name}", digits=comparison.digits, mismatch=shown, gap=comparison.gap)
        if comparison.relation is Relation.UNDEFINED:
            return _undefined(name, one, other, says)
        if comparison.relation is Relation.CLOSE:
            return close(f"{says} agree for {name}", comparison.digits, comparison.gap)
        digits.append(comparison.digits)
    return passed(digits=min(digits))


def _undefined(name: str, one: ExtendedArray, other: ExtendedArray, says: str) -> Judgement:
    if _all_finite(one) != _all_finite(other):
        return falsified(f"{says} differ for {name}: one of them is not finite")
    return replace(inconclusive(f"{says} are not finite numbers for {name}"), escalate=True)


def _all_finite(array: ExtendedArray) -> bool:
    return all(is_finite(number) for number in stripped(array).ravel().tolist())
