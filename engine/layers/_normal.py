"""The distribution function of the standard normal distribution, with SciPy or without."""

from __future__ import annotations

import importlib.util
import math
from typing import Any

import numpy as np

HAS_SCIPY = importlib.util.find_spec("scipy") is not None


def distribution(x: Any) -> Any:
    """``Phi(x) = erfc(-x / sqrt(2)) / 2``, of SciPy where it is installed; else number by number, and not traced."""
    if HAS_SCIPY:
        from scipy.special import ndtr  # here: importing it takes longer than importing the engine

        return ndtr(x)
    return np.vectorize(math.erfc, otypes=[x.dtype])(-x / math.sqrt(2)) / 2
