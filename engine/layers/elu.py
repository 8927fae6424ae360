"""The exponential linear unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Real
from ..subjects import layer


@layer("(...)->(...)", alpha=Real(0.0, 3.0))
def elu(x: Any, alpha: float = 1.0) -> Any:
    """``x`` where ``x > 0`` and ``alpha (exp(x) - 1)`` elsewhere; its derivative at 0 is ``alpha``.

    Source: D.-A. Clevert, T. Unterthiner, S. Hochreiter, ICLR 2016, equation 15.
    """
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(0, x)))  # 0 first: a tie is for x, and has its slope


@elu.pullback
def elu(x: Any, alpha: float = 1.0) -> Any:
    """Differential: where x is positive, ``dy = dx``; elsewhere, ``dy = alpha exp(x) dx``.

    Trace form: ``<ct, dy> = <ct * slope, dx>``, with that slope; it is ``e + alpha``, where
    ``e = alpha (exp(x) - 1)`` is at hand.
    Gradient: ``ct * slope`` for x.
    """
    e = alpha * np.expm1(np.minimum(x, 0))
    return np.maximum(x, 0) + e, lambda ct: ct * np.where(x > 0, 1, e + alpha)


@elu.invariant
def elu(x: Any, dx: Any, ct: Any, alpha: float = 1.0) -> Any:
    """at 0 the slope is alpha"""
    return np.where(x == 0, dx, 0), np.where(x == 0, alpha * ct, 0)
