"""Convolution of sequences, by windows and one matrix product."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..maps import swap, windows
from ..options import Choice
from ..subjects import layer

Array = Any


@layer("(n,c,7),(f,c,3),(f)->", stride=Choice((1, 2, 3)), padding=Choice((0, 1, 2)), dilation=Choice((1, 2)))
def conv1d(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0, dilation: int = 1) -> Array:
    """The product of each filter with each window of x, which is padded with zeros, plus b: ``Y = W X + b 1^T``.

    x has shape (n, c, l), w has shape (f, c, p) and b (f). Raises ValueError where no window fits.
    """
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding)))
    views = np.lib.stride_tricks.sliding_window_view(padded, (w.shape[2] - 1) * dilation + 1, axis=2)
    return np.swapaxes(np.tensordot(views[:, :, ::stride, ::dilation], w, ((1, 3), (1, 2))), 1, 2) + b[:, None]


@conv1d.pullback
def conv1d(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0, dilation: int = 1) -> Any:
    """``Y = W X + b 1^T``: a row of W is a filter, a column of ``X = C x`` a window, and C, which cuts, is linear.

    Differential: ``dY = dW X + W C dx + db 1^T``, for each sequence.

    Trace form: ``tr(ct^T dY) = tr((ct X^T)^T dW) + <C^T W^T ct, dx> + (ct 1)^T db``.

    Gradient: ``ct X^T`` for W, ``C^T W^T ct`` for x, which adds each window back where it was cut out, and ``ct 1``,
    sums over the places, for b; those for W and b are sums over sequences.
    """
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding)))
    cut = windows(padded.shape, w.shape[2:], (stride,), (dilation,))
    patches = cut.apply(padded)
    rows = np.reshape(w, (*b.shape, math.prod(w.shape[1:])))
    columns = np.reshape(patches, (x.shape[0], rows.shape[1], patches.shape[3]))

    def pull(ct: Array) -> Any:
        dpadded = cut.apply_transpose(np.reshape(rows.T @ ct, patches.shape))
        dw = np.sum(ct @ swap(columns), axis=0)
        return dpadded[:, :, padding : padding + x.shape[2]], np.reshape(dw, w.shape), np.sum(ct, axis=(0, 2))

    return rows @ columns + b[:, None], pull


@conv1d.invariant
def conv1d(x: Array, w: Array, dx: Array, dw: Array) -> Any:
    """``<dx, x> = <dw, w>``: the output is linear in either"""
    return np.sum(dx * x), np.sum(dw * w)
