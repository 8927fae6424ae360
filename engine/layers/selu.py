"""The scaled exponential linear unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer

ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805


@layer("(...)->(...)")
def selu(x: Any) -> Any:
    """``1.0507 x`` where ``x > 0`` and ``1.0507 * 1.6733 (exp(x) - 1)`` elsewhere.

    The numbers keep mean 0 and variance 1 where they are; their digits: G. Klambauer, T. Unterthiner, A. Mayr,
    S. Hochreiter, NeurIPS 2017, equation 14.
    """
    return SCALE * np.where(x > 0, x, ALPHA * np.expm1(np.minimum(0, x)))
