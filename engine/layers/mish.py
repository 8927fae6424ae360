"""Mish, a smooth activation that is not monotone."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(...)->(...)")
def mish(x: Any) -> Any:
    """``x tanh(softplus(x))``, elementwise. Source: D. Misra, BMVC 2020, equation 1."""
    return x * np.tanh(np.logaddexp(0, x))
