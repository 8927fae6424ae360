"""Factorizations of matrices: Cholesky, eigenvalues, singular values, QR."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import primitives
from ..domains import Interval, Invertible, positive_definite, symmetric
from ..linear import Array, LinearMap, identity
from ..maps import (
    divide_by,
    left_multiply,
    negate,
    right_multiply,
    scale,
    solve,
    sum_over,
    swap,
)
from .definitions import defined_as
from .linalg import must_be_real, swapped, without
from .rules import derivative_of

EIGH: Any = type(np.linalg.eigh(np.eye(1)))


QR: Any = type(np.linalg.qr(np.eye(1)))


SVD: Any = type(np.linalg.svd(np.eye(1)))


@derivative_of(np.linalg.cholesky, "(n,n)->(n,n)", domain={"a": positive_definite})
def cholesky(y: Array, a: Array) -> LinearMap:
    """``A = L L^T``, so ``dA = dL L^T + L dL^T`` and ``L^-1 dL + (L^-1 dL)^T = L^-1 dA L^-T``.

    So ``dL`` is L times the lower half of ``L^-1 dA L^-T = L^-1 (L^-1 dA^T)^T``, with half of its diagonal.
    Source of the argument: S. F. Walter, "Structured higher-order algorithmic differentiation", dissertation, HU
    Berlin 2011, section 3.2.
    """
    must_be_real(a, "cholesky")
    half = np.tril(np.ones(a.shape[-2:])) - np.eye(a.shape[-1]) / 2
    return left_multiply(y) @ scale(half.astype(a.dtype)) @ solve(y) @ swapped(a) @ solve(y)


@derivative_of(np.linalg.eigvalsh, part_of=np.linalg.eigh)
def eigvalsh(y: Array, a: Array, UPLO: Any = "L") -> LinearMap:  # noqa: N803  # NumPy's own name
    """``A v = w v`` with ``v^T v = 1``, so ``dw = v^T dA v`` for each eigenvector v, the columns of V"""
    must_be_real(a, "eigvalsh")
    v = primitives.eigenvectors(a, UPLO == "L")
    return sum_over(a.shape, a.ndim - 2) @ scale(v) @ right_multiply(v)


@derivative_of(primitives.eigenvectors, part_of=np.linalg.eigh)
def eigenvectors(y: Array, matrix: Array, lower: bool = True) -> LinearMap:
    """``dV = V (F * (V^T dA V))``, with ``F_ij = 1 / (w_j - w_i)`` beside the diagonal.

    From ``dA V + A dV = dV W + V dW``, multiplied by ``V^T``. It exists where no two
    eigenvalues are equal.
    """
    must_be_real(matrix, "eigh")
    w = np.linalg.eigvalsh(matrix)
    gaps = w[..., None, :] - w[..., :, None]
    factors = np.where(gaps == 0, 0, 1 / np.where(gaps == 0, 1, gaps))
    return left_multiply(y) @ scale(factors) @ left_multiply(swap(y)) @ right_multiply(y)


def _values_and_squares(eigh: Any, a: Array) -> Array:
    """Eigenvalues, and the squares of eigenvectors (which have no sign), of a matrix whose eigenvalues are apart."""
    values, vectors = eigh(a + np.diag([0.0, 30.0, 70.0]).astype(a.dtype))
    return np.concatenate([values[None], vectors**2])


@defined_as(np.linalg.eigh, "(3,3)->", call=_values_and_squares, domain={"a": symmetric})
def eigh(a: Array, UPLO: Any = "L") -> Any:  # noqa: N803  # NumPy's own name
    """eigenvalues and eigenvectors of a symmetric matrix: ``A V = V W``"""
    return EIGH(np.linalg.eigvalsh(a, UPLO), primitives.eigenvectors(a, UPLO == "L"))


@derivative_of(primitives.singular_values, part_of=np.linalg.svdvals)
def singular_values(y: Array, matrix: Array) -> LinearMap:
    """``ds = u^T dA v`` for each pair of singular vectors u and v"""
    must_be_real(matrix, "svd")
    u, vt = primitives.left_singular_vectors(matrix), primitives.right_singular_vectors(matrix)
    return sum_over(u.shape, u.ndim - 2) @ scale(u) @ right_multiply(swap(vt))


def _apart(a: Array) -> Array:
    """A matrix of small numbers, moved to where its singular values are well apart."""
    return a + (np.eye(*a.shape) * np.array([20.0, 40.0, 70.0])[: a.shape[1]]).astype(a.dtype)


@defined_as(
    np.linalg.svdvals,
    "(4,3)->",
    "(2,3)->",
    call=lambda svdvals, a: svdvals(_apart(a)),
    domain={"a": Interval(-3.0, 3.0)},
)
def svdvals(x: Array) -> Array:
    """the singular values"""
    return primitives.singular_values(x)


@derivative_of(primitives.left_singular_vectors, part_of=np.linalg.svd)
def left_singular_vectors(y: Array, matrix: Array) -> LinearMap:
    """``dU = U (F * (M S + S M^T)) + (1 - U U^T) dA V S^-1``, with ``M = U^T dA V``, ``F_ij = 1 / (s_j^2 - s_i^2)``.

    From ``dA V = dU S + U dS - U S dV^T V``, where ``U^T dU`` and ``V^T dV`` are skew.
    """
    must_be_real(matrix, "svd")
    s, vt = np.linalg.svdvals(matrix), primitives.right_singular_vectors(matrix)
    return _vectors(y, s, swap(vt))


@derivative_of(primitives.right_singular_vectors, part_of=np.linalg.svd)
def right_singular_vectors(y: Array, matrix: Array) -> LinearMap:
    """``A^T = V S U^T``: the right vectors are the left ones of ``A^T``"""
    must_be_real(matrix, "svd")
    s, u = np.linalg.svdvals(matrix), primitives.left_singular_vectors(matrix)
    return swapped(y) @ _vectors(swap(y), s, u) @ swapped(matrix)


def _vectors(u: Array, s: Array, v: Array) -> LinearMap:
    """``dA -> dU``"""
    row, column = s[..., None, :], s[..., :, None]
    gaps = (row - column) * (row + column)
    factors = np.where(gaps == 0, 0, 1 / np.where(gaps == 0, 1, gaps))
    square = scale(row) + scale(column) @ swapped(factors)
    within = left_multiply(u) @ scale(factors) @ square @ left_multiply(swap(u)) @ right_multiply(v)
    return within + without(u @ swap(u)) @ divide_by(row) @ right_multiply(v)


def _squared_singular(part: int) -> Any:
    """Squares of singular vectors, of a matrix whose singular values are well apart."""
    return lambda svd, a: svd(_apart(a), full_matrices=False)[part] ** 2


@defined_as(np.linalg.svd, "(4,3)->", "(2,3)->", call=_squared_singular(0), domain={"a": Interval(-3.0, 3.0)})
def svd(a: Array, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    """left singular vectors, singular values, right singular vectors: ``A = U S V^T``"""
    values = primitives.singular_values(a)
    if not compute_uv:
        return values
    if full_matrices and a.shape[-1] != a.shape[-2]:
        raise NotImplementedError("the vectors that complete a basis have no derivative; use full_matrices=False")
    return SVD(primitives.left_singular_vectors(a), values, primitives.right_singular_vectors(a))


@derivative_of(primitives.qr_r, part_of=np.linalg.qr)
def qr_r(y: Array, matrix: Array) -> LinearMap:
    """``dR = (M - O) R`` with ``M = Q^T dA R^-1`` and O its skew part: the lower triangle less that one's transpose.

    From ``dA = dQ R + Q dR``: ``Q^T dQ = O`` is skew and ``dR R^-1 = M - O`` is upper triangular.
    """
    must_be_real(matrix, "qr")
    q = primitives.qr_q(matrix)
    inverse = np.linalg.inv(y)
    return right_multiply(y) @ (identity + negate() @ _skew(y)) @ left_multiply(swap(q)) @ right_multiply(inverse)


@derivative_of(primitives.qr_q, part_of=np.linalg.qr)
def qr_q(y: Array, matrix: Array) -> LinearMap:
    """``dQ = Q O + (1 - Q Q^T) dA R^-1``, with O as for R"""
    must_be_real(matrix, "qr")
    inverse = np.linalg.inv(primitives.qr_r(matrix))
    turned = left_multiply(y) @ _skew(inverse) @ left_multiply(swap(y))
    return (turned + without(y @ swap(y))) @ right_multiply(inverse)


def _skew(square: Array) -> LinearMap:
    """``M -> O``: the strictly lower triangle of M, less its transpose."""
    below = np.tril(np.ones(square.shape[-2:]), -1).astype(square.dtype)
    return (identity + negate() @ swapped(square)) @ scale(below)


def _both_factors(qr: Any, *rows: Array) -> Array:
    """The squares of Q above those of R, where signs are free; an invertible matrix stands in the upper rows."""
    return np.concatenate(list(qr(np.concatenate(rows)))) ** 2


@defined_as(
    np.linalg.qr,
    "(3,3),(2,3)->",
    "(n,n)->",
    call=_both_factors,
    domain={"a": Invertible(), "b": Interval(-3.0, 3.0)},
)
def qr(a: Array, mode: str = "reduced") -> Any:
    """``a = q r`` with ``q^T q = 1`` and r upper triangular"""
    return primitives.qr_r(a) if mode == "r" else QR(primitives.qr_q(a), primitives.qr_r(a))
