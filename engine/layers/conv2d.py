"""Convolution of images, by windows and one matrix product."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..maps import swap, windows
from ..maps.convolution import on_both_axes
from ..options import Choice
from ..subjects import layer

Array = Any


@layer(
    "(n,c,4,5),(f,c,2,3),(f)->",
    stride=Choice((1, 2, (2, 1))),
    padding=Choice((0, 1, (1, 0))),
    dilation=Choice((1, 2, (1, 2))),
)
def conv2d(x: Array, w: Array, b: Array, stride: Any = 1, padding: Any = 0, dilation: Any = 1) -> Array:
    """The product of each filter with each window of x, which is padded with zeros, plus b: ``Y = W X + b 1^T``.

    x has shape (n, c, h, w), w has shape (f, c, p, q) and b (f). Where x has g times as many channels as w, there are
    g groups: each f / g filters read c channels of their own. `stride`, `padding` and `dilation` are numbers or pairs.
    Raises ValueError where no window fits, or the channels make no groups.
    """
    (s, t), (d, e), (filters, channels, height, width) = on_both_axes(stride), on_both_axes(dilation), w.shape
    padded = np.pad(x, ((0, 0), (0, 0), *((side, side) for side in on_both_axes(padding))))
    spans = ((height - 1) * d + 1, (width - 1) * e + 1)
    views = np.lib.stride_tricks.sliding_window_view(padded, spans, axis=(2, 3))[:, :, ::s, ::t, ::d, ::e]
    count, groups, rows, columns = x.shape[0], x.shape[1] // channels, *views.shape[2:4]
    inner = channels * height * width
    patches = np.reshape(np.transpose(views, (0, 1, 4, 5, 2, 3)), (count, groups, inner, rows * columns))
    y = np.reshape(w, (groups, filters // groups, inner)) @ patches
    return np.reshape(y, (count, filters, rows, columns)) + b[:, None, None]


@conv2d.pullback
def conv2d(x: Array, w: Array, b: Array, stride: Any = 1, padding: Any = 0, dilation: Any = 1) -> Any:
    """``Y = W X + b 1^T``: a row of W is a filter, a column of ``X = C x`` a window, and C, which cuts, is linear.

    Differential: ``dY = dW X + W C dx + db 1^T``, for each image and each group.

    Trace form: ``tr(ct^T dY) = tr((ct X^T)^T dW) + <C^T W^T ct, dx> + (ct 1)^T db``.

    Gradient: ``ct X^T`` for W, ``C^T W^T ct`` for x, which adds each window back where it was cut out, and ``ct 1``,
    sums over the places, for b; those for W and b are sums over images.
    """
    padded = np.pad(x, ((0, 0), (0, 0), *((side, side) for side in on_both_axes(padding))))
    cut = windows(padded.shape, w.shape[2:], on_both_axes(stride), on_both_axes(dilation))
    patches, groups = cut.apply(padded), x.shape[1] // w.shape[1]
    rows = np.reshape(w, (groups, b.size // groups, math.prod(w.shape[1:])))
    columns = np.reshape(patches, (x.shape[0], groups, rows.shape[2], math.prod(patches.shape[4:])))
    up, left = on_both_axes(padding)

    def pull(ct: Array) -> Any:
        by_group = np.reshape(ct, (x.shape[0], groups, rows.shape[1], columns.shape[3]))
        dpadded = cut.apply_transpose(np.reshape(swap(rows) @ by_group, patches.shape))
        dx = dpadded[:, :, up : up + x.shape[2], left : left + x.shape[3]]
        dw = np.reshape(np.sum(by_group @ swap(columns), axis=0), w.shape)
        return dx, dw, np.sum(ct, axis=(0, 2, 3))

    return np.reshape(rows @ columns, (x.shape[0], *b.shape, *patches.shape[4:])) + b[:, None, None], pull


@conv2d.invariant
def conv2d(x: Array, w: Array, dx: Array, dw: Array) -> Any:
    """``<dx, x> = <dw, w>``: the output is linear in either"""
    return np.sum(dx * x), np.sum(dw * w)
