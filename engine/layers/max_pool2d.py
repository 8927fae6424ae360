"""Pooling of images by the maximum of each window."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..maps import windows
from ..maps.convolution import on_both_axes
from ..options import Choice
from ..subjects import layer

Array = Any


@layer("(n,c,4,5)->", size=Choice((2, (2, 3), (1, 2))), stride=Choice((1, 2, (2, 1), 3)))
def max_pool2d(x: Array, size: Any = 2, stride: Any = 2) -> Array:
    """The largest entry of each window of x, an array of shape (n, c, h, w); windows may overlap.

    Where entries tie, the first of them is taken. `size` and `stride` are numbers or pairs. Raises
    ValueError where no window fits.
    """
    s, t = on_both_axes(stride)
    views = np.lib.stride_tricks.sliding_window_view(x, on_both_axes(size), axis=(2, 3))[:, :, ::s, ::t]
    entries = np.reshape(views, (*views.shape[:4], views.shape[4] * views.shape[5]))
    return np.take_along_axis(entries, np.argmax(entries, axis=4)[..., None], axis=4)[..., 0]


@max_pool2d.pullback
def max_pool2d(x: Array, size: Any = 2, stride: Any = 2) -> Any:
    """``y = e^T C x`` for each window: C cuts windows out, e is the unit vector of the first of the largest entries.

    Differential: ``dy = e^T C dx``: e stays what it is as long as no two entries tie.

    Trace form: ``ct dy = <C^T e ct, dx>``.

    Gradient: ``C^T e ct``, each ct where the largest entry stood; windows that share it add up.
    """
    cut = windows(x.shape, on_both_axes(size), on_both_axes(stride), (1, 1))
    patches = cut.apply(x)
    entries = np.reshape(patches, (*x.shape[:2], patches.shape[2] * patches.shape[3], *patches.shape[4:]))
    first = np.argmax(entries, axis=2)[:, :, None]

    def pull(ct: Array) -> Any:
        e = first == np.arange(entries.shape[2])[:, None, None]
        return cut.apply_transpose(np.reshape(np.where(e, ct[:, :, None], 0), patches.shape))

    return np.take_along_axis(entries, first, axis=2)[:, :, 0], pull


@max_pool2d.invariant
def max_pool2d(dx: Array, ct: Array) -> Any:
    """the cotangent is handed on whole: a constant added to x is added to y"""
    return np.sum(dx), np.sum(ct)
