"""The Gaussian error linear unit, approximated by tanh."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..subjects import layer


@layer("(...)->(...)")
def gelu_tanh(x: Any) -> Any:
    """``x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))``, elementwise.

    Source: D. Hendrycks, K. Gimpel, arXiv:1606.08415, section 2.
    """
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
