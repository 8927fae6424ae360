"""Running sums and products: first-order linear recurrences."""

from __future__ import annotations

import numpy as np

from .. import notation
from ..linear import Array, LinearMap
from .vocabulary import linear_map


@linear_map("(n,m),(n,m)")
def recurrence(factor: Array) -> LinearMap:
    """``dx -> z`` with z[i] = factor[i] z[i-1] + dx[i] along the first axis; its transpose runs from the end."""

    def apply(dx: Array) -> Array:
        rows = [dx[:1]]
        for i in range(1, dx.shape[0]):
            rows.append(factor[i : i + 1] * rows[-1] + dx[i : i + 1])
        return np.concatenate(rows)

    def apply_transpose(ct: Array) -> Array:
        last = ct.shape[0] - 1
        rows = [ct[last:]]
        for i in range(last, 0, -1):
            rows.append(ct[i - 1 : i] + product_with_zeros(factor[i : i + 1], rows[-1]))
        return np.concatenate(rows[::-1])

    return LinearMap(
        apply,
        apply_transpose,
        lambda: (
            notation.named(f"recurrence with {notation.operand(factor)}"),
            notation.named(f"recurrence with {notation.operand(factor)} from the end"),
        ),
    )


def product_with_zeros(factor: Array, total: Array) -> Array:
    """``factor * total``, and 0 where the factor is zero and the total has overflowed, which is no infinity."""
    return factor * np.where((factor == 0) & ~np.isfinite(total), 0, total)
