"""Autograd itself, once it takes extended arrays for arrays."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from ..errors import SpecError
from ..extended import ExtendedArray, extended
from ..extended.functions.linalg import Eigen, OrthogonalTriangular, SignAndLog, SingularValues
from ..linear import Array

Notes = dict[int, Array]  # the cotangent of each argument, by position


@cache
def autograd_itself() -> tuple[Any, Callable[..., Array]]:
    """The package, which takes extended arrays for arrays from now on, and what arguments enter a function by.

    Of several arguments autograd adds each cotangent to zeros, which stretches those of a wrong shape: they are noted
    where they arrive.
    """
    try:
        import autograd
        from autograd.builtins import NamedTupleVSpace, SequenceBox
        from autograd.extend import VSpace, defjvp, defvjp, primitive, vspace
        from autograd.numpy.numpy_boxes import ArrayBox
    except ImportError as error:
        raise SpecError(
            "functions of autograd are verified with autograd, which is not installed. "
            "Install it with: pip install 'backproof[autograd]'."
        ) from error

    class ExtendedSpace(VSpace):  # type: ignore[misc]  # what autograd asks of a kind of arrays
        """The space of extended arrays of one shape."""

        def __init__(self, value: Any) -> None:
            self.shape = tuple(int(size) for size in np.shape(value))
            self.dtype = np.dtype(np.float64)

        @property
        def size(self) -> int:
            return int(np.prod(self.shape, dtype=int))

        @property
        def ndim(self) -> int:
            return len(self.shape)

        def zeros(self) -> ExtendedArray:
            return extended(np.zeros(self.shape))

        def ones(self) -> ExtendedArray:
            return extended(np.ones(self.shape))

        def _inner_prod(self, one: Any, other: Any) -> Any:
            return np.sum(one * other)

    ArrayBox.register(ExtendedArray)
    ExtendedSpace.register(ExtendedArray)
    for kind in (Eigen, OrthogonalTriangular, SignAndLog, SingularValues):
        SequenceBox.register(kind)
        type(f"{kind.__name__}Space", (NamedTupleVSpace,), {"seq_type": kind}).register(kind)  # type: ignore[attr-defined]

    @primitive  # type: ignore[untyped-decorator]
    def entering(x: Array, position: int, notes: Notes) -> Array:  # noqa: ARG001  # they are for its VJP
        return x

    def noting(_: Array, x: Array, position: int, notes: Notes) -> Callable[[Array], Array]:
        def pull(ct: Array) -> Array:
            notes[position] = ct
            return vspace(x).zeros()

        return pull

    defvjp(entering, noting)
    defjvp(entering, "same")
    return autograd, entering
