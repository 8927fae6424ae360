"""Options: the values that a subject's declared options may take, given the shapes of its arguments."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any, cast

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np

from backproof.engine.domains import Interval
from backproof.engine.maps import reduced_size
from backproof.engine.options import (
    Axes,
    Broadcasting,
    Choice,
    Drawn,
    Index,
    Option,
    Permutation,
    Real,
    Reshaping,
    ShapeOf,
)
from backproof.engine.signatures import Shape

from .shapes import sizes
from .values import table_for


def values_of(option: Option, shapes: Sequence[Shape], numbers: tuple[float, ...] = ()) -> st.SearchStrategy[Any]:
    """The values of one option; shrinks towards the first choice, the simplest number, the fewest axes.

    Real ones lie at ``numbers`` too, those that the code speaks of, and beside and between them.
    """
    if isinstance(option, Choice):
        return st.sampled_from(option.values)
    if isinstance(option, Real):
        return st.sampled_from(_values_between(option, numbers))
    if isinstance(option, Drawn):
        return cast("st.SearchStrategy[Any]", option.strategy)
    shape = shapes[option.of]
    if isinstance(option, ShapeOf):
        return st.just(shape)
    if isinstance(option, Axes):
        chosen = axes(len(shape))
        return chosen.filter(lambda axis: reduced_size(shape, axis) > 0) if option.nonempty else chosen
    if isinstance(option, Reshaping):
        return reshapings(shape)
    if isinstance(option, Permutation):
        return st.none() | st.permutations(range(len(shape))).map(tuple)
    if isinstance(option, Broadcasting):
        return broadcastings(shape)
    if isinstance(option, Index):
        return indices(shape)
    raise TypeError(f"no strategy for the option {option!r}")


def simpler_values(option: Option, value: Any) -> list[Any]:
    """The values of a choice or of a real option that are simpler than one, the simplest first."""
    values: list[Any] = list(option.values) if isinstance(option, Choice) else []
    if isinstance(option, Real):
        values = list(_values_between(option))[:12]
    places = [place for place, other in enumerate(values) if other is value or repr(other) == repr(value)]
    return values[: places[0]] if places else values


@cache
def _values_between(option: Real, numbers: tuple[float, ...] = ()) -> tuple[float, ...]:
    return tuple(dict.fromkeys(float(v) for v in table_for(Interval(option.low, option.high), numbers).tolist()))


@cache
def axes(rank: int) -> st.SearchStrategy[Any]:
    """None, one axis or several, counted from either end; shrinks towards None, then axis 0."""
    if rank == 0:
        return st.none()
    one = st.sampled_from([*range(rank), *range(-1, -rank - 1, -1)])
    several = st.lists(one, min_size=0, max_size=rank, unique_by=lambda axis: axis % rank).map(tuple)
    return st.none() | one | several


def reshapings(shape: Shape) -> st.SearchStrategy[Shape]:
    """Shapes with as many elements; shrinks towards one axis."""
    size = math.prod(shape)
    factors = [(d, size // d) for d in range(2, size) if size % d == 0]
    candidates = [(size,), shape, shape[::-1], (1, *shape), (*shape, 1), *factors]
    return st.sampled_from(list(dict.fromkeys(candidates)))


def broadcastings(shape: Shape) -> st.SearchStrategy[Shape]:
    """Shapes that ``shape`` broadcasts to; shrinks towards ``shape`` itself."""
    repeats = st.tuples(*(sizes() if size == 1 else st.just(size) for size in shape))
    return st.tuples(st.lists(sizes(), max_size=2), repeats).map(lambda parts: (*parts[0], *parts[1]))


def indices(shape: Shape) -> st.SearchStrategy[Any]:
    """Slices, integers, ellipsis and new axes, or integer arrays with repeats; shrinks towards the former."""
    basic = hnp.basic_indices(shape, allow_newaxis=True, max_dims=6)
    if not shape or 0 in shape:
        return basic
    rows = st.lists(st.integers(-shape[0], shape[0] - 1), min_size=1, max_size=4).map(np.array)
    return basic | rows | hnp.integer_array_indices(shape, result_shape=hnp.array_shapes(max_dims=2, max_side=3))
