"""Pooling of images by the mean of each window."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..maps import windows
from ..maps.convolution import on_both_axes
from ..options import Choice
from ..subjects import layer

Array = Any


@layer("(n,c,4,5)->", size=Choice((2, (2, 3), (1, 2))), stride=Choice((1, 2, (2, 1), 3)))
def average_pool2d(x: Array, size: Any = 2, stride: Any = 2) -> Array:
    """The mean of each window of x, an array of shape (n, c, h, w); windows may overlap.

    `size` and `stride` are numbers or pairs. Raises ValueError where no window fits.
    """
    s, t = on_both_axes(stride)
    views = np.lib.stride_tricks.sliding_window_view(x, on_both_axes(size), axis=(2, 3))
    return np.mean(views[:, :, ::s, ::t], axis=(4, 5))


@average_pool2d.pullback
def average_pool2d(x: Array, size: Any = 2, stride: Any = 2) -> Any:
    """``y = 1^T C x / k`` for each window of k entries, where C cuts windows out: linear in x.

    Differential: ``dy = 1^T C dx / k``.

    Trace form: ``ct dy = <C^T 1 ct / k, dx>``.

    Gradient: ``C^T 1 ct / k``, an equal share of ct for each entry of a window; those of windows that overlap add up.
    """
    cut = windows(x.shape, on_both_axes(size), on_both_axes(stride), (1, 1))
    patches = cut.apply(x)
    entries = patches.shape[2] * patches.shape[3]

    def pull(ct: Array) -> Any:
        return cut.apply_transpose(np.broadcast_to((ct / entries)[:, :, None, None], patches.shape))

    return np.mean(patches, axis=(2, 3)), pull


@average_pool2d.invariant
def average_pool2d(dx: Array, ct: Array) -> Any:
    """the cotangent is handed on whole: a constant added to x is added to y"""
    return np.sum(dx), np.sum(ct)
