"""Where an argument lives: frozen data that `backproof.strategies` turns into arrays.

The engine never imports Hypothesis, so a layer's file stays free of it too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from .errors import SpecError


@dataclass(frozen=True)
class Interval:
    """Real numbers strictly between ``low`` and ``high``.

    With ``masked``, minus infinity is among them, as in the scores of masked attention: such entries do not move,
    and what a pullback gives for them is not looked at.
    """

    low: float = -inf
    high: float = inf
    masked: bool = False

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise SpecError(f"Interval({self.low}, {self.high}) holds no number: low should be below high.")


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
class OneHot:
    """Rows (along the last axis) with a single one, as floats; not differentiable."""


@dataclass(frozen=True)
class Orthogonal:
    """Matrices with orthonormal columns, exactly so in float64 (orthonormal rows where they are wide).

    Directions are tangent to the manifold: those D for which Q^T D is skew-symmetric.
    """


@dataclass(frozen=True)
class Custom:
    """Arrays from a strategy of one's own: ``strategy(shape)`` returns a Hypothesis strategy of float64 arrays.

    ``Custom(lambda shape: hnp.arrays(float, shape, elements=st.floats(0, 1)))``, or ``Custom(st.floats(0, 1))``, a
    strategy of numbers. Shrinks as that strategy does.
    """

    strategy: Callable[[tuple[int, ...]], Any] | Any
    differentiable: bool = True


@dataclass(frozen=True)
class Mask:
    """Booleans; not differentiable."""


@dataclass(frozen=True)
class Labels:
    """Integers from 0 up to (not including) a dimension's size, or a number; not differentiable."""

    dimension: str | int


Domain = (
    Interval | Nonzero | Invertible | Symmetric | Triangular | Orthogonal | Simplex | OneHot | Mask | Labels | Custom
)

real = Interval()
positive = Interval(low=0.0)
unit_interval = Interval(0.0, 1.0)
nonzero = Nonzero()
symmetric = Symmetric()
positive_definite = Symmetric(definite=True)
lower_triangular = Triangular()
orthogonal = Orthogonal()
probabilities = Simplex()
one_hot = OneHot()
mask = Mask()


def is_differentiable(domain: Domain) -> bool:
    """Whether arguments from this domain have a cotangent."""
    if isinstance(domain, Custom):
        return domain.differentiable
    return not isinstance(domain, Mask | Labels | OneHot)


def is_elementwise(domain: Domain) -> bool:
    """Whether the domain asks something of each number alone, so that numbers may change places."""
    return isinstance(domain, Interval | Nonzero)


def project(domain: Domain, direction: Any, at: Any) -> Any:
    """A direction within the domain: its orthogonal projection onto the tangent space at the point ``at``."""
    if isinstance(domain, Symmetric):
        return (direction + np.swapaxes(direction, -1, -2)) / 2
    if isinstance(domain, Triangular):
        return np.tril(direction) if domain.lower else np.triu(direction)
    if isinstance(domain, Simplex):
        return direction - np.mean(direction, axis=-1, keepdims=True)
    if isinstance(domain, Orthogonal):
        return _tangent_to_orthogonal(direction, at)
    return direction


def _tangent_to_orthogonal(direction: Any, q: Any) -> Any:
    """D - Q sym(Q^T D) for orthonormal columns, and the same of the transposes for orthonormal rows.

    Source: A. Edelman, T. A. Arias, S. T. Smith, SIAM J. Matrix Anal. Appl. 20 (1998), 303-353, section 2.2.1.
    """
    if q.shape[-1] > q.shape[-2]:
        turned = _tangent_to_orthogonal(np.swapaxes(direction, -1, -2), np.swapaxes(q, -1, -2))
        return np.swapaxes(turned, -1, -2)
    product = np.swapaxes(q, -1, -2) @ direction
    return direction - q @ ((product + np.swapaxes(product, -1, -2)) / 2)
