"""Fresh points of a subject, made so that explanations differ there: other sizes, generic values, every option."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import hypothesis
import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
from hypothesis import HealthCheck, Phase, Verbosity

from backproof.engine.domains import Custom, Domain, Interval, Labels, Mask, Nonzero
from backproof.engine.errors import BackproofError
from backproof.engine.options import Choice, Option, Real
from backproof.engine.signatures import fill
from backproof.engine.subjects import Subject
from backproof.strategies.numbers import numbers_of
from backproof.strategies.options import values_of
from backproof.strategies.points import Point
from backproof.strategies.values import contains, decode

from .runs import NoCase, forward_at

Array = np.ndarray[Any, Any]

MOST_ENTRIES = 64  # of an argument or the output
MOST_OF_A_JACOBIAN = 1200
SIZES = (
    (2, 3, 4, 3, 2, 1),
    (3, 2, 2, 4, 3, 2),
    (2,),
    (4, 1, 3, 2),
    (3,),
    (1, 3, 2, 3),
    (5, 2, 3, 2),
    (1, 2),
    (2, 1),
    (1,),
)
LEADING = ((), (2,), (), (3, 2), (2,), ())
COMMON = ((3,), (2, 3), (2, 2), (), (3, 1), (2, 3))
TRIES = 60
SPREADS = (1.0, 0.5, 1.7, 0.4)  # of the values, so that no window is missed by all points


@dataclass(frozen=True)
class Plan:
    """How one fresh point is made; ``special`` values are zeros, ties, and the numbers that the code speaks of."""

    number: int
    special: bool


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
            point = _point(subject, found, Plan(number, special), numbers)
        except (NoCase, BackproofError, ValueError, IndexError, hypothesis.errors.HypothesisException):
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


def _point(subject: Subject, found: Point, plan: Plan, numbers: tuple[float, ...]) -> Point:
    shapes, sizes = _shapes(subject, found, plan.number)
    source = np.random.default_rng([plan.number, int(plan.special)])
    options = {name: _option(option, shapes, plan, source) for name, option in subject.options.items()}
    primals = tuple(
        np.asarray(_drawn(_custom(domain, shape), plan.number))
        if isinstance(domain, Custom)
        else values(domain, shape, source, plan, sizes, numbers)
        for domain, shape in zip(subject.domains, shapes, strict=True)
    )
    point = Point(primals, options, np.zeros(()))
    return replace(point, cotangent=generic(forward_at(subject, point).shape, source))


def _option(option: Option, shapes: list[tuple[int, ...]], plan: Plan, source: np.random.Generator) -> Any:
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


def generic(shape: tuple[int, ...], source: np.random.Generator) -> Array:
    """Numbers of either sign between 0.3 and 2."""
    return np.asarray(source.uniform(0.3, 2.0, shape) * source.choice([-1.0, 1.0], shape))


def _shapes(subject: Subject, found: Point, number: int) -> tuple[list[tuple[int, ...]], Mapping[str, int]]:
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


def values(
    domain: Domain,
    shape: tuple[int, ...],
    source: np.random.Generator,
    plan: Plan,
    sizes: Mapping[str, int],
    numbers: tuple[float, ...],
) -> Array:
    """An array of a domain: generic numbers, or special ones where the plan says so."""
    if isinstance(domain, Labels):
        count = domain.dimension if isinstance(domain.dimension, int) else sizes.get(domain.dimension, 1)
        return np.asarray(source.integers(0, max(count, 1), shape))
    if isinstance(domain, Mask):
        return np.asarray(source.integers(0, 2, shape) == 1)
    if not isinstance(domain, Interval | Nonzero):
        bytes_ = source.integers(0, 100, 32).astype(np.uint8).tobytes()
        return decode(domain, shape, bytes_, 6 * plan.number + 6)
    plain = (
        SPREADS[plan.number % len(SPREADS)] * generic(shape, source)
        if isinstance(domain, Nonzero) or np.isinf([domain.low, domain.high]).all()
        else _within(domain, shape, source)
    )
    if not plan.special:
        return plain
    allowed = [v for v in dict.fromkeys(_of_interest(numbers)) if contains(domain, v)]
    chosen = source.choice(allowed, shape) if allowed else plain
    return np.asarray(np.where(source.uniform(size=shape) < 0.6, chosen, plain))


def _of_interest(numbers: tuple[float, ...]) -> Iterator[float]:
    yield from (0.0, 1.0, -1.0, 0.0, 0.5, -2.0, 3.0, -3.0)
    for number in numbers:
        if number <= 100:
            yield from (number, -number, 1.25 * number, -1.25 * number, 0.75 * number, -0.75 * number)


def _within(domain: Interval, shape: tuple[int, ...], source: np.random.Generator) -> Array:
    low = domain.low if np.isfinite(domain.low) else domain.high - 2.5
    high = domain.high if np.isfinite(domain.high) else low + 2.5
    return np.asarray(source.uniform(low + 0.15 * (high - low), high - 0.15 * (high - low), shape))
