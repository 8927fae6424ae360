"""Where an argument lives: frozen data that `backproof.strategies` turns into arrays.

The engine never imports Hypothesis, so a layer's file stays free of it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class Interval:
    """Real numbers strictly between ``low`` and ``high``."""

    low: float = -inf
    high: float = inf


@dataclass(frozen=True)
class Nonzero:
    """Real numbers other than zero."""


@dataclass(frozen=True)
class Invertible:
    """Square matrices that are safely invertible: each diagonal entry outweighs the rest of its row."""


@dataclass(frozen=True)
class Mask:
    """Booleans; not differentiable."""


@dataclass(frozen=True)
class Labels:
    """Integers from 0 up to (not including) a dimension's size, or a number; not differentiable."""

    dimension: str | int


Domain = Interval | Nonzero | Invertible | Mask | Labels

real = Interval()
positive = Interval(low=0.0)
nonzero = Nonzero()
mask = Mask()


def is_differentiable(domain: Domain) -> bool:
    """Whether arguments from this domain have a cotangent."""
    return isinstance(domain, Interval | Nonzero | Invertible)
