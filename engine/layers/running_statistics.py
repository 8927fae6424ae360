"""Running mean and variance, which batch normalisation uses after training."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Real
from ..subjects import layer

Array = Any


@layer("(n,c),(2,c)->(2,c)", momentum=Real(0.0, 1.0))
def running_statistics(x: Array, statistics: Array, momentum: float = 0.1) -> Array:
    """``(1 - momentum) * statistics + momentum * (mean, variance)`` of the rows of x.

    The state goes in and comes out, two rows, the mean and the variance; nothing is changed in place.
    """
    seen = np.stack([np.mean(x, axis=0), np.var(x, axis=0)])
    return (1 - momentum) * statistics + momentum * seen
