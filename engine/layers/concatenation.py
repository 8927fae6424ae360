"""Two arrays side by side."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(n,i),(n,j)->")
def concatenation(x: Any, z: Any) -> Any:
    """The columns of x, and behind them those of z: (n, i) and (n, j) become (n, i + j)."""
    return np.concatenate([x, z], axis=1)


@concatenation.invariant
def concatenation(dx: Any, dz: Any, ct: Any) -> Any:
    """the cotangent is taken apart where the arrays were joined"""
    return np.sum(dx, axis=1) + np.sum(dz, axis=1), np.sum(ct, axis=1)
