"""Operations that NumPy has no function for, which traced arrays record as they record NumPy's own."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .signatures import Shape


def primitive(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let arrays that record what is done to them (those with a ``record`` method) record ``function``."""

    @functools.wraps(function)
    def dispatching(*arguments: Any, **keywords: Any) -> Any:
        for argument in arguments:
            if hasattr(argument, "record"):
                return argument.record(dispatching, arguments, keywords)
        return function(*arguments, **keywords)

    return dispatching


@primitive
def getitem(array: Any, index: Any) -> Any:
    """``array[index]``"""
    return array[index]


@primitive
def sign_of_real(array: Any) -> Any:
    """``numpy.sign`` of real numbers, which is a constant nearby."""
    return np.sign(array)


@primitive
def converted(array: Any, dtype: Any) -> Any:
    """``array.astype(dtype)``"""
    return array.astype(dtype)


@primitive
def scatter_add(array: Any, index: Any, shape: Shape) -> Any:
    """Zeros of the given shape, with ``array`` added at ``index``; repeated indices accumulate."""
    total = np.zeros_like(array, shape=shape)
    if _is_basic(index):
        total[index] = array  # no index is repeated, and this is much faster
    else:
        np.add.at(total, index, array)
    return total


def _is_basic(index: Any) -> bool:
    """Whether an index is made of slices and whole numbers alone, as most are."""
    parts = index if type(index) is tuple else (index,)
    return all(type(part) in _BASIC for part in parts)


_BASIC = frozenset([slice, int, type(None), type(Ellipsis)])


@primitive
def add_windows(windows: Any, shape: Shape, stride: Sequence[int], dilation: Sequence[int]) -> Any:
    """Zeros of the given shape, with each window added where ``maps.windows`` cut it out.

    ``windows`` has the axes that are not cut, then those of a window's entries, then those of the places, as many as
    fit into ``shape``; ``stride`` and ``dilation`` have a number for each axis that is cut.
    """
    count = len(stride)
    total = np.zeros_like(windows, shape=shape)
    entries, places = windows.shape[-2 * count : -count], windows.shape[-count:]
    for entry in np.ndindex(*entries):
        reach = zip(entry, dilation, places, stride, strict=True)
        at: Any = (..., *(slice(i * apart, i * apart + n * step, step) for i, apart, n, step in reach))
        total[at] += windows[(..., *entry, *[slice(None)] * count)]
    return total


@primitive
def concatenate(*arrays: Any, axis: int = 0) -> Any:
    """``numpy.concatenate`` with the arrays one by one."""
    return np.concatenate(arrays, axis=axis)


@primitive
def einsum(*operands: Any, subscripts: str) -> Any:
    """``numpy.einsum`` with the subscripts behind the operands; every axis has a letter, and ``->`` is written."""
    return np.einsum(subscripts, *operands)


@primitive
def running_max(array: Any, axis: int) -> Any:
    """``numpy.maximum.accumulate``"""
    return np.maximum.accumulate(array, axis=axis)


@primitive
def log_sum_exp(array: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """``log(sum(exp(array)))`` over some axes, shifted by the maximum, so that nothing overflows."""
    largest = np.max(array, axis=axis, keepdims=True)
    largest = np.where(np.isfinite(largest), largest, 0)
    total = np.log(np.sum(np.exp(array - largest), axis=axis, keepdims=True)) + largest
    return total if keepdims else np.reshape(total, np.shape(np.max(array, axis=axis)))


@primitive
def log_abs_det(matrix: Any) -> Any:
    """The second part of ``numpy.linalg.slogdet``."""
    return np.linalg.slogdet(matrix)[1]


@primitive
def eigenvectors(matrix: Any, lower: bool = True) -> Any:
    """The second part of ``numpy.linalg.eigh``."""
    return np.linalg.eigh(matrix, "L" if lower else "U")[1]


@primitive
def qr_q(matrix: Any) -> Any:
    """The first part of the reduced ``numpy.linalg.qr``."""
    return np.linalg.qr(matrix)[0]


@primitive
def qr_r(matrix: Any) -> Any:
    """The second part of the reduced ``numpy.linalg.qr``."""
    return np.linalg.qr(matrix)[1]


@primitive
def left_singular_vectors(matrix: Any) -> Any:
    """The first part of the reduced ``numpy.linalg.svd``."""
    return np.linalg.svd(matrix, full_matrices=False)[0]


@primitive
def singular_values(matrix: Any) -> Any:
    """The second part of ``numpy.linalg.svd``."""
    return np.linalg.svd(matrix, compute_uv=False)


@primitive
def right_singular_vectors(matrix: Any) -> Any:
    """The third part of the reduced ``numpy.linalg.svd``, of shape (..., k, n)."""
    return np.linalg.svd(matrix, full_matrices=False)[2]


@primitive
def root_of_squares(array: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """``sqrt(sum(|array|^2))``, the Euclidean norm over some axes."""
    squares = np.real(array * np.conjugate(array)) if array.dtype.kind == "c" else array * array
    return np.sqrt(np.sum(squares, axis=axis, keepdims=keepdims))


@primitive
def pseudoinverse(matrix: Any) -> Any:
    """``numpy.linalg.pinv`` of a matrix whose rank does not change nearby."""
    return np.linalg.pinv(matrix)
