"""Linear maps: what the derivative of an operation is.

The derivative of ``A @ B`` with respect to ``A`` is the map ``. @ B``; backpropagation applies its
transpose, ``. @ B.T``. A `LinearMap` holds both, written independently, so that the adjoint identity
``<J dx, ct> = <dx, J^T ct>`` says something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import notation as _notation
from .notation import Notation

Array = Any  # a NumPy array, a tracer, or an array of extended-precision numbers


@dataclass(frozen=True, slots=True)
class LinearMap:
    """A linear map between arrays, and its transpose.

    ``apply`` takes a tangent of the input's shape to a tangent of the output's; ``apply_transpose`` takes
    a cotangent of the output's shape to one of the input's. ``spelling`` returns the notations of both.
    """

    apply: Callable[[Array], Array]
    apply_transpose: Callable[[Array], Array]
    spelling: Callable[[], tuple[Notation, Notation]]

    @property
    def transpose(self) -> LinearMap:
        """The transposed map; transposing twice gives the map back."""

        def swapped() -> tuple[Notation, Notation]:
            forward, backward = self.spelling()
            return backward, forward

        return LinearMap(self.apply_transpose, self.apply, swapped)

    @property
    def notation(self) -> str:
        """The map in operator notation, such as ``[A.T @ . @ C.T]``."""
        return _notation.written(self.spelling()[0])

    def __matmul__(self, inner: LinearMap) -> LinearMap:
        """This map after ``inner``."""

        def spelling() -> tuple[Notation, Notation]:
            (outer_map, outer_transpose), (inner_map, inner_transpose) = self.spelling(), inner.spelling()
            return _notation.compose(outer_map, inner_map), _notation.compose(inner_transpose, outer_transpose)

        return LinearMap(
            lambda dx: self.apply(inner.apply(dx)),
            lambda ct: inner.apply_transpose(self.apply_transpose(ct)),
            spelling,
        )

    def __add__(self, other: LinearMap) -> LinearMap:
        """The map whose value is the sum of both maps' values."""

        def spelling() -> tuple[Notation, Notation]:
            (one, one_transpose), (two, two_transpose) = self.spelling(), other.spelling()
            return _notation.add(one, two), _notation.add(one_transpose, two_transpose)

        return LinearMap(
            lambda dx: self.apply(dx) + other.apply(dx),
            lambda ct: self.apply_transpose(ct) + other.apply_transpose(ct),
            spelling,
        )

    def __repr__(self) -> str:
        return f"LinearMap({self.notation})"


identity = LinearMap(lambda dx: dx, lambda ct: ct, lambda: ((), ()))
