"""Factorizations of one matrix of extended-precision numbers, to the precision in force."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arithmetic import Objects, active
from ..lifting import each, filled, midpoints
from ..ufuncs import matmul

_MOST_SWEEPS = 60  # Jacobi's iterations converge quadratically; ten are usual at 256 bits


def determinant(matrix: Objects) -> Any:
    """By elimination with the largest pivots."""
    rows, sign = matrix.copy(), 1
    value = active().lift(1)
    for k in range(len(rows)):
        sizes = each(abs, midpoints(rows[k:, k]))
        pivot = k + max(range(len(sizes)), key=lambda i: sizes[i])
        if active().is_zero(np.asarray(rows[pivot, k], dtype=object)):
            return active().lift(0)
        if pivot != k:
            rows[[k, pivot]] = rows[[pivot, k]]
            sign = -sign
        value = value * rows[k, k]
        rows[k + 1 :, k:] = rows[k + 1 :, k:] - np.multiply.outer(rows[k + 1 :, k] / rows[k, k], rows[k, k:])
    return value * sign


def cholesky(matrix: Objects) -> Objects:
    """The lower triangular factor; like NumPy, it reads the lower triangle alone.

    Raises LinAlgError where the matrix is not positive definite.
    """
    n = len(matrix)
    factor = filled((n, n), 0)
    root = active().elementwise[np.sqrt]
    for j in range(n):
        left = factor[j, :j]
        square = matrix[j, j] - np.add.reduce(left * left, initial=active().lift(0))
        if not square > 0:
            raise np.linalg.LinAlgError("Matrix is not positive definite")
        factor[j, j] = root(np.asarray(square, dtype=object))
        for i in range(j + 1, n):
            rest = matrix[i, j] - np.add.reduce(factor[i, :j] * left, initial=active().lift(0))
            factor[i, j] = rest / factor[j, j]
    return factor


def orthogonal_triangular(matrix: Objects) -> tuple[Objects, Objects]:
    """``q, r`` of the reduced factorization by Householder's reflections, with the signs that LAPACK gives.

    Source: Golub and Van Loan, Matrix Computations, 5.2.
    """
    rows, columns = matrix.shape
    count = min(rows, columns)
    r, q = matrix.copy(), filled((rows, rows), 0)
    q[np.arange(rows), np.arange(rows)] = active().lift(1)
    for k in range(min(count, rows - 1)):
        normal = r[k:, k].copy()
        length = active().elementwise[np.sqrt](np.asarray(np.add.reduce(normal * normal), dtype=object))
        if active().is_zero(np.asarray(length, dtype=object)):
            continue
        normal[0] = normal[0] + length if normal[0] >= 0 else normal[0] - length
        scale = 2 / np.add.reduce(normal * normal)
        for target in (r, q):
            rest = target[k:]
            rest[...] = rest - np.multiply.outer(normal * scale, matmul(normal[None, :], rest)[0])
    below = np.tri(count, columns, k=-1, dtype=bool)
    return q.T[:, :count], np.where(below, active().lift(0), r[:count])


def symmetric_eigen(matrix: Objects) -> tuple[Objects, Objects]:
    """Eigenvalues in ascending order and orthonormal eigenvectors in columns, by Jacobi's rotations.

    Each eigenvector's largest entry is positive: its sign is nobody's choice. Source: Golub and Van Loan,
    Matrix Computations, 8.5.
    """
    n = len(matrix)
    a, vectors = matrix.copy(), filled((n, n), 0)
    vectors[np.arange(n), np.arange(n)] = active().lift(1)
    for _ in range(_MOST_SWEEPS):
        if _is_diagonal(a):
            break
        for p in range(n):
            for q in range(p + 1, n):
                _rotate(a, vectors, p, q)
    values = np.diagonal(a).copy()
    order = sorted(range(n), key=lambda i: midpoints(values)[i])
    vectors = vectors[:, order]
    for j in range(n):
        sizes = each(abs, midpoints(vectors[:, j]))
        if vectors[max(range(n), key=lambda i: sizes[i]), j] < 0:
            vectors[:, j] = -vectors[:, j]
    return values[order], vectors


def _is_diagonal(a: Objects) -> bool:
    """Whether what stands off the diagonal is lost in the rounding of the precision in force."""
    sizes = each(abs, midpoints(a))
    total = np.add.reduce(sizes, axis=None, initial=active().lift(0))
    off = total - np.add.reduce(np.diagonal(sizes), initial=active().lift(0))
    return not (total + off * off > total) if total > 0 else True


def _rotate(a: Objects, vectors: Objects, p: int, q: int) -> None:
    """Make ``a[p, q]`` zero by a rotation in the plane of p and q."""
    if active().is_zero(np.asarray(a[p, q], dtype=object)):
        return
    root = active().elementwise[np.sqrt]
    theta = (a[q, q] - a[p, p]) / (2 * a[p, q])
    size = root(np.asarray(theta * theta + 1, dtype=object))
    tangent = 1 / (theta + size) if theta >= 0 else 1 / (theta - size)
    cosine = 1 / root(np.asarray(tangent * tangent + 1, dtype=object))
    sine = tangent * cosine
    for rows in (a.T, a, vectors.T):
        one, other = rows[p].copy(), rows[q].copy()
        rows[p], rows[q] = cosine * one - sine * other, sine * one + cosine * other
    a[p, q] = a[q, p] = active().lift(0)


def singular_values(matrix: Objects) -> tuple[Objects, Objects, Objects]:
    """``u, s, vt`` of the reduced decomposition of a matrix of full rank, from the eigenvectors of its square."""
    rows, columns = matrix.shape
    if rows < columns:
        u, s, vt = singular_values(matrix.T)
        return vt.T, s, u.T
    squares, v = symmetric_eigen(matmul(matrix.T, matrix))
    s = active().elementwise[np.sqrt](squares[::-1])
    v = v[:, ::-1]
    u = matmul(matrix, v) / s
    return u, s, v.T
