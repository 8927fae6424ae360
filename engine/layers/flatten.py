"""Flattening: everything but the batch in one row."""

from __future__ import annotations

import math
from typing import Any

from ..subjects import layer


@layer("(n,h,w)->")
def flatten(x: Any) -> Any:
    """Everything behind the first axis as one row, in C order: (n, h, w) becomes (n, h w)."""
    return x.reshape(x.shape[0], math.prod(x.shape[1:]))


@flatten.invariant
def flatten(dx: Any, ct: Any) -> Any:
    """the cotangent is the same row of numbers"""
    return dx.reshape(-1), ct.reshape(-1)
