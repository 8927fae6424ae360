"""Sums, means and extremes over other axes, and sums in the place of means."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from .programs import Edit, Program

REDUCTIONS = ("sum", "mean", "max", "min", "amax", "amin", "prod", "var", "std", "cumsum", "cumprod", "flip", "sort")
KEEPING = ("cumsum", "cumprod", "flip", "sort")  # of the shape of their operand


EXCHANGED: Mapping[str, Callable[..., Any]] = {"sum": np.mean, "mean": np.sum}


def with_sums_for_means(program: Program) -> Iterator[Edit]:
    """One sum in the place of a mean, or the other way round."""
    for index in program.reached():
        if program.name(index) in EXCHANGED:
            yield Edit(operations={index: EXCHANGED[program.name(index)]})


def with_other_axes(program: Program) -> Iterator[Edit]:
    """One reduction over another axis, or all that are over one axis, in the pullback or wherever they are."""
    reductions = [index for index in program.reached() if program.name(index) in REDUCTIONS]
    for index in reductions:
        yield from (Edit(keywords={index: each}) for each in _others(program, index))
    downstream = program.downstream()
    for among in ([i for i in reductions if i in downstream], reductions):
        for axis in dict.fromkeys(_axis(program, index) for index in among):
            same = [index for index in among if _axis(program, index) == axis]
            if len(same) > 1:
                for keywords in _others(program, same[0]):
                    yield Edit(keywords=dict.fromkeys(same, keywords))


def _axis(program: Program, index: int) -> Any:
    return (program.call(index).keywords or {}).get("axis")


def _others(program: Program, index: int) -> Iterator[Mapping[str, Any]]:
    """Other axes, counted from the end where these are; kept, so that what they leave fits what it is used with."""
    rank, before = np.ndim(program.operand((index, 0))), _axis(program, index)
    numbers = (before,) if isinstance(before, int) else before or ()
    axes = range(-rank, 0) if any(number < 0 for number in numbers) else range(rank)
    several = [*axes, *itertools.combinations(axes, 2), None] if rank > 2 else [*axes, None]
    for axis in several:
        if axis != before and rank:
            keeps = {} if program.name(index) in KEEPING else {"keepdims": True}
            yield {"axis": axis}
            if keeps and not (program.call(index).keywords or {}).get("keepdims"):
                yield {"axis": axis, **keeps}
