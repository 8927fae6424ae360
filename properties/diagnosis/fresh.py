"""Fresh points of a subject, made so that explanations differ there: other sizes, generic values, every option."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import hypothesis
import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
from hypothesis import HealthCheck, Phase, Verbosity

from backproof.engine.domains import Custom
from backproof.engine.errors import BackproofError
from backproof.engine.options import Choice, Option, Real
from backproof.engine.signatures import fill
from backproof.engine.subjects import Subject
from backproof.strategies.numbers import numbers_of
from backproof.strategies.options import values_of
from backproof.strategies.points import Point

from .filling import Plan, generic, values
from .runs import NoCase, forward_at

MOST_ENTRIES = 64  # of an argument or the output
MOST_OF_A_JACOBIAN = 1200
SIZES = (
    (2, 3, 4, 3, 2, 1),
    (2, 2, 9, 2, 3, 2),
    (2,),
    (9, 1, 3, 2),
    (3,),
    (1, 9, 2, 3),
    (5, 2, 3, 2),
    (1, 2),
    (2, 1),
    (1,),
)
LEADING = ((), (2,), (), (3, 2), (2,), (9,))
COMMON = ((3,), (2, 3), (2, 2), (), (3, 1), (9,))
TRIES = 60

Shapes = list[tuple[int, ...]]

FAILS = (NoCase, BackproofError, ValueError, IndexError, hypothesis.errors.HypothesisException)


def fresh_points(subject: Subject, found: Point, count: int, special: bool = False) -> list[Point]:
    """So many points of a subject at which its forward runs, the same ones every time; fewer where it seldom does.

    The first has the sizes of the one that was found, and others have all sizes equal.
    """
    made: list[Point] = []
    numbers = numbers_of(subject)
    for number in range(TRIES):
        if len(made) == count:
            break
        try:
            point = point_of(subject, *_shapes(subject, found, number), Plan(number, special), numbers)
        except FAILS:
            continue
        if fits(subject, point):
            made.append(point)
    return made


def fits(subject: Subject, point: Point) -> bool:
    """Whether a point is small enough that its whole Jacobian can be had."""
    largest = max((point.primals[i].size for i in subject.differentiated), default=0)
    if not max(largest, point.cotangent.size) <= MOST_ENTRIES:
        return False
    return 0 < largest * point.cotangent.size <= MOST_OF_A_JACOBIAN


def point_of(
    subject: Subject,
    shapes: Shapes,
    sizes: Mapping[str, int],
    plan: Plan,
    numbers: tuple[float, ...] = (),
    same: Mapping[str, Any] = MappingProxyType({}),
) -> Point:
    """A point of these shapes, with the ``same`` options; raises one of FAILS where the forward does not run there."""
    source = np.random.default_rng([plan.number, int(plan.special)])
    options = {name: _option(option, shapes, plan, source) for name, option in subject.options.items()} | dict(same)
    primals = tuple(
        np.asarray(_drawn(_custom(domain, shape), plan.number))
        if isinstance(domain, Custom)
        else values(domain, shape, source, plan, sizes, numbers)
        for domain, shape in zip(subject.domains, shapes, strict=True)
    )
    point = Point(primals, options, np.zeros(()))
    return replace(point, cotangent=generic(forward_at(subject, point).shape, source))


def _option(option: Option, shapes: Shapes, plan: Plan, source: np.random.Generator) -> Any:
    if isinstance(option, Choice):
        return copy.deepcopy(option.values[int(source.integers(len(option.values)))])
    if isinstance(option, Real):
        low, high = max(option.low, -10.0), min(option.high, 10.0)
        return float(source.uniform(low + 0.1 * (high - low), high - 0.1 * (high - low)))
    return copy.deepcopy(_drawn(values_of(option, shapes), plan.number))


def _custom(domain: Custom, shape: tuple[int, ...]) -> st.SearchStrategy[Any]:
    own = domain.strategy
    return hnp.arrays(float, shape, elements=own) if isinstance(own, st.SearchStrategy) else own(shape)


def _drawn(strategy: st.SearchStrategy[Any], seed: int) -> Any:
    """What a strategy draws, the same every time; the simplest comes first, and is seldom generic."""
    drawn = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=4,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        print_blob=False,
    )
    @hypothesis.given(strategy)
    def draw(value: Any) -> None:
        drawn.append(value)

    draw()
    return drawn[-1]


def _shapes(subject: Subject, found: Point, number: int) -> tuple[Shapes, Mapping[str, int]]:
    signature = subject.signature
    given = [p.shape for p in found.primals]
    if signature.broadcasts:
        if number == 0:
            return given, {}
        common, count = COMMON[number % len(COMMON)], len(given)
        narrow = [number // 2 % (count + 1) == i for i in range(count)] if count > 1 and number % 3 else [False] * count
        return [tuple(1 for _ in common) if each else common for each in narrow], {}
    bound, leading = signature.bind(given)
    sizes = dict(bound)
    if number % 4 == 3:  # what does not run at any size runs near that of the point that was found
        sizes = {name: size + (number // 4 + place) % 3 for place, (name, size) in enumerate(bound.items())}
    elif number:
        cycle = SIZES[(number - 1) % len(SIZES)]
        sizes = {name: cycle[place % len(cycle)] for place, name in enumerate(bound)}
        leading = LEADING[number % len(LEADING)]
    return [fill(dimensions, sizes, leading) for dimensions in signature.inputs], sizes


def sizes_at(subject: Subject, point: Point) -> Mapping[str, int]:
    """The sizes of the signature's dimensions at a point."""
    return subject.signature.bind([p.shape for p in point.primals])[0]
