"""Transposed convolution of sequences."""

from __future__ import annotations

from typing import Any

from ..options import Choice
from ..subjects import layer
from .conv_transpose2d import conv_transpose2d

Array = Any


@layer("(n,c,3),(c,f,3),(f)->", stride=Choice((1, 2, 3)), padding=Choice((0, 1)), dilation=Choice((1, 2)))
def conv_transpose1d(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0, dilation: int = 1) -> Array:
    """`conv_transpose2d` of images of height 1: x has shape (n, c, l), w has shape (c, f, p) and b (f)."""
    y = conv_transpose2d(x[:, :, None], w[:, :, None], b, (1, stride), (0, padding), (1, dilation))
    return y[:, :, 0]
