"""Matrix products, contractions and solves with one operand fixed."""

from __future__ import annotations

import numpy as np

from .. import notation
from ..linear import Array, LinearMap
from ..options import Choice
from .vocabulary import linear_map


def swap(matrix: Array) -> Array:
    """The transposed matrix, or each of a stack."""
    last = matrix.ndim - 1
    return matrix.T if last == 1 else np.transpose(matrix, (*range(last - 1), last, last - 1))


@linear_map("(m,k),(k,n)")
def left_multiply(a: Array) -> LinearMap:
    """``dx -> a @ dx`` for ``a`` of shape (..., m, k); its transpose is ``ct -> a.T @ ct``."""
    return LinearMap(
        lambda dx: a @ dx,
        lambda ct: swap(a) @ ct,
        lambda: (notation.left(a), notation.left(swap(a))),
    )


@linear_map("(k,n),(m,k)")
def right_multiply(b: Array) -> LinearMap:
    """``dx -> dx @ b`` for ``b`` of shape (..., k, n); its transpose is ``ct -> ct @ b.T``."""
    return LinearMap(
        lambda dx: dx @ b,
        lambda ct: ct @ swap(b),
        lambda: (notation.right(b), notation.right(swap(b))),
    )


@linear_map("(m,k),(n,k)", subscripts=Choice(("ij,kj->ik", "ij,kj->ki", "ij,kj->k", "ij,kj->ijk")))
def contract(a: Array, subscripts: str) -> LinearMap:
    """``dx -> einsum(subscripts, a, dx)``; every letter of ``dx`` stands in the output or in ``a``."""
    (of_a, of_dx), of_output = _letters(subscripts)
    back = f"{of_a},{of_output}->{of_dx}"
    return LinearMap(
        lambda dx: np.einsum(subscripts, a, dx),
        lambda ct: np.einsum(back, a, ct),
        lambda: (notation.named(f"einsum {subscripts}"), notation.named(f"einsum {back}")),
    )


def _letters(subscripts: str) -> tuple[list[str], str]:
    operands, output = subscripts.split("->")
    return operands.split(","), output
