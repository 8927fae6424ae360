"""Values for fresh points: generic numbers, and special ones that lie where explanations differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from backproof.engine.domains import Domain, Interval, Labels, Mask, Nonzero
from backproof.strategies.values import contains, decode

Array = np.ndarray[Any, Any]

SPREADS = (1.0, 0.5, 1.7, 0.4)  # of the values, so that no window is missed by all points


@dataclass(frozen=True)
class Plan:
    """How one fresh point is made; ``special`` values are zeros, ties, and the numbers that the code speaks of."""

    number: int
    special: bool


def generic(shape: tuple[int, ...], source: np.random.Generator) -> Array:
    """Numbers of either sign between 0.3 and 2."""
    return np.asarray(source.uniform(0.3, 2.0, shape) * source.choice([-1.0, 1.0], shape))


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
