"""Planting mistakes, and what must come of each: found, confirmed, and shrunk to a few small integers."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import numpy as np

from backproof.engine.derivatives import Rule
from backproof.engine.linear import LinearMap
from backproof.engine.maps import MapEntry, negate, scale
from backproof.engine.subjects import Layer, Subject
from backproof.properties.battery import PROPERTIES
from backproof.properties.judgement import Judgement, Setting, Verdict
from backproof.properties.searching import Counterexample, search
from backproof.properties.searching.drawing import Effort, draw_in_batches
from backproof.strategies.points import Point, points

FEW = 4  # elements of the largest argument of a shrunk counterexample
SMALL = 3  # the largest number in it

MISTAKES: dict[str, Callable[[LinearMap], LinearMap]] = {
    "sign": lambda linear: negate() @ linear,
    "factor": lambda linear: scale(2.0) @ linear,
}


def planted_rule(rule: Rule, position: int, mistake: Callable[[LinearMap], LinearMap]) -> Rule:
    """The rule with a mistake in its map for one argument, apply and transpose alike."""

    @functools.wraps(rule.derive)
    def derive(*arguments, **keywords):
        derived = rule.derive(*arguments, **keywords)
        maps = [derived] if isinstance(derived, LinearMap) else list(derived)
        maps[position] = mistake(maps[position])
        return tuple(maps)

    return replace(rule, derive=derive)


def planted_map(entry: MapEntry, mistake: Callable[[LinearMap], LinearMap]) -> MapEntry:
    """The map with a mistake in its transpose alone."""

    @functools.wraps(entry.construct)
    def construct(*parameters, **options):
        linear = entry.construct(*parameters, **options)
        return replace(linear, apply_transpose=mistake(linear.transpose).apply)

    return replace(entry, construct=construct)


def planted_fused(layer: Layer, position: int, mistake: Callable[[np.ndarray], np.ndarray]) -> Layer:
    """The layer with a mistake in its hand-derived cotangent for one argument."""
    fused = layer.fused

    def wrong(*arrays, **options):
        output, pullback = fused(*arrays, **options)

        def pull(ct):
            cotangents = pullback(ct)
            cotangents = list(cotangents) if isinstance(cotangents, tuple) else [cotangents]
            cotangents[position] = mistake(cotangents[position])
            return tuple(cotangents)

        return output, pull

    return layer.pullback(wrong)


def falsified(subject: Subject, property_name: str, examples: int = 100) -> Counterexample:
    """The counterexample that a property finds for a subject, shrunk and confirmed; fails if it finds none."""
    outcome = search(subject, PROPERTIES[property_name], Effort(examples=examples))
    assert outcome.verdict is Verdict.FALSIFIED, f"{subject.name} passed {property_name} with a mistake in it"
    return outcome.counterexample


def noticed(subject: Subject, property_name: str, examples: int = 30) -> Judgement:
    """The first judgement that falsifies, of a subject at random points; fails if there is none.

    Much cheaper than `falsified`: nothing is shrunk, and nothing confirmed in the other arithmetic.
    """
    judgements: list[Judgement] = []

    def holds(point: Point) -> None:
        if not judgements or judgements[-1].verdict is not Verdict.FALSIFIED:
            judgements.append(PROPERTIES[property_name].judge(subject, point, Setting()))
        assert judgements[-1].verdict is not Verdict.FALSIFIED

    effort = Effort(examples=examples, shrinks=False)
    with suppress(AssertionError):
        draw_in_batches(holds, points(subject), subject.name, 0, effort, lambda: len(judgements), lambda: False)
    assert judgements[-1].verdict is Verdict.FALSIFIED, f"{subject.name} passed {property_name} with a mistake in it"
    return judgements[-1]


def assert_readable(found: Counterexample, few: int = FEW) -> None:
    """The counterexample stands on arrays of at most a few small integers."""
    for array in (*found.point.primals, found.point.cotangent):
        assert array.size <= few, found.point
        assert np.all(array == np.round(array)), found.point
        assert np.all(np.abs(array) <= SMALL), found.point
