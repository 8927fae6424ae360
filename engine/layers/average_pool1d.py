"""Pooling of sequences by the mean of each window."""

from __future__ import annotations

from typing import Any

from ..options import Choice
from ..subjects import layer
from .average_pool2d import average_pool2d


@layer("(n,c,6)->", size=Choice((2, 3)), stride=Choice((2, 1, 3)))
def average_pool1d(x: Any, size: int = 2, stride: int = 2) -> Any:
    """The mean of each window of x, an array of shape (n, c, l): `average_pool2d` of images of height 1."""
    return average_pool2d(x[:, :, None], size=(1, size), stride=(1, stride))[:, :, 0]
