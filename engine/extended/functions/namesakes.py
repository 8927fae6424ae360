"""Functions of the array API standard that do what older ones do."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..lifting import entered
from ..ufunc_methods import accumulate
from .arranging import concatenate
from .dispatching import implements, moves_elements
from .linalg import norm
from .products import cross, outer, tensordot
from .reductions import sum_

moves_elements(np.unstack, np.linalg.matrix_transpose)


@implements(np.linalg.outer)
def outer_(x1: Any, x2: Any, /) -> Any:
    return outer(x1, x2)


@implements(np.linalg.tensordot)
def tensordot_(x1: Any, x2: Any, /, *, axes: Any = 2) -> Any:
    return tensordot(x1, x2, axes)


@implements(np.linalg.cross)
def cross_(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    return cross(x1, x2, axis=axis)


@implements(np.linalg.vecdot)
def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    return np.vecdot(np.moveaxis(x1, axis, -1), np.moveaxis(x2, axis, -1))


@implements(np.linalg.diagonal)
def diagonal(x: Any, /, *, offset: int = 0) -> Any:
    return np.diagonal(entered(x), offset, -2, -1)


@implements(np.linalg.trace)
def trace(x: Any, /, *, offset: int = 0, dtype: Any = None) -> Any:
    return sum_(np.diagonal(entered(x), offset, -2, -1), axis=-1)


@implements(np.linalg.matrix_norm)
def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    return norm(x, ord, (-2, -1), keepdims)


@implements(np.cumulative_sum)
def cumulative_sum(
    x: Any, /, *, axis: int | None = None, dtype: Any = None, out: Any = None, include_initial: bool = False
) -> Any:
    return _running(np.add, x, axis, 0 if include_initial else None)


@implements(np.cumulative_prod)
def cumulative_prod(
    x: Any, /, *, axis: int | None = None, dtype: Any = None, out: Any = None, include_initial: bool = False
) -> Any:
    return _running(np.multiply, x, axis, 1 if include_initial else None)


def _running(ufunc: np.ufunc, x: Any, axis: int | None, first: int | None) -> Any:
    along = 0 if axis is None else int(axis)
    result = np.asarray(accumulate(ufunc, x, along))
    if first is None:
        return result
    shape = [1 if place == along % result.ndim else size for place, size in enumerate(result.shape)]
    return concatenate([np.full(shape, first), result], along)
