"""The affine layer."""

from __future__ import annotations

from typing import Any

from ..subjects import layer

Array = Any


@layer("(n,i),(i,o),(o)->(n,o)", batch="n")
def affine(x: Array, w: Array, b: Array) -> Array:
    """``x @ w + b``: each row of x, mapped by w and shifted by b."""
    return x @ w + b


@affine.pullback
def affine(x: Array, w: Array, b: Array) -> Any:
    """Differential: ``dy = dx w + x dw + 1 db``, with ``1`` a column of ones.

    Trace form: ``tr(ct^T dy) = tr(w ct^T dx) + tr(ct^T x dw) + (1^T ct) db``, because ``tr(A B) = tr(B A)``.
    Gradient: ``ct w^T`` for x, ``x^T ct`` for w, the column sums ``1^T ct`` for b.
    """
    return x @ w + b, lambda ct: (ct @ w.T, x.T @ ct, ct.sum(axis=0))
