"""Solves with the matrix fixed."""

from __future__ import annotations

import numpy as np

from .. import notation
from ..domains import Invertible
from ..linear import Array, LinearMap
from .products import swap
from .vocabulary import linear_map


@linear_map("(n,n),(n,k)", domain={"a": Invertible()})
def solve(a: Array) -> LinearMap:
    """``dx -> a^-1 @ dx`` for an invertible ``a`` of shape (..., n, n); its transpose solves with ``a.T``."""
    return LinearMap(
        lambda dx: np.linalg.solve(a, dx),
        lambda ct: np.linalg.solve(swap(a), ct),
        lambda: (notation.left(_inverse(a)), notation.left(_inverse(swap(a)))),
    )


def _inverse(a: Array) -> notation.Text:
    text = notation.operand(a)
    return notation.Text(f"{text[:-2]}^-1.T" if text.endswith(".T") else f"{text}^-1")
