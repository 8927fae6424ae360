"""Numbers that are made of data: sums, means, counts, extremes and norms of an argument or of the output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from backproof.engine.domains import Labels

from .cases import Case
from .claims import Array, Claim, given
from .quantities import Quantity

OF_FLOATS: tuple[tuple[str, Callable[[Array], Any]], ...] = (
    ("{}.sum()", np.sum),
    ("{}.mean()", np.mean),
    ("abs({}).sum()", lambda array: np.sum(np.abs(array))),
    ("({}**2).sum()", lambda array: np.sum(array**2)),
    ("({}**2).mean()", lambda array: np.mean(array**2)),
    ("{}.max()", np.max),
    ("{}.min()", np.min),
    ("abs({}).max()", lambda array: np.max(np.abs(array))),
    ("({} != 0).sum()", np.count_nonzero),
    ("({} > 0).sum()", lambda array: np.sum(array > 0)),
)
OF_MASKS: tuple[tuple[str, Callable[[Array], Any]], ...] = (
    ("{}.sum()", np.sum),
    ("{}.mean()", np.mean),
    ("(~{}).sum()", lambda array: np.sum(~array)),
)
ALONG: tuple[tuple[str, Callable[..., Array]], ...] = (
    ("{}.sum(axis={})", np.sum),
    ("{}.mean(axis={})", np.mean),
    ("norm({}, axis={})", lambda array, axis: np.sqrt(np.sum(array**2, axis=axis))),
)


def numbers_of_data(claim: Claim) -> Iterator[Quantity]:
    """One number at a case, made of an argument or of the output."""
    first = claim.cases[0]
    for position, name in enumerate(claim.subject.arguments):
        array = first.point.primals[position]
        if array.ndim and array.dtype.kind in "fb":
            for text, of in OF_MASKS if array.dtype.kind == "b" else OF_FLOATS:
                yield _quantity(text.format(name), "", given(_of_argument, position, of))
        if array.ndim and isinstance(claim.subject.domains[position], Labels):
            yield _quantity(f"({name} != 0).sum()", "", given(_of_argument, position, np.count_nonzero))
            for option in claim.subject.options:
                text = f"({name} != {option}).sum()"
                yield _quantity(text, "", given(_differing, position, option))
    if first.output.ndim:
        for text, of in OF_FLOATS:
            yield _quantity(text.format("y"), "y is the output", given(_of_output, of))


def arrays_of_data(claim: Claim) -> Iterator[tuple[str, Callable[[Case], Array]]]:
    """What is left of an argument or of the output along one axis, beside it and in its place."""
    first = claim.cases[0]
    named = [(name, given(_primal, i), first.point.primals[i]) for i, name in enumerate(claim.subject.arguments)]
    dimensions = [*claim.subject.signature.inputs, claim.subject.signature.output or ("...",)]
    for (name, at, array), letters in zip([*named, ("y", _output, first.output)], dimensions, strict=True):
        if array.dtype.kind not in "fb" or array.ndim < 2:
            continue
        for axis in range(-array.ndim, 0):
            shown = axis if "..." in letters else axis + array.ndim
            for text, of in ALONG:
                if array.dtype.kind == "f" or of is np.sum:
                    yield text.format(name, shown), given(_left_along, at, of, axis, True)
                    yield text.format(name, shown), given(_left_along, at, of, axis, False)


def _quantity(text: str, meaning: str, at: Callable[[Case], float]) -> Quantity:
    return Quantity(text, meaning, at, is_size=False)


def _primal(case: Case, position: int) -> Array:
    return case.point.primals[position]


def _output(case: Case) -> Array:
    return case.output


def _of_argument(case: Case, position: int, of: Callable[[Array], Any]) -> float:
    return float(of(case.point.primals[position]))


def _of_output(case: Case, of: Callable[[Array], Any]) -> float:
    return float(of(case.output))


def _differing(case: Case, position: int, option: str) -> float:
    return float(np.sum(case.point.primals[position] != case.point.options[option]))


def _left_along(case: Case, at: Callable[[Case], Array], of: Callable[..., Array], axis: int, keeps: bool) -> Array:
    array = at(case)
    if array.ndim < -axis:
        return np.asarray(np.nan)
    left = np.asarray(of(array, axis=axis), dtype=float)
    return np.expand_dims(left, axis) if keeps else left
