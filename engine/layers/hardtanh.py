"""The hyperbolic tangent made of straight lines."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Real
from ..subjects import layer


@layer("(...)->(...)", low=Real(-3.0, 0.0), high=Real(0.0, 3.0))
def hardtanh(x: Any, low: float = -1.0, high: float = 1.0) -> Any:
    """``min(max(x, low), high)``, elementwise."""
    return np.clip(x, low, high)
