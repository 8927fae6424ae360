"""Products of vectors, matrices and tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import NotExtendable
from ..einsum import einsum as sum_of_products
from ..lifting import entered, filled, lifted
from ..ufuncs import matmul
from .dispatching import implements, numbers_only


@implements(np.dot)
def dot(a: Any, b: Any, out: Any = None) -> Any:
    one, two = lifted(entered(a)), lifted(entered(b))
    if 0 in (one.ndim, two.ndim):
        return one * two
    if max(one.ndim, two.ndim) <= 2:
        return matmul(one, two)
    return tensordot(one, two, axes=([-1], [max(two.ndim - 2, 0)]))


@implements(np.linalg.matmul)
def matmul_(x1: Any, x2: Any, /) -> Any:
    return matmul(lifted(entered(x1)), lifted(entered(x2)))


@implements(np.vdot)
def vdot(a: Any, b: Any, /) -> Any:
    return dot(lifted(entered(a)).ravel(), lifted(entered(b)).ravel())


@implements(np.inner)
def inner(a: Any, b: Any, /) -> Any:
    one, two = lifted(entered(a)), lifted(entered(b))
    return one * two if 0 in (one.ndim, two.ndim) else tensordot(one, two, axes=([-1], [-1]))


@implements(np.outer)
def outer(a: Any, b: Any, out: Any = None) -> Any:
    return lifted(entered(a)).ravel()[:, None] * lifted(entered(b)).ravel()[None, :]


@implements(np.tensordot)
def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    one, two = lifted(entered(a)), lifted(entered(b))
    if isinstance(axes, int | np.integer):
        pairs = [list(range(one.ndim - int(axes), one.ndim)), list(range(int(axes)))]
    else:
        pairs = [np.asarray(part, dtype=int).ravel().tolist() for part in axes]
    rows, columns = ([axis % array.ndim for axis in part] for array, part in zip((one, two), pairs, strict=True))
    kept_one = [axis for axis in range(one.ndim) if axis not in rows]
    kept_two = [axis for axis in range(two.ndim) if axis not in columns]
    if [one.shape[axis] for axis in rows] != [two.shape[axis] for axis in columns]:
        raise ValueError(f"shape-mismatch for sum: {one.shape} and {two.shape} over axes {axes}")
    inner_size = int(np.prod([one.shape[axis] for axis in rows], dtype=int))
    left_shape, right_shape = [one.shape[axis] for axis in kept_one], [two.shape[axis] for axis in kept_two]
    left = np.transpose(one, kept_one + rows).reshape(int(np.prod(left_shape, dtype=int)), inner_size)
    right = np.transpose(two, columns + kept_two).reshape(inner_size, int(np.prod(right_shape, dtype=int)))
    return matmul(left, right).reshape(left_shape + right_shape)


@implements(np.einsum)
def einsum(
    subscripts: Any,
    *operands: Any,
    out: Any = None,
    dtype: Any = None,
    order: str = "K",
    casting: str = "safe",
    optimize: Any = False,
) -> Any:
    if not isinstance(subscripts, str):
        raise NotExtendable("np.einsum with lists of axes is not supported on extended arrays; write a string.")
    return sum_of_products(subscripts, [lifted(entered(operand)) for operand in operands])


@implements(np.kron)
def kron(a: Any, b: Any) -> Any:
    one, two = lifted(entered(a)), lifted(entered(b))
    rank = max(one.ndim, two.ndim)
    one, two = (array.reshape((1,) * (rank - array.ndim) + array.shape) for array in (one, two))
    spread = one.reshape([size for n in one.shape for size in (n, 1)]) * two.reshape(
        [size for n in two.shape for size in (1, n)]
    )
    return spread.reshape([m * n for m, n in zip(one.shape, two.shape, strict=True)])


@implements(np.cross)
def cross(a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    return numbers_only(np.cross(lifted(entered(a)), lifted(entered(b)), axisa, axisb, axisc, axis))


@implements(np.convolve)
def convolve(a: Any, v: Any, mode: Any = "full") -> Any:
    one, two = lifted(entered(a)), lifted(entered(v))
    if two.size > one.size:
        one, two = two, one
    full = filled((one.size + two.size - 1,), 0)
    for shift in range(two.size):
        full[shift : shift + one.size] = full[shift : shift + one.size] + one * two[shift]
    if mode == "full":
        return full
    size = one.size if mode == "same" else one.size - two.size + 1
    start = (full.size - size) // 2 if mode == "same" else two.size - 1
    return full[start : start + size]


@implements(np.correlate)
def correlate(a: Any, v: Any, mode: Any = "valid") -> Any:
    one, two = lifted(entered(a)), lifted(entered(v))
    result = convolve(one, two[::-1], mode)
    return result[::-1] if two.size > one.size else result
