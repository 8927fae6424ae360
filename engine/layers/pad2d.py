"""Padding of images."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Choice
from ..subjects import layer


@layer("(c,h,w)->", top=Choice((1, 0)), bottom=Choice((1, 2)), left=Choice((1, 0)), right=Choice((1, 3)))
def pad2d(x: Any, top: int = 1, bottom: int = 1, left: int = 1, right: int = 1) -> Any:
    """Zeros around each of c images: (c, h, w) becomes (c, top + h + bottom, left + w + right)."""
    return np.pad(x, ((0, 0), (top, bottom), (left, right)))


@pad2d.invariant
def pad2d(y: Any, ct: Any, x: Any, dx: Any) -> Any:
    """what is around x takes nothing: <x, dx> = <y, ct>"""
    return np.sum(x * dx), np.sum(y * ct)
