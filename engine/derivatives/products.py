"""Matrix products: the derivative of ``A @ B`` with respect to ``A`` is ``. @ B``."""

from __future__ import annotations

import numpy as np

from ..linear import Array, LinearMap
from ..maps import broadcast, left_multiply, reshape, right_multiply
from .rules import derivative_of

Two = tuple[LinearMap, LinearMap]


@derivative_of(
    np.matmul,
    "(m,k),(k,n)->(m,n)",
    "(k),(k)->()",
    "(k),(k,n)->(n)",
    "(m,k),(k)->(m)",
    "(b,m,k),(k,n)->(b,m,n)",
    "(m,k),(b,1,k,n)->(b,1,m,n)",
    "(b,m,k),(k)->(b,m)",
    "(b,m,k),(1,k,n)->(b,m,n)",
)
def matmul(y: Array, a: Array, b: Array) -> Two:
    """d(A B) = dA B + A dB.

    In trace form, <dA B, ct> = tr((dA B)^T ct) = tr(dA^T ct B^T): the transpose of ``. @ B`` is ``. @ B.T``.
    A vector is a row on the left and a column on the right; a stack of matrices multiplies each one.
    """
    if a.ndim == b.ndim == 2:
        return right_multiply(b), left_multiply(a)
    row, column = a.reshape(1, -1) if a.ndim == 1 else a, b.reshape(-1, 1) if b.ndim == 1 else b
    stack = np.broadcast_shapes(row.shape[:-2], column.shape[:-2])
    product = reshape((*stack, row.shape[-2], column.shape[-1]), y.shape)

    def stacked(argument: Array, matrix: Array) -> LinearMap:
        return broadcast(matrix.shape, (*stack, *matrix.shape[-2:])) @ reshape(argument.shape, matrix.shape)

    return product @ right_multiply(column) @ stacked(a, row), product @ left_multiply(row) @ stacked(b, column)
