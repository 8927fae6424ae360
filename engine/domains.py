"""Where an argument lives: frozen data that `backproof.strategies` turns into arrays.

The engine never imports Hypothesis, so a layer's file stays free of it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np


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
class Symmetric:
    """Square matrices equal to their transposes; ``definite`` ones are positive definite besides.

    Directions within the domain are symmetric too: NumPy's cholesky reads one triangle, and whatever a pullback
    gives for the two triangles, only its symmetric part is a derivative.
    """

    definite: bool = False


@dataclass(frozen=True)
class Triangular:
    """Square matrices that are zero above their diagonal (``lower``) or below it, and invertible."""

    lower: bool = True


@dataclass(frozen=True)
class Simplex:
    """Probabilities along the last axis: positive, and their sum is exactly one; directions sum to zero."""


@dataclass(frozen=True)
class Mask:
    """Booleans; not differentiable."""


@dataclass(frozen=True)
class Labels:
    """Integers from 0 up to (not including) a dimension's size, or a number; not differentiable."""

    dimension: str | int


Domain = Interval | Nonzero | Invertible | Symmetric | Triangular | Simplex | Mask | Labels

real = Interval()
positive = Interval(low=0.0)
nonzero = Nonzero()
symmetric = Symmetric()
positive_definite = Symmetric(definite=True)
lower_triangular = Triangular()
probabilities = Simplex()
mask = Mask()


def is_differentiable(domain: Domain) -> bool:
    """Whether arguments from this domain have a cotangent."""
    return not isinstance(domain, Mask | Labels)


def project(domain: Domain, direction: Any) -> Any:
    """A direction within the domain: its orthogonal projection onto the tangent space there."""
    if isinstance(domain, Symmetric):
        return (direction + np.swapaxes(direction, -1, -2)) / 2
    if isinstance(domain, Triangular):
        return np.tril(direction) if domain.lower else np.triu(direction)
    if isinstance(domain, Simplex):
        return direction - np.mean(direction, axis=-1, keepdims=True)
    return direction
