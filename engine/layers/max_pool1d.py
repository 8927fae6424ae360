"""Pooling of sequences by the maximum of each window."""

from __future__ import annotations

from typing import Any

from ..options import Choice
from ..subjects import layer
from .max_pool2d import max_pool2d


@layer("(n,c,6)->", size=Choice((2, 3)), stride=Choice((2, 1, 3)))
def max_pool1d(x: Any, size: int = 2, stride: int = 2) -> Any:
    """The largest entry of each window of x, an array of shape (n, c, l): `max_pool2d` of images of height 1."""
    return max_pool2d(x[:, :, None], size=(1, size), stride=(1, stride))[:, :, 0]
