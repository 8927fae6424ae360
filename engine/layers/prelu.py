"""The rectified linear unit with a learned slope."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(n,c),(c)->(n,c)", batch="n")
def prelu(x: Any, a: Any) -> Any:
    """``x`` where ``x > 0`` and ``a * x`` elsewhere, with one slope a column, which is the derivative at 0, too.

    x has shape (n, c), and a has shape (c).
    """
    return np.where(x > 0, x, a * x)


@prelu.pullback
def prelu(x: Any, a: Any) -> Any:
    """Differential: where x is positive, ``dy = dx``; elsewhere, ``dy = a * dx + x * da``.

    Trace form: ``<ct, dy> = <ct * slope, dx> + <ct * min(x, 0), 1 da>``, with 1 a column of ones that repeats da.
    Gradient: ``ct * slope`` for x, the column sums of ``ct * min(x, 0)`` for a.
    """
    below = np.minimum(x, 0)

    def pull(ct: Any) -> Any:
        return ct * np.where(x > 0, 1, a), np.sum(ct * below, axis=0)

    return np.maximum(x, 0) + a * below, pull


@prelu.invariant
def prelu(x: Any, dx: Any, y: Any, ct: Any) -> Any:
    """x times its cotangent is y times its cotangent: the layer is linear on either side of 0"""
    return x * dx, y * ct


@prelu.invariant
def prelu(x: Any, a: Any, dx: Any, ct: Any) -> Any:
    """at 0 the slope is a"""
    return np.where(x == 0, dx, 0), np.where(x == 0, a * ct, 0)
