"""Convolution of images in groups of channels."""

from __future__ import annotations

from typing import Any

from ..options import Choice
from ..subjects import layer
from .conv2d import conv2d

Array = Any


@layer("(n,4,4,5),(6,2,2,3),(6)->", stride=Choice((1, 2)), padding=Choice((0, 1)), dilation=Choice((1, 2)))
def grouped_conv2d(x: Array, w: Array, b: Array, stride: Any = 1, padding: Any = 0, dilation: Any = 1) -> Array:
    """`conv2d` where x has a multiple of the channels that w has: each group of filters reads channels of its own."""
    return conv2d.function(x, w, b, stride=stride, padding=padding, dilation=dilation)


assert conv2d.fused
grouped_conv2d = grouped_conv2d.pullback(conv2d.fused)
