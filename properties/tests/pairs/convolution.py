"""Convolutions in two dimensions: nested loops, im2col by index arrays, windows, depthwise, transposed."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from backproof.engine.options import Choice

from ._making import planted_pair, planted_pullback

# naive loops ----------------------------------------------------------------------------------


def conv_forward_naive(x, w, b, stride=1, pad=0):
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    H_out = 1 + (H + 2 * pad - HH) // stride
    W_out = 1 + (W + 2 * pad - WW) // stride
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    hs, ws = i * stride, j * stride
                    out[n, f, i, j] = np.sum(x_pad[n, :, hs : hs + HH, ws : ws + WW] * w[f]) + b[f]
    return out, (x, w, b, stride, pad)


def conv_backward_naive(dout, cache):
    x, w, b, stride, pad = cache
    N, F, H_out, W_out = dout.shape
    HH, WW = w.shape[2:]
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    dx_pad, dw, db = np.zeros_like(x_pad), np.zeros_like(w), np.zeros_like(b)
    for n in range(N):
        for f in range(F):
            db[f] += np.sum(dout[n, f])
            for i in range(H_out):
                for j in range(W_out):
                    hs, ws = i * stride, j * stride
                    dw[f] += x_pad[n, :, hs : hs + HH, ws : ws + WW] * dout[n, f, i, j]
                    dx_pad[n, :, hs : hs + HH, ws : ws + WW] += w[f] * dout[n, f, i, j]
    dx = dx_pad[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]
    return dx, dw, db


def conv_backward_naive_wrong(dout, cache):
    x, w, b, stride, pad = cache
    N, F, H_out, W_out = dout.shape
    HH, WW = w.shape[2:]
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    dx_pad, dw, db = np.zeros_like(x_pad), np.zeros_like(w), np.zeros_like(b)
    for n in range(N):
        for f in range(F):
            db[f] += np.sum(dout[n, f])
            for i in range(H_out):
                for j in range(W_out):
                    hs, ws = i * stride, j * stride
                    dw[f] += x_pad[n, :, hs : hs + HH, ws : ws + WW] * dout[n, f, i, j]
                    dx_pad[n, :, hs : hs + HH, ws : ws + WW] += w[f] * dout[n, f, i, j]
    dx = dx_pad[:, :, : x.shape[2], : x.shape[3]]
    return dx, dw, db


# im2col with index arrays ---------------------------------------------------------------------


def get_im2col_indices(x_shape, field_height, field_width, padding=1):
    _, C, H, W = x_shape
    out_height = H + 2 * padding - field_height + 1
    out_width = W + 2 * padding - field_width + 1
    i0 = np.tile(np.repeat(np.arange(field_height), field_width), C)
    i1 = np.repeat(np.arange(out_height), out_width)
    j0 = np.tile(np.arange(field_width), field_height * C)
    j1 = np.tile(np.arange(out_width), out_height)
    i = i0.reshape(-1, 1) + i1.reshape(1, -1)
    j = j0.reshape(-1, 1) + j1.reshape(1, -1)
    k = np.repeat(np.arange(C), field_height * field_width).reshape(-1, 1)
    return k, i, j


def im2col_indices(x, field_height, field_width, padding=1):
    p = padding
    x_padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode="constant")
    k, i, j = get_im2col_indices(x.shape, field_height, field_width, padding)
    cols = x_padded[:, k, i, j]
    return cols.transpose(1, 2, 0).reshape(field_height * field_width * x.shape[1], -1)


def col2im_indices(cols, x_shape, field_height, field_width, padding=1, accumulate=True):
    N, C, H, W = x_shape
    x_padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding), dtype=cols.dtype)
    k, i, j = get_im2col_indices(x_shape, field_height, field_width, padding)
    cols_reshaped = cols.reshape(C * field_height * field_width, -1, N).transpose(2, 0, 1)
    if accumulate:
        np.add.at(x_padded, (slice(None), k, i, j), cols_reshaped)
    else:
        x_padded[:, k, i, j] += cols_reshaped
    return x_padded[:, :, padding:-padding, padding:-padding]


def conv_im2col(x, w, b):
    N, F = x.shape[0], w.shape[0]
    x_cols = im2col_indices(x, 3, 3)
    res = w.reshape(F, -1).dot(x_cols) + b.reshape(-1, 1)
    out = res.reshape(F, x.shape[2], x.shape[3], N).transpose(3, 0, 1, 2)
    return out, (x, w, x_cols)


def conv_im2col_backward(dout, cache, col2im=col2im_indices):
    x, w, x_cols = cache
    F = w.shape[0]
    db = np.sum(dout, axis=(0, 2, 3))
    dout_reshaped = dout.transpose(1, 2, 3, 0).reshape(F, -1)
    dw = dout_reshaped.dot(x_cols.T).reshape(w.shape)
    dx_cols = w.reshape(F, -1).T.dot(dout_reshaped)
    return col2im(dx_cols, x.shape, 3, 3), dw, db


def conv_im2col_backward_wrong(dout, cache):
    return conv_im2col_backward(
        dout, cache, lambda cols, shape, h, w: col2im_indices(cols, shape, h, w, accumulate=False)
    )


# windows by strides, and the backward as a convolution with the flipped kernel ----------------


def conv_windows(x, w):
    k = w.shape[-1]
    windows = sliding_window_view(x, (k, k), axis=(2, 3))

    def vjp(dy):
        dw = np.einsum("nfhw,nchwij->fcij", dy, windows)
        padded = np.pad(dy, ((0, 0), (0, 0), (k - 1, k - 1), (k - 1, k - 1)))
        flipped = w[:, :, ::-1, ::-1]
        dx = np.einsum("nfhwij,fcij->nchw", sliding_window_view(padded, (k, k), axis=(2, 3)), flipped)
        return dx, dw

    return np.einsum("nchwij,fcij->nfhw", windows, w), vjp


def conv_windows_wrong(x, w):
    k = w.shape[-1]
    windows = sliding_window_view(x, (k, k), axis=(2, 3))

    def vjp(dy):
        dw = np.einsum("nfhw,nchwij->fcij", dy, windows)
        padded = np.pad(dy, ((0, 0), (0, 0), (k - 1, k - 1), (k - 1, k - 1)))
        dx = np.einsum("nfhwij,fcij->nchw", sliding_window_view(padded, (k, k), axis=(2, 3)), w)
        return dx, dw

    return np.einsum("nchwij,fcij->nfhw", windows, w), vjp


# depthwise, one kernel offset after the other -------------------------------------------------


def depthwise(x, w):
    h, v = x.shape[2] - w.shape[1] + 1, x.shape[3] - w.shape[2] + 1
    y = np.zeros((*x.shape[:2], h, v))
    for a in range(w.shape[1]):
        for b in range(w.shape[2]):
            y += x[:, :, a : a + h, b : b + v] * w[None, :, a, b, None, None]
    return y, (x, w)


def depthwise_backward(dy, saved):
    x, w = saved
    h, v = dy.shape[2:]
    dx, dw = np.zeros(x.shape), np.empty(w.shape)
    for a in range(w.shape[1]):
        for b in range(w.shape[2]):
            dx[:, :, a : a + h, b : b + v] += dy * w[None, :, a, b, None, None]
            dw[:, a, b] = (dy * x[:, :, a : a + h, b : b + v]).sum(axis=(0, 2, 3))
    return dx, dw


def depthwise_backward_wrong(dy, saved):
    x, w = saved
    h, v = dy.shape[2:]
    dx, dw = np.zeros(x.shape), np.empty(w.shape)
    for a in range(w.shape[1]):
        for b in range(w.shape[2]):
            dx[:, :, a : a + h, b : b + v] += dy * w[None, :, b, a, None, None]
            dw[:, a, b] = (dy * x[:, :, a : a + h, b : b + v]).sum(axis=(0, 2, 3))
    return dx, dw


CONV = "(2,c,4,4),(2,c,3,3),(2)->"

PAIRS = [
    planted_pair(
        "cs_conv_naive",
        CONV,
        conv_forward_naive,
        conv_backward_naive,
        conv_backward_naive_wrong,
        "cuts the padding off at the wrong end",
        options={"stride": Choice((1, 2)), "pad": Choice((0, 1))},
    ),
    planted_pair(
        "cs_conv_im2col",
        "(2,c,3,4),(f,c,3,3),(f)->(2,f,3,4)",
        conv_im2col,
        conv_im2col_backward,
        conv_im2col_backward_wrong,
        "x[indices] += cols keeps one of the repeated indices, where np.add.at adds them all",
    ),
    planted_pullback(
        "conv_windows", "(n,c,4,3),(f,c,2,2)->(n,f,3,2)", conv_windows, conv_windows_wrong, "forgets to flip the kernel"
    ),
    planted_pair(
        "depthwise",
        "(n,c,4,4),(c,2,2)->(n,c,3,3)",
        depthwise,
        depthwise_backward,
        depthwise_backward_wrong,
        "the kernel is transposed in the input's gradient",
    ),
]
