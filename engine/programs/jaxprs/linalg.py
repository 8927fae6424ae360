"""jax's factorizations and solves that have one answer: LU with pivots, Cholesky's factor, triangular systems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...extended import each, midpoints, stripped, wrap
from ...extended.lifting import filled
from .shapes import Plain


def _lu(x: Any, **_: Any) -> tuple[Plain, Plain, Plain]:
    """Both factors in one matrix, the row that was swapped at each step, and the order of the rows."""
    matrices = stripped(x).copy()
    *stack, rows, columns = matrices.shape
    pivots = np.zeros((*stack, min(rows, columns)), dtype=np.int32)
    order = np.broadcast_to(np.arange(rows, dtype=np.int32), (*stack, rows)).copy()
    for place in np.ndindex(*stack):
        _eliminate(matrices[place], pivots[place], order[place])
    return matrices, pivots, order


def _eliminate(matrix: Plain, pivots: Plain, order: Plain) -> None:
    """One matrix in place, with the largest pivots: whichever they are, what is solved with them is the same."""
    for k in range(len(pivots)):
        sizes = each(abs, midpoints(matrix[k:, k]))
        pivot = k + max(range(len(sizes)), key=lambda i: sizes[i])
        pivots[k] = pivot
        if pivot != k:
            matrix[[k, pivot]], order[[k, pivot]] = matrix[[pivot, k]], order[[pivot, k]]
        if matrix[k, k] != 0:
            matrix[k + 1 :, k] = matrix[k + 1 :, k] / matrix[k, k]
        rest = np.multiply.outer(matrix[k + 1 :, k], matrix[k, k + 1 :])
        matrix[k + 1 :, k + 1 :] = matrix[k + 1 :, k + 1 :] - rest


def _permutation(pivots: Any, *, permutation_size: int, **_: Any) -> Plain:
    """The order of the rows that a sequence of swaps leaves."""
    order = np.broadcast_to(np.arange(permutation_size, dtype=np.int32), (*pivots.shape[:-1], permutation_size)).copy()
    for place in np.ndindex(*pivots.shape[:-1]):
        for k, pivot in enumerate(pivots[place].tolist()):
            order[place][[k, pivot]] = order[place][[pivot, k]]
    return order


def _triangular_solve(
    a: Any, b: Any, *, left_side: bool, lower: bool, transpose_a: bool, unit_diagonal: bool, **_: Any
) -> Any:
    """``x`` in ``op(a) x = b``, or ``x op(a) = b``; the other triangle of ``a`` is not read."""
    plain = stripped(a)
    n = plain.shape[-1]
    below = np.tri(n, dtype=bool)
    matrix = np.where(below if lower else below.T, plain, filled((), 0))
    if unit_diagonal:
        matrix[..., np.arange(n), np.arange(n)] = filled((), 1)[()]
    # Three times over: the order of op, and that of a product whose right factor is known.
    if transpose_a:
        matrix = np.swapaxes(matrix, -1, -2)
    if left_side:
        return np.linalg.solve(wrap(matrix), b)
    turned = np.swapaxes(stripped(b), -1, -2)
    return np.swapaxes(stripped(np.linalg.solve(wrap(np.swapaxes(matrix, -1, -2)), wrap(turned))), -1, -2)


FACTORIZATIONS: Mapping[str, Any] = {
    "lu": _lu,
    "lu_pivots_to_permutation": _permutation,
    "cholesky": lambda x, **_: np.linalg.cholesky(x),
    "triangular_solve": _triangular_solve,
}
