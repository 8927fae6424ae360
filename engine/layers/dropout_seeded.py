"""Dropout, with a mask that a seed makes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Choice, Real
from ..subjects import layer


@layer("(...)->(...)", rate=Real(0.0, 0.9), seed=Choice((0, 1, 2)))
def dropout_seeded(x: Any, rate: float = 0.5, seed: int = 0) -> Any:
    """``x / (1 - rate)`` where a random number is above ``rate``, and 0 elsewhere; the same seed drops the same."""
    keep = np.random.default_rng(seed).random(x.shape) > rate
    return np.where(keep, x / (1 - rate), 0)
