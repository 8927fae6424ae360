"""Factors: what is claimed is a multiple of what is right, everywhere, and the factor has a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite, prod, sqrt

import numpy as np

from .cases import EQUAL, TINY, Case, largest, near
from .claims import FEWEST, Array, Claim, expanded_to_argument, expanded_to_output, explains
from .sayings import Diagnosis

LARGEST_PART = 64  # of a fraction that a person may have written


@dataclass(frozen=True)
class Quantity:
    """A number that a person can name at every case: ``n``, and what it is."""

    name: str
    meaning: str
    at: Callable[[Case], float]
    is_size: bool = True


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
    for quantity in quantities(claim):
        for power in _powers(quantity):
            for sign in (1.0, -1.0):
                if all(_is(factor, lambda c, s=sign, p=power: s * p.at(c), case) for case, factor in factors):
                    return _named(claim, quantity, power, sign < 0)
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
        what, kind = f"has a factor {factor} too many", "value_factor"
        if factor == f"1 / {q}":
            what = f"lacks the factor {q}"
    also = " and has the wrong sign" if negative else ""
    meaning = quantity.meaning if " is " in quantity.meaning else f"{q} is {quantity.meaning}"
    return claim.says(f"{what}{also}; {meaning}", kind)


def _is_summed_over(claim: Claim, quantity: Quantity) -> bool:
    """Whether the right cotangent adds up over a dimension that the output has and the argument does not."""
    return quantity.name in (claim.subject.signature.output or ()) and quantity.name not in claim.dimensions


def quantities(claim: Claim) -> Iterator[Quantity]:
    """Everything that has a name and is one number at a case, the simplest first."""
    subject = claim.subject
    signature = subject.signature
    for name in signature.names:
        yield Quantity(name, _place(claim, name), lambda case, n=name: _sizes(case)[n])
    for name in subject.options:
        yield Quantity(name, "an option", lambda case, n=name: _float(case.point.options[n]), False)
    for position, name in enumerate(subject.arguments):
        if subject.signature.inputs[position] == () and not signature.broadcasts:
            yield Quantity(name, "an argument", lambda case, i=position: float(case.point.primals[i]), False)
    for i, one in enumerate(signature.names):
        for other in signature.names[i + 1 :]:
            both = f"{one} is {_place(claim, one)}, and {other} {_place(claim, other)}"
            yield Quantity(f"{one} * {other}", both, lambda c, a=one, b=other: _sizes(c)[a] * _sizes(c)[b])
            yield Quantity(f"{one} / {other}", both, lambda c, a=one, b=other: _sizes(c)[a] / _sizes(c)[b])
    if signature.has_leading:
        yield Quantity("the product of the leading sizes", "what ... stands for", lambda case: prod(_leading(case)))
    for position, name in enumerate(subject.arguments):
        shown = f"{name}.size"
        yield Quantity(shown, f"the number of entries of {name}", lambda case, i=position: case.point.primals[i].size)
    for axis in (0, -1):
        yield Quantity(
            f"y.shape[{axis}]",
            f"the size of axis {axis} of the output",
            lambda case, a=axis: case.output.shape[a] if case.output.ndim else float("nan"),
        )
    yield Quantity("y.size", "the number of entries of the output", lambda case: case.output.size)
    name = claim.argument
    repeats = f"how many entries the output has for one of {name}"
    yield Quantity(f"y.size / {name}.size", repeats, lambda case: case.output.size / case.primal.size)


def _place(claim: Claim, name: str) -> str:
    if name == claim.subject.batch:
        return "the batch size"
    for argument, dimensions in zip(claim.subject.arguments, claim.subject.signature.inputs, strict=True):
        if name in dimensions:
            axis = dimensions.index(name) - (len(dimensions) if "..." in dimensions else 0)
            return f"the size of axis {axis} of {argument}"
    return "a size"


def _sizes(case: Case) -> dict[str, int]:
    return case.subject.signature.bind([p.shape for p in case.point.primals])[0]


def _leading(case: Case) -> tuple[int, ...]:
    return case.subject.signature.bind([p.shape for p in case.point.primals])[1]


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")


def _powers(of: Quantity) -> Iterator[Quantity]:
    """The quantity itself and what is often made of it; the meaning is what is said of a cotangent that has it."""
    q, at = of.name, of.at
    bracketed = f"({q})" if " " in q else q
    yield Quantity(q, f"{q} times too large", at)
    yield Quantity(f"1 / {bracketed}", f"{q} times too small", lambda c: 1 / at(c))
    yield Quantity(f"{bracketed}**2", "", lambda c: at(c) ** 2)
    yield Quantity(f"1 / {bracketed}**2", "", lambda c: 1 / at(c) ** 2)
    yield Quantity(f"sqrt({q})", f"sqrt({q}) times too large", lambda c: sqrt(max(at(c), 0.0)))
    yield Quantity(f"1 / sqrt({q})", f"sqrt({q}) times too small", lambda c: 1 / sqrt(max(at(c), 0.0)))
    for k in (2.0, 0.5):
        yield Quantity(f"{k:g} * {q}", "", lambda c, k=k: k * at(c))
        yield Quantity(f"{k:g} / {bracketed}", "", lambda c, k=k: k / at(c))
    yield Quantity(f"(1 - {q})", "", lambda c: 1 - at(c))
    yield Quantity(f"1 / (1 - {q})", "", lambda c: 1 / (1 - at(c)))
    yield Quantity(f"({q} - 1)", "", lambda c: at(c) - 1)
    yield Quantity(f"{q} / ({q} - 1)", "", lambda c: at(c) / (at(c) - 1))
    yield Quantity(f"({q} - 1) / {bracketed}", "", lambda c: (at(c) - 1) / at(c))
    yield Quantity(f"1 / ({q} - 1)", "", lambda c: 1 / (at(c) - 1))


def has_factor_of_an_array(claim: Claim) -> Diagnosis | None:
    """A factor that is forgotten, or one too many: an argument, or what is made of the output, entry by entry."""
    for name, at in _arrays(claim):
        for place in (expanded_to_output, expanded_to_argument):
            factors = [place(case, at(case)) for case in claim.cases]
            if _multiplies(claim.cases, factors, lambda case: (case.right, case.claimed)):
                return claim.says(f"has a factor {name} too many", "extra_factor")
            if _multiplies(claim.cases, factors, lambda case: (case.claimed, case.right)):
                return claim.says(f"lacks the factor {name}", "missing_factor")
    return None


def _multiplies(
    cases: Sequence[Case], factors: Sequence[Array | None], pair: Callable[[Case], tuple[Array, Array]]
) -> bool:
    """Whether the factor takes the one to the other at every case, and does more than make zeros at two."""
    told = 0
    for case, factor in zip(cases, factors, strict=True):
        one, other = pair(case)
        if factor is None or not near(one * factor, other):
            return False
        told += case.is_wrong and largest(other) > TINY
    return told >= FEWEST


def _arrays(claim: Claim) -> Iterator[tuple[str, Callable[[Case], Array]]]:
    for position, name in enumerate(claim.subject.arguments):
        if claim.subject.domains and claim.cases[0].point.primals[position].dtype.kind == "f":
            yield name, lambda case, i=position: case.point.primals[i]
            yield f"{name}**2", lambda case, i=position: case.point.primals[i] ** 2
            yield f"sign({name})", lambda case, i=position: np.sign(case.point.primals[i])
            yield f"(1 - {name})", lambda case, i=position: 1 - case.point.primals[i]
    y = "y (the output)"
    yield y, lambda case: case.output
    yield "(1 - y), where y is the output", lambda case: 1 - case.output
    yield "(1 + y), where y is the output", lambda case: 1 + case.output
    yield "(1 - y**2), where y is the output", lambda case: 1 - case.output**2
    yield "y * (1 - y), where y is the output", lambda case: case.output * (1 - case.output)
    yield "y**2, where y is the output", lambda case: case.output**2
