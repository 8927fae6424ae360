"""The leaky rectified linear unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Real
from ..subjects import layer


@layer("(...)->(...)", slope=Real(0.0, 1.0))
def leaky_relu(x: Any, slope: float = 0.01) -> Any:
    """``x`` where ``x > 0`` and ``slope * x`` elsewhere; its derivative at 0 is the slope."""
    return np.where(x > 0, x, slope * x)


@leaky_relu.invariant
def leaky_relu(x: Any, dx: Any, y: Any, ct: Any) -> Any:
    """x times its cotangent is y times its cotangent: the layer is linear on either side of 0"""
    return x * dx, y * ct
