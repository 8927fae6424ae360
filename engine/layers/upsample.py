"""Upsampling of images to the nearest neighbour."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Choice
from ..subjects import layer


@layer("(c,h,w)->", rows=Choice((2, 1, 3)), columns=Choice((2, 3)))
def upsample(x: Any, rows: int = 2, columns: int = 2) -> Any:
    """Each pixel as ``rows`` by ``columns`` equal ones: (c, h, w) becomes (c, rows h, columns w)."""
    return np.repeat(np.repeat(x, rows, axis=1), columns, axis=2)


@upsample.invariant
def upsample(ct: Any, dx: Any) -> Any:
    """the cotangents of each image sum to the same before and behind"""
    return np.sum(dx, axis=(1, 2)), np.sum(ct, axis=(1, 2))
