"""Factorizations and solves, with the parts that torch's derivatives are written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...errors import NotExtendable
from ...extended import to_float
from .operands import numbers, shape_of


def _no_info(a: Any) -> Any:
    return np.zeros(shape_of(a)[:-2], dtype=int)


def _factored(matrix: Any) -> tuple[Any, Any]:
    """L and U in one matrix, and LAPACK's pivots (from 1 on).

    Pivots are chosen on floats, and no decision: whichever they are, what is solved or multiplied with the
    factors is the same.
    """
    lu, count = np.copy(matrix), shape_of(matrix)[-1]
    pivots = np.zeros(count, dtype=int)
    for column in range(count):
        pivot = column + int(np.argmax(np.abs(to_float(lu[column:, column]))))
        pivots[column] = pivot + 1
        if pivot != column:
            lu[[column, pivot]] = lu[[pivot, column]]
        if np.any(to_float(lu[column:, column])):  # else it is singular, and LAPACK goes on
            factors = lu[column + 1 :, column] / lu[column, column]
            lu[column + 1 :, column] = factors
            lu[column + 1 :, column + 1 :] = (
                lu[column + 1 :, column + 1 :] - factors[:, None] * lu[column, column + 1 :]
            )
    return lu, pivots


def _lu(a: Any) -> tuple[Any, Any]:
    """LU factors and pivots of each matrix of a stack."""
    *stack, rows, columns = shape_of(a)
    if rows != columns:
        raise NotExtendable("torch's LU factors of oblong matrices are not supported.")
    factors, pivots = np.zeros_like(a), np.zeros((*stack, columns), dtype=int)
    for place in np.ndindex(*stack):
        factors[place], pivots[place] = _factored(a[place])
    return factors, pivots


def _lu_by_memory(a: Any, by_rows: bool) -> tuple[Any, Any]:
    """The factors of the transpose where the matrix stands row by row: so torch has it, and its derivatives know."""
    return _lu(np.swapaxes(a, -1, -2) if by_rows else a)


def _det(a: Any, *, by_rows: bool = True) -> tuple[Any, Any, Any]:
    return (np.linalg.det(a), *_lu_by_memory(a, by_rows))


def _slogdet(a: Any, *, by_rows: bool = True) -> tuple[Any, Any, Any, Any]:
    sign, logarithm = np.linalg.slogdet(a)
    return (sign, logarithm, *_lu_by_memory(a, by_rows))


def _solved(a: Any, b: Any, left: bool) -> Any:
    if left:
        return np.linalg.solve(a, b)
    return np.swapaxes(np.linalg.solve(np.swapaxes(a, -1, -2), np.swapaxes(b, -1, -2)), -1, -2)


def _solve(a: Any, b: Any, *, left: bool = True, **_: Any) -> tuple[Any, Any, Any, Any]:
    is_vector = len(shape_of(b)) == 1 or shape_of(b) == shape_of(a)[:-1]
    result = np.linalg.solve(a, b[..., None])[..., 0] if is_vector else _solved(a, b, left)
    return (result, *_lu(a), _no_info(a))


def _permutation(pivots: list[int], size: int) -> Any:
    """The order that the rows take when they are swapped one after the other."""
    rows = np.arange(size)
    for row, pivot in enumerate(pivots):
        rows[[row, pivot - 1]] = rows[[pivot - 1, row]]
    return rows


def _lu_unpack(factors: Any, pivots: Any, unpack_data: bool = True, unpack_pivots: bool = True) -> tuple[Any, Any, Any]:
    """Empty arrays for what is not asked for."""
    size = shape_of(factors)[-1]
    permutations = np.zeros(shape_of(factors))
    for place in np.ndindex(*shape_of(factors)[:-2]):
        rows = _permutation(np.asarray(pivots)[place].tolist(), size)
        permutations[place][rows, np.arange(size)] = 1
    lower, upper = np.tril(factors, -1) + np.eye(size), np.triu(factors)
    nothing = np.zeros(0)
    return permutations if unpack_pivots else nothing, *((lower, upper) if unpack_data else (nothing, nothing))


def _lu_solve(factors: Any, pivots: Any, b: Any, *, left: bool = True, adjoint: bool = False) -> Any:
    """Solved with the matrix that the factors and the swapped rows stand for."""
    size = shape_of(factors)[-1]
    whole = np.matmul(np.tril(factors, -1) + np.eye(size), np.triu(factors))
    for place in np.ndindex(*shape_of(factors)[:-2]):
        whole[place] = whole[place][np.argsort(_permutation(np.asarray(pivots)[place].tolist(), size))]
    return _solved(np.swapaxes(whole, -1, -2) if adjoint else whole, b, left)


def _triangular(a: Any, upper: bool, unitriangular: bool) -> Any:
    kept = np.triu(a, 1 if unitriangular else 0) if upper else np.tril(a, -1 if unitriangular else 0)
    return kept + np.eye(shape_of(a)[-1]) if unitriangular else kept


def _solve_triangular(a: Any, b: Any, *, upper: bool, left: bool = True, unitriangular: bool = False) -> Any:
    return _solved(_triangular(a, upper, unitriangular), b, left)


def _cholesky(a: Any, *, upper: bool = False, **_: Any) -> tuple[Any, Any]:
    return np.linalg.cholesky(a, upper=upper), _no_info(a)


def _cholesky_solve(b: Any, factor: Any, upper: bool = False) -> Any:
    kept = _triangular(factor, upper, False)
    turned = np.swapaxes(kept, -1, -2)
    return np.linalg.solve(np.matmul(turned, kept) if upper else np.matmul(kept, turned), b)


def _eigh(a: Any, triangle: Any = "L", _: bool = True) -> tuple[Any, Any]:
    values, vectors = np.linalg.eigh(a, triangle)
    return values, vectors


def _svd(a: Any, full_matrices: bool = False, _: bool = True, **__: Any) -> tuple[Any, Any, Any]:
    u, s, vh = np.linalg.svd(a, full_matrices=full_matrices)
    return u, s, vh


def _qr(a: Any, mode: Any = "reduced") -> tuple[Any, Any]:
    q, r = np.linalg.qr(a, mode)
    return q, r


LINALG: Mapping[str, Callable[..., Any]] = {
    "linalg_inv_ex": lambda a, **_: (np.linalg.inv(a), _no_info(a)),
    "_linalg_det": _det,
    "_linalg_slogdet": _slogdet,
    "_linalg_solve_ex": _solve,
    "linalg_lu_factor_ex": lambda a, **_: (*_lu(a), _no_info(a)),
    "linalg_lu_solve": _lu_solve,
    "lu_unpack": _lu_unpack,
    "linalg_solve_triangular": _solve_triangular,
    "linalg_cholesky_ex": _cholesky,
    "cholesky_solve": _cholesky_solve,
    "_linalg_eigh": _eigh,
    "_linalg_svd": _svd,
    "linalg_qr": _qr,
    "linalg_pinv": lambda a, **_: np.linalg.pinv(numbers(a)),
}
