"""How accurate a run in float64 can be: what rounding the inputs alone would do to its results.

Normwise for one array (../definitions of `accurate_in_dtype`): an error of 16 times the spread of the exact
results under relative changes of +-u of everything that is handed in, plus u times the largest entry, is what
right code may make; sums of k terms get sqrt(k / 1024) times as much, where that is more than one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from backproof.engine.extended import (
    active,
    computing,
    extended,
    perturbed,
    rebound,
    to_float,
    with_rounding_errors,
    wrap,
)
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from ..judgement import Setting
from .running import Lifted

Array = np.ndarray[Any, Any]

UNIT = 2.0**-53  # of float64
ALLOWED = 16.0  # times the spread
ROUNDED = 32.0  # times the spread of runs in which every operation is rounded
SAMPLES = 3  # of the spread


def represented(point: Point, dtype: np.dtype[Any]) -> Point | None:
    """The point with arrays of a dtype, None where they are empty, or too large or too small to be squared there."""
    limits = np.finfo(dtype)
    low, high = math.sqrt(float(limits.smallest_normal)), float(limits.max) ** 0.25
    if not all(p.size for p in point.primals):
        return None
    arrays = [p for p in (*point.primals, point.cotangent) if p.dtype.kind == "f"]
    sizes = np.abs(np.concatenate([array.ravel() for array in arrays])) if arrays else np.zeros(0)
    if np.any((sizes != 0) & np.isfinite(sizes) & ~((sizes >= low) & (sizes <= high))):
        return None
    primals = tuple(p.astype(dtype) if p.dtype.kind == "f" else p for p in point.primals)
    return replace(point, primals=primals, cotangent=point.cotangent.astype(dtype))


Arrays = Sequence[Any]


def spreads(exact: Arrays, compute: Callable[[Lifted], Arrays], lifted: Lifted, unit: float = UNIT) -> list[float]:
    """For each array that ``compute`` returns, its largest change under changes of +-``unit`` of primals and ct.

    ``exact`` is what it returns where nothing is changed.
    """
    source = np.random.default_rng(lifted.point.fingerprint)

    def run(_: int) -> Arrays:
        moved = tuple(_moved(p, unit, source) for p in lifted.primals)
        return compute(replace(lifted, primals=moved, cotangent=_moved(lifted.cotangent, unit, source)))

    return _largest_changes(exact, run)


def rounding_spreads(
    exact: Arrays,
    compute: Callable[[Lifted], Arrays],
    subject: Subject,
    lifted: Lifted,
    setting: Setting,
    unit: float = UNIT,
) -> list[float]:
    """For each array that ``compute`` returns, its largest change where every operation's result is rounded."""

    def run(seed: int) -> Arrays:
        arithmetic = with_rounding_errors(setting.arithmetic, unit, seed)
        with computing(arithmetic, setting.precisions[0]), rebound(*subject.code):
            return compute(lifted)

    return _largest_changes(exact, run)


def _largest_changes(exact: Arrays, run: Callable[[int], Arrays]) -> list[float]:
    """How far some runs move each array, at most; 0 where there is none."""
    largest = [0.0] * len(exact)
    for number in range(SAMPLES):
        for position, (one, other) in enumerate(zip(exact, run(number), strict=True)):
            if one is not None and other is not None and one.size:
                largest[position] = max(largest[position], _largest(_floats(other) - _floats(one)))
    return largest


def _moved(array: Any, unit: float, source: np.random.Generator) -> Any:
    if array.dtype.kind != "f":
        return array
    return wrap(perturbed(np.asarray(array), active(), unit, source))


def _floats(array: Any) -> Any:
    return None if array is None else to_float(array if isinstance(array, np.ndarray) else extended(array))


def _largest(array: Array) -> float:
    size = np.max(np.abs(array), initial=0.0)
    return float(size) if math.isfinite(size) else math.inf


def tolerance(exact: Array, spread: float, terms: int, unit: float = UNIT) -> float:
    """The error that right code may make in an array, whose entries are sums of at most so many terms."""
    return ALLOWED * max(1.0, math.sqrt(terms / 1024)) * (spread + unit * _largest(exact))


def terms_of(lifted: Lifted) -> int:
    """The most terms that a sum over the point's arrays may have."""
    return max((p.size for p in lifted.point.primals), default=1)
