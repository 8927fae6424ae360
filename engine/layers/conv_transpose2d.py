"""Transposed convolution of images: what convolution's derivative applies backwards, as a layer."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..maps import swap, windows
from ..maps.convolution import on_both_axes
from ..options import Choice
from ..primitives import add_windows
from ..subjects import layer

Array = Any


@layer(
    "(n,c,4,2),(c,f,2,3),(f)->",
    stride=Choice((1, 2, (2, 1))),
    padding=Choice((0, 1, (1, 0))),
    dilation=Choice((1, 2, (1, 2))),
)
def conv_transpose2d(x: Array, w: Array, b: Array, stride: Any = 1, padding: Any = 0, dilation: Any = 1) -> Array:
    """Each entry of x times a filter, added up `stride` places apart, less `padding` at each side, and b.

    x has shape (n, c, h, w), w has shape (c, f, p, q) and b (f). The output has the height
    `stride * (h - 1) + dilation * (p - 1) + 1 - 2 * padding`, and the width likewise. `stride`, `padding` and
    `dilation` are numbers or pairs.
    """
    up, left = on_both_axes(padding)
    patches = np.transpose(np.tensordot(x, w, (1, 0)), (0, 3, 4, 5, 1, 2))
    height, width = _lengths(x.shape[2:], w.shape[2:], on_both_axes(stride), on_both_axes(dilation))
    whole = (x.shape[0], w.shape[1], height, width)
    y = add_windows(patches, whole, on_both_axes(stride), on_both_axes(dilation))
    return y[:, :, up : height - up, left : width - left] + b[:, None, None]


@conv_transpose2d.pullback
def conv_transpose2d(x: Array, w: Array, b: Array, stride: Any = 1, padding: Any = 0, dilation: Any = 1) -> Any:
    """``Y = C^T W^T X + b 1^T``: a row of W is an input channel's filters, C cuts windows out, and C^T adds them.

    Differential: ``dY = C^T dW^T X + C^T W^T dX + db 1^T``, for each image.

    Trace form: ``tr(ct^T dY) = tr((X (C ct)^T)^T dW) + tr((W C ct)^T dX) + (ct 1)^T db``.

    Gradient: ``X (C ct)^T`` for W, ``W C ct`` for X, the convolution of ct, and ``ct 1``, sums over the places, for
    b; those for W and b are sums over images.
    """
    height, width = _lengths(x.shape[2:], w.shape[2:], on_both_axes(stride), on_both_axes(dilation))
    whole = (x.shape[0], *b.shape, height, width)
    cut = windows(whole, w.shape[2:], on_both_axes(stride), on_both_axes(dilation))
    rows = np.reshape(w, (w.shape[0], math.prod(w.shape[1:])))
    flat = np.reshape(x, (*x.shape[:2], math.prod(x.shape[2:])))
    up, left = on_both_axes(padding)

    def pull(ct: Array) -> Any:
        patches = cut.apply(np.pad(ct, ((0, 0), (0, 0), (up, up), (left, left))))
        columns = np.reshape(patches, (x.shape[0], rows.shape[1], flat.shape[2]))
        dw = np.reshape(np.sum(flat @ swap(columns), axis=0), w.shape)
        return np.reshape(rows @ columns, x.shape), dw, np.sum(ct, axis=(0, 2, 3))

    y = cut.apply_transpose(np.reshape(rows.T @ flat, (x.shape[0], *w.shape[1:], *x.shape[2:])))
    return y[:, :, up : height - up, left : width - left] + b[:, None, None], pull


@conv_transpose2d.invariant
def conv_transpose2d(x: Array, w: Array, dx: Array, dw: Array) -> Any:
    """``<dx, x> = <dw, w>``: the output is linear in either"""
    return np.sum(dx * x), np.sum(dw * w)


def _lengths(places: Any, size: Any, stride: Any, dilation: Any) -> list[int]:
    """How far windows reach along each axis."""
    each = zip(places, size, stride, dilation, strict=True)
    return [(count - 1) * step + (entries - 1) * apart + 1 for count, entries, step, apart in each]
