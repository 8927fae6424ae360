"""Linear algebra: solves, determinants, factorizations and norms."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import primitives
from ..domains import Interval, Invertible
from ..errors import MissingDerivative
from ..linear import Array, LinearMap, identity
from ..maps import (
    broadcast,
    is_complex,
    left_multiply,
    negate,
    permute,
    real_part,
    reshape,
    right_multiply,
    scale,
    solve,
    sum_over,
    swap,
)
from ..options import Choice
from .definitions import defined_as, last_of
from .rules import derivative_of

Two = tuple[LinearMap, LinearMap]
INVERTIBLE = {"a": Invertible()}
SLOGDET: Any = type(np.linalg.slogdet(np.eye(1)))


@derivative_of(np.linalg.inv, "(n,n)->(n,n)", domain=INVERTIBLE)
def inv(y: Array, a: Array) -> LinearMap:
    """``A A^-1 = 1``, so ``dA A^-1 + A d(A^-1) = 0`` and ``d(A^-1) = -A^-1 dA A^-1``"""
    return negate() @ left_multiply(y) @ right_multiply(y)


@derivative_of(np.linalg.solve, "(n,n),(n,k)->(n,k)", "(n,n),(n)->(n)", "(n,n),(b,n,k)->(b,n,k)", domain=INVERTIBLE)
def solve_(y: Array, a: Array, b: Array) -> Two:
    """``A y = b``, so ``dA y + A dy = db`` and ``dy = A^-1 (db - dA y)``; a vector b is a column"""
    column, result = (b.reshape(-1, 1), y.reshape(-1, 1)) if b.ndim == 1 else (b, y)
    stack = result.shape[:-2]
    whole = np.broadcast_to(a, (*stack, *a.shape[-2:]))
    back = reshape(result.shape, y.shape) @ solve(whole)
    of_a = negate() @ right_multiply(result) @ broadcast(a.shape, whole.shape)
    return back @ of_a, back @ broadcast(column.shape, result.shape) @ reshape(b.shape, column.shape)


@derivative_of(np.linalg.det, "(n,n)->()", domain=INVERTIBLE)
def det(y: Array, a: Array) -> LinearMap:
    """``d(det A) = det A tr(A^-1 dA)``, the sum of the products of ``dA`` and ``det A A^-T``"""
    return _trace(a) @ scale(lambda: y[..., None, None] * swap(np.linalg.inv(a)))


@derivative_of(primitives.log_abs_det, "(n,n)->()", domain=INVERTIBLE)
def log_abs_det(y: Array, a: Array) -> LinearMap:
    """``d(log |det A|) = Re tr(A^-1 dA)``, the sum of the products of ``dA`` and ``A^-T``"""
    trace = _trace(a) @ scale(lambda: swap(np.linalg.inv(a)))
    return real_part() @ trace if is_complex(a) else trace


def _trace(a: Array) -> LinearMap:
    """The sum over each matrix, behind an elementwise product: ``tr(G^T dA) = sum_ij G_ij dA_ij``."""
    return sum_over(a.shape, (a.ndim - 2, a.ndim - 1))


@defined_as(np.linalg.slogdet, "(n,n)->()", call=last_of, domain=INVERTIBLE)
def slogdet(a: Array) -> Any:
    """the sign of the determinant (of real matrices a constant), and the logarithm of its size"""
    return SLOGDET(np.sign(np.linalg.det(a)), primitives.log_abs_det(a))


@derivative_of(primitives.pseudoinverse, part_of=np.linalg.pinv)
def pseudoinverse(y: Array, a: Array) -> LinearMap:
    """``d(A^+) = -A^+ dA A^+ + (1 - A^+ A) dA^T A^+^T A^+ + A^+ A^+^T dA^T (1 - A A^+)``

    This holds where the rank does not change. Source: G. H. Golub and V. Pereyra, SIAM J. Numer.
    Anal. 10 (1973), 413-432, theorem 4.3.
    """
    must_be_real(a, "pinv")
    turned, rest = swap(y), swapped(a)
    first = negate() @ left_multiply(y) @ right_multiply(y)
    second = right_multiply(turned @ y) @ without(y @ a) @ rest
    third = without_right(a @ y) @ left_multiply(y @ turned) @ rest
    return first + second + third


@defined_as(
    np.linalg.pinv,
    "(3,3),(2,3)->",
    "(n,n)->",
    call=lambda pinv, *rows: pinv(np.concatenate(rows)),
    domain={**INVERTIBLE, "b": Interval(-3.0, 3.0)},
)
def pinv(a: Array) -> Array:
    """the inverse where there is one, and of least norm where there is none"""
    return primitives.pseudoinverse(a)


def must_be_real(a: Array, name: str) -> None:
    """Raise MissingDerivative for complex matrices, where a conjugate would stand beside each transpose."""
    if is_complex(a):
        raise MissingDerivative(f"np.linalg.{name} of complex matrices has no derivative rule; np.linalg.solve has.")


def swapped(a: Array) -> LinearMap:
    """``M -> M^T`` for the matrices of a stack like ``a``."""
    return permute((*range(a.ndim - 2), a.ndim - 1, a.ndim - 2))


def without(projection: Array) -> LinearMap:
    """``dx -> (1 - P) dx``"""
    return identity + negate() @ left_multiply(projection)


def without_right(projection: Array) -> LinearMap:
    """``dx -> dx (1 - P)``"""
    return identity + negate() @ right_multiply(projection)


@defined_as(np.linalg.matrix_power, "(n,n)->(n,n)", domain=INVERTIBLE, options={"n": Choice((2, 0, 1, 3, -1))})
def matrix_power(a: Array, n: int) -> Array:
    """``A^n``: the matrix times itself, or its inverse, n times"""
    base = np.linalg.inv(a) if n < 0 else a
    power = 0 * a + np.eye(a.shape[-1], dtype=a.dtype)
    for _ in range(abs(n)):
        power = np.matmul(power, base)
    return power


@defined_as(np.trace, "(n,m)->()", "(n,m,k)->(k)")
def trace(a: Array, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Array:
    """the sum of the diagonal, ``sum_i a_ii``"""
    return np.sum(np.diagonal(a, offset, axis1, axis2), axis=-1)


@defined_as(np.linalg.matmul, "(m,k),(k,n)->(m,n)")
def matmul(x1: Array, x2: Array) -> Array:
    """``x1 @ x2``"""
    return np.matmul(x1, x2)
