"""The distribution function of the standard normal distribution, with SciPy or without."""

from __future__ import annotations

import importlib.util
import math
from typing import Any

import numpy as np

HAS_SCIPY = importlib.util.find_spec("scipy") is not None


def distribution(x: Any) -> Any:
    """``Phi(x) = erfc(-x / sqrt(2)) / 2``, elementwise."""
    return _erfc(-x / math.sqrt(2)) / 2


def _erfc(x: Any) -> Any:
    """SciPy's where it is installed; else that of `math`, number by number, which the tape cannot record."""
    if HAS_SCIPY:
        from scipy.special import erfc  # here: importing it takes longer than importing the engine

        return erfc(x)
    return np.vectorize(math.erfc, otypes=[x.dtype])(x)
