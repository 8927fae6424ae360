"""Convolutions along one axis, with strides tricks, dilated and causal; transposed and pointwise ones."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided

from backproof.engine.options import Choice

from ._making import planted_pair, planted_pullback


def patches(x, k):
    n, c, length = x.shape
    s0, s1, s2 = x.strides
    return as_strided(x, shape=(n, c, length - k + 1, k), strides=(s0, s1, s2, s2))


def conv1d(x, w, b):
    x = np.ascontiguousarray(x)
    cols = patches(x, w.shape[-1])
    return np.tensordot(cols, w, axes=([1, 3], [1, 2])).transpose(0, 2, 1) + b[:, None], (x.shape, w, cols)


def conv1d_backward(dout, cache):
    shape, w, cols = cache
    dx = np.zeros(shape, dtype=dout.dtype)
    for tap in range(w.shape[-1]):
        dx[:, :, tap : tap + dout.shape[-1]] += np.einsum("nfl,fc->ncl", dout, w[:, :, tap])
    return dx, np.tensordot(dout, cols, axes=([0, 2], [0, 2])), dout.sum(axis=(0, 2))


def conv1d_backward_wrong(dout, cache):
    shape, w, cols = cache
    dx = np.zeros(shape, dtype=dout.dtype)
    for tap in range(w.shape[-1]):
        dx[:, :, tap : tap + dout.shape[-1]] = np.einsum("nfl,fc->ncl", dout, w[:, :, tap])
    return dx, np.tensordot(dout, cols, axes=([0, 2], [0, 2])), dout.sum(axis=(0, 2))


# wavenet's: every output sees itself and what lies `dilation` before ---------------------------


def shift(x, by):
    """Later by so many steps; zeros come in."""
    y = np.zeros_like(x)
    if by == 0:
        y[...] = x
    elif by < x.shape[1]:
        y[:, by:] = x[:, :-by]
    return y


def unshift(y, by):
    x = np.zeros_like(y)
    if by < y.shape[1]:
        x[:, : y.shape[1] - by] = y[:, by:]
    return x


def causal_conv(x, w, dilation=1):
    taps = [shift(x, dilation * i) for i in range(len(w))]
    y = sum(tap @ wi for tap, wi in zip(taps, w, strict=True))

    def backward(dy):
        dx = sum(unshift(dy @ wi.T, dilation * i) for i, wi in enumerate(w))
        dw = np.stack([np.einsum("nti,nto->io", tap, dy) for tap in taps])
        return dx, dw

    return y, backward


def causal_conv_wrong(x, w, dilation=1):
    taps = [shift(x, dilation * i) for i in range(len(w))]
    y = sum(tap @ wi for tap, wi in zip(taps, w, strict=True))

    def backward(dy):
        dx = sum(shift(dy @ wi.T, dilation * i) for i, wi in enumerate(w))
        dw = np.stack([np.einsum("nti,nto->io", tap, dy) for tap in taps])
        return dx, dw

    return y, backward


# transposed, stride 2: each input paints a patch ----------------------------------------------


def conv_transpose(x, w, b):
    N, _, H, W = x.shape
    _, F, k, _ = w.shape
    s = 2
    out = np.zeros((N, F, s * (H - 1) + k, s * (W - 1) + k))
    for i in range(H):
        for j in range(W):
            out[:, :, s * i : s * i + k, s * j : s * j + k] += np.einsum("nc,cfab->nfab", x[:, :, i, j], w)
    return out + b.reshape(1, F, 1, 1), (x, w, s)


def conv_transpose_backward(dout, cache):
    x, w, s = cache
    k = w.shape[2]
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for i in range(x.shape[2]):
        for j in range(x.shape[3]):
            patch = dout[:, :, s * i : s * i + k, s * j : s * j + k]
            dx[:, :, i, j] = np.einsum("nfab,cfab->nc", patch, w)
            dw += np.einsum("nc,nfab->cfab", x[:, :, i, j], patch)
    return dx, dw, dout.sum((0, 2, 3))


def conv_transpose_backward_wrong(dout, cache):
    x, w, _ = cache
    k = w.shape[2]
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for i in range(x.shape[2]):
        for j in range(x.shape[3]):
            patch = dout[:, :, i : i + k, j : j + k]
            dx[:, :, i, j] = np.einsum("nfab,cfab->nc", patch, w)
            dw += np.einsum("nc,nfab->cfab", x[:, :, i, j], patch)
    return dx, dw, dout.sum((0, 2, 3))


# one by one -----------------------------------------------------------------------------------


def pointwise(x, w):
    """A matrix at every pixel: x (n, c, h, w), w (f, c)."""
    return np.moveaxis(np.tensordot(w, x, axes=(1, 1)), 0, 1), x, w


def pointwise_grads(dy, x, w):
    dx = np.moveaxis(np.tensordot(w, dy, axes=(0, 1)), 0, 1)
    dw = np.tensordot(dy, x, axes=((0, 2, 3), (0, 2, 3)))
    return dx, dw


def pointwise_grads_wrong(dy, x, w):
    dx = np.moveaxis(np.tensordot(w, dy, axes=(0, 1)), 0, 1)
    dw = np.tensordot(dy.mean(axis=(2, 3)), x.sum(axis=(2, 3)), axes=(0, 0))
    return dx, dw


# the gradient of a picture: a fixed stencil, and its transpose ----------------------------------

SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]) / 8


def sobel(img):
    H, W = img.shape
    return np.array(
        [[np.sum(SOBEL * img[i : i + 3, j : j + 3]) for j in range(W - 2)] for i in range(H - 2)]
    ), img.shape


def sobel_backward(g, shape):
    d = np.zeros(shape)
    for i, row in enumerate(g):
        for j, v in enumerate(row):
            d[i : i + 3, j : j + 3] += v * SOBEL
    return d


def sobel_backward_wrong(g, shape):
    d = np.zeros(shape)
    for i, row in enumerate(g):
        for j, v in enumerate(row):
            d[i : i + 3, j : j + 3] += v * SOBEL.T
    return d


PAIRS = [
    planted_pair(
        "conv1d",
        "(n,c,6),(f,c,3),(f)->(n,f,4)",
        conv1d,
        conv1d_backward,
        conv1d_backward_wrong,
        "overlapping windows overwrite each other",
    ),
    planted_pullback(
        "causal_conv",
        "(n,t,i),(2,i,o)->(n,t,o)",
        causal_conv,
        causal_conv_wrong,
        "shifts the gradient forwards in time instead of back",
        options={"dilation": Choice((1, 2))},
    ),
    planted_pair(
        "conv_transpose",
        "(n,c,2,2),(c,f,3,3),(f)->(n,f,5,5)",
        conv_transpose,
        conv_transpose_backward,
        conv_transpose_backward_wrong,
        "forgets the stride when it picks the patches",
    ),
    planted_pair(
        "pointwise",
        "(n,c,h,w),(f,c)->(n,f,h,w)",
        pointwise,
        pointwise_grads,
        pointwise_grads_wrong,
        "averages over the pixels before it multiplies",
    ),
    planted_pair("sobel", "(4,5)->(2,3)", sobel, sobel_backward, sobel_backward_wrong, "transposed stencil"),
]
