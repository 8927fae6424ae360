"""Products of vectors, matrices and tensors: the derivative of ``A @ B`` with respect to ``A`` is ``. @ B``."""

from __future__ import annotations

import numpy as np

from ..linear import Array, LinearMap
from ..maps import broadcast, conjugated, left_multiply, reshape, right_multiply
from .definitions import defined_as
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
    """``d(A B) = dA B + A dB``

    In trace form, ``<dA B, ct> = tr((dA B)^T ct) = tr(dA^T ct B^T)``: the transpose of ``. @ B`` is ``. @ B.T``.
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


@defined_as(np.dot, "(n),(n)->()", "(m,n),(n,k)->", "(m,n),(n)->", "(b,m,n),(c,n,k)->", "(),(n)->")
def dot(a: Array, b: Array) -> Array:
    """``y_ij = sum_k a_ik b_kj``: the last axis of a times the last but one of b; a product with a number"""
    if 0 in (np.ndim(a), np.ndim(b)):
        return np.multiply(a, b)
    if max(np.ndim(a), np.ndim(b)) <= 2:
        return np.matmul(a, b)
    return np.tensordot(a, b, ([np.ndim(a) - 1], [max(np.ndim(b) - 2, 0)]))


@defined_as(np.vdot, "(n,m),(n,m)->()")
def vdot(a: Array, b: Array) -> Array:
    """the sum of the products of all elements, ``sum_i conj(a_i) b_i``"""
    return np.matmul(conjugated(np.ravel(a)), np.ravel(b))


@defined_as(np.outer, "(n),(m)->(n,m)")
def outer(a: Array, b: Array) -> Array:
    """all products of two elements: ``y_ij = a_i b_j``"""
    return np.ravel(a)[:, None] * np.ravel(b)[None, :]


@defined_as(np.vecdot, "(b,n),(n)->(b)")
def vecdot(x1: Array, x2: Array) -> Array:
    """inner products along the last axis, ``y_b = sum_i conj(x_bi) z_bi``"""
    return np.sum(conjugated(x1) * x2, axis=-1)


@defined_as(np.matvec, "(b,m,n),(n)->(b,m)")
def matvec(x1: Array, x2: Array) -> Array:
    """matrices times vectors, ``y_i = sum_j a_ij x_j``"""
    return np.matmul(x1, x2[..., None])[..., 0]


@defined_as(np.vecmat, "(m),(b,m,n)->(b,n)")
def vecmat(x1: Array, x2: Array) -> Array:
    """vectors times matrices, ``y_j = sum_i conj(x_i) a_ij``"""
    return np.matmul(conjugated(x1)[..., None, :], x2)[..., 0, :]


@defined_as(np.cross, "(n,3),(3)->", "(3),(3)->")
def cross(a: Array, b: Array, axis: int = -1) -> Array:
    """``a x b``, of vectors of three along an axis: ``y_i = a_(i+1) b_(i+2) - a_(i+2) b_(i+1)``"""
    one, two = np.moveaxis(a, axis, 0), np.moveaxis(b, axis, 0)
    parts = [one[(i + 1) % 3] * two[(i + 2) % 3] - one[(i + 2) % 3] * two[(i + 1) % 3] for i in range(3)]
    return np.stack(parts, axis)
