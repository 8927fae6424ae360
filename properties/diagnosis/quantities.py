"""Numbers that a person can name: sizes, options, and what is often made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod, sqrt

from .cases import Case
from .claims import Claim, given


@dataclass(frozen=True)
class Quantity:
    """A number that a person can name at every case: ``n``, and what it is."""

    name: str
    meaning: str
    at: Callable[[Case], float]
    is_size: bool = True


def quantities(claim: Claim) -> Iterator[Quantity]:
    """Everything that has a name and is one number at a case, the simplest first."""
    subject = claim.subject
    signature = subject.signature
    for name in signature.names:
        yield Quantity(name, _place(claim, name), given(lambda case, n: _sizes(case)[n], name))
    for name in subject.options:
        yield Quantity(name, "an option", given(lambda case, n: _float(case.point.options[n]), name), False)
    for position, name in enumerate(subject.arguments):
        if subject.signature.inputs[position] == () and not signature.broadcasts:
            yield Quantity(name, "an argument", given(lambda case, i: float(case.point.primals[i]), position), False)
    for i, one in enumerate(signature.names):
        for other in signature.names[i + 1 :]:
            both = f"{one} is {_place(claim, one)}, and {other} {_place(claim, other)}"
            yield Quantity(f"{one} * {other}", both, given(lambda c, a, b: _sizes(c)[a] * _sizes(c)[b], one, other))
            yield Quantity(f"{one} / {other}", both, given(lambda c, a, b: _sizes(c)[a] / _sizes(c)[b], one, other))
    if signature.has_leading:
        yield Quantity("the product of the leading sizes", "what ... stands for", lambda case: prod(_leading(case)))
    for position, name in enumerate(subject.arguments):
        shown = f"{name}.size"
        yield Quantity(
            shown, f"the number of entries of {name}", given(lambda case, i: case.point.primals[i].size, position)
        )
    for axis in (0, -1):
        yield Quantity(
            f"y.shape[{axis}]",
            f"the size of axis {axis} of the output",
            given(lambda case, a: case.output.shape[a] if case.output.ndim else float("nan"), axis),
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


def powers(of: Quantity) -> Iterator[Quantity]:
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
        yield Quantity(f"{k:g} * {q}", "", given(lambda c, k: k * at(c), k))
        yield Quantity(f"{k:g} / {bracketed}", "", given(lambda c, k: k / at(c), k))
    yield Quantity(f"(1 - {q})", "", lambda c: 1 - at(c))
    yield Quantity(f"1 / (1 - {q})", "", lambda c: 1 / (1 - at(c)))
    yield Quantity(f"({q} - 1)", "", lambda c: at(c) - 1)
    yield Quantity(f"{q} / ({q} - 1)", "", lambda c: at(c) / (at(c) - 1))
    yield Quantity(f"({q} - 1) / {bracketed}", "", lambda c: (at(c) - 1) / at(c))
    yield Quantity(f"1 / ({q} - 1)", "", lambda c: 1 / (at(c) - 1))
