"""Looking for a stack of layers on which a property fails, and for the shortest that does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import hypothesis.strategies as st

from backproof.engine.layers import LAYERS
from backproof.engine.subjects import Layer, Subject
from backproof.strategies.points import Point
from backproof.strategies.simpler import (
    alike,
    with_fewer_branches,
    with_fewer_layers,
    with_sizes_of_one,
    with_sizes_up_to_two,
)
from backproof.strategies.stacks import stack_points

from ..judgement import Property, Verdict
from .descending import descent
from .drawing import Effort
from .outcomes import Outcome
from .searches import searched


def search_stacks(
    prop: Property, effort: Effort, layers: Mapping[str, Layer | Subject] = LAYERS, required: str | None = None
) -> Outcome:
    """Judge a property on random stacks of layers (all registered ones), at random points.

    ``layers`` are known by the names of their subjects; the ``required`` one is in every stack. A counterexample
    has the fewest layers that show it, then the fewest branches, then small sizes: such stacks of its own layers
    are searched until none fails, because no single step leads from a long stack to a short one that needs other
    values. Values are shrunk at the end: in a long stack it is slow, and for nothing.
    """
    name = f"stacks with {required}" if required else "stacks"
    outcome = _first_failing(name, stack_points(layers, required=required), prop, effort)
    again, once = (with_fewer_layers, with_fewer_branches), (alike, with_sizes_up_to_two, with_sizes_of_one)
    for simpler_than in (*again, *once) if effort.shrinks else ():
        look = _first_failing if simpler_than in again else searched
        while outcome.counterexample is not None:
            simpler = simpler_than(outcome.counterexample.subject, layers, required)
            found = look(name, simpler, prop, effort) if simpler is not None else None
            if found is None or found.counterexample is None:
                break
            points, seconds = outcome.points + found.points, outcome.seconds + found.seconds
            path = descent((*outcome.counterexample.path, *found.counterexample.path))
            smaller = replace(found.counterexample, path=path)
            outcome = replace(found, points=points, seconds=seconds, counterexample=smaller)
            if simpler_than in once:
                break
    return outcome


def _first_failing(
    name: str, drawn: st.SearchStrategy[tuple[Subject, Point]], prop: Property, effort: Effort
) -> Outcome:
    """A search that takes the first failing point as it is; unless that one alone does not decide."""
    outcome = searched(name, drawn, prop, replace(effort, shrinks=False))
    decides = outcome.verdict is Verdict.PASSED or outcome.counterexample is not None
    return outcome if decides or not effort.shrinks else searched(name, drawn, prop, effort)
