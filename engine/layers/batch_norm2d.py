"""Batch normalisation of images while training."""

from __future__ import annotations

from typing import Any

from ..options import Real
from ..subjects import layer
from .batch_norm import batch_norm as over_axes

Array = Any


@layer("(n,c,h,w),(c),(c)->(n,c,h,w)", eps=Real(0.0, 1.0))
def batch_norm2d(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """`batch_norm` of each channel of images of shape (n, c, h, w), over images and pixels."""
    return over_axes(x, gamma[:, None, None], beta[:, None, None], axis=(0, 2, 3), eps=eps)
