"""Pooling: the largest, the mean, everything at once; and its opposite, repeating pixels."""

from __future__ import annotations

import numpy as np

from backproof.engine.options import Choice

from ._making import planted_pair, planted_pullback

# loops that store where the maximum was ---------------------------------------------------------


def max_pool_forward(x, size=2, stride=1):
    N, C, H, W = x.shape
    H_out, W_out = (H - size) // stride + 1, (W - size) // stride + 1
    out = np.zeros((N, C, H_out, W_out), dtype=x.dtype)
    where = np.zeros((N, C, H_out, W_out), dtype=int)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    window = x[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
                    where[n, c, i, j] = np.argmax(window)
                    out[n, c, i, j] = np.max(window)
    return out, (where, x.shape, size, stride)


def max_pool_backward(dout, cache):
    where, shape, size, stride = cache
    dx = np.zeros(shape, dtype=dout.dtype)
    for n, c, i, j in np.ndindex(*dout.shape):
        a, b = np.unravel_index(where[n, c, i, j], (size, size))
        dx[n, c, i * stride + a, j * stride + b] += dout[n, c, i, j]
    return dx


def max_pool_backward_wrong(dout, cache):
    where, shape, size, stride = cache
    dx = np.zeros(shape, dtype=dout.dtype)
    for n, c, i, j in np.ndindex(*dout.shape):
        a, b = np.unravel_index(where[n, c, i, j], (size, size))
        dx[n, c, i * stride + a, j * stride + b] = dout[n, c, i, j]
    return dx


# the reshape trick ------------------------------------------------------------------------------


def max_pool_reshape(x):
    N, C, H, W = x.shape
    x_reshaped = x.reshape(N, C, H // 2, 2, W // 2, 2)
    out = x_reshaped.max(axis=3).max(axis=4)
    return out, (x, x_reshaped, out)


def max_pool_reshape_backward(dout, cache):
    x, x_reshaped, out = cache
    dx_reshaped = np.zeros_like(x_reshaped)
    mask = x_reshaped == out[:, :, :, np.newaxis, :, np.newaxis]
    dout_broadcast, _ = np.broadcast_arrays(dout[:, :, :, np.newaxis, :, np.newaxis], dx_reshaped)
    dx_reshaped[mask] = dout_broadcast[mask]
    dx_reshaped /= np.sum(mask, axis=(3, 5), keepdims=True)
    return dx_reshaped.reshape(x.shape)


def max_pool_reshape_backward_wrong(dout, cache):
    x, x_reshaped, _ = cache
    dx_reshaped = np.zeros_like(x_reshaped)
    mask = x_reshaped > 0
    dout_broadcast, _ = np.broadcast_arrays(dout[:, :, :, np.newaxis, :, np.newaxis], dx_reshaped)
    dx_reshaped[mask] = dout_broadcast[mask]
    return dx_reshaped.reshape(x.shape)


# averages -----------------------------------------------------------------------------------------


def avg_pool(x, k=2):
    n, c, h, w = x.shape
    y = x.reshape(n, c, h // k, k, w // k, k).mean(axis=(3, 5))
    return y, lambda g: g.repeat(k, axis=2).repeat(k, axis=3) / (k * k)


def avg_pool_wrong(x, k=2):
    n, c, h, w = x.shape
    y = x.reshape(n, c, h // k, k, w // k, k).mean(axis=(3, 5))
    return y, lambda g: g.repeat(k, axis=2).repeat(k, axis=3) / k


def gap_forward(x):
    return x.mean(axis=(2, 3)), x.shape


def gap_backward(dout, shape):
    return np.ones(shape, dtype=dout.dtype) * dout[:, :, None, None] / (shape[2] * shape[3])


def gap_backward_wrong(dout, shape):
    return np.ones(shape, dtype=dout.dtype) * dout[:, :, None, None] / shape[2]


# global maximum ---------------------------------------------------------------------------------


def global_max(x):
    N, C = x.shape[:2]
    flat = x.reshape(N, C, -1)
    idx = flat.argmax(axis=2)
    rows, cols = np.indices((N, C))

    def pull(ct):
        d = np.zeros_like(flat)
        d[rows, cols, idx] = ct
        return d.reshape(x.shape)

    return flat[rows, cols, idx], pull


def global_max_wrong(x):
    N, C = x.shape[:2]
    flat = x.reshape(N, C, -1)
    idx = flat.argmax(axis=2)
    rows, cols = np.indices((N, C))

    def pull(ct):
        d = np.zeros_like(flat)
        d[rows, cols, idx] = ct * flat[rows, cols, idx]
        return d.reshape(x.shape)

    return flat[rows, cols, idx], pull


# the opposite ---------------------------------------------------------------------------------------


def upsample(x, factor=2):
    return np.kron(x, np.ones((factor, factor))), factor


def upsample_backward(dout, f):
    h, w = dout.shape[-2] // f, dout.shape[-1] // f
    return dout.reshape(*dout.shape[:-2], h, f, w, f).sum(axis=(-3, -1))


def upsample_backward_wrong(dout, f):
    return dout[..., ::f, ::f] * f**2


PIXELS, TWICE = "(n,c,4,6)->(n,c,2,3)", {"options": {"factor": Choice((2, 3))}}

PAIRS = [
    planted_pair(
        "max_pool",
        "(2,c,3,4)->",
        max_pool_forward,
        max_pool_backward,
        max_pool_backward_wrong,
        "overwrites where one pixel is the maximum of several windows",
        options={"stride": Choice((1, 2))},
    ),
    planted_pair(
        "cs_max_pool_reshape",
        PIXELS,
        max_pool_reshape,
        max_pool_reshape_backward,
        max_pool_reshape_backward_wrong,
        "masks what is positive instead of what is the maximum",
    ),
    planted_pullback("avg_pool", PIXELS, avg_pool, avg_pool_wrong, "divides by k instead of k^2"),
    planted_pair(
        "global_avg", "(n,c,h,w)->(n,c)", gap_forward, gap_backward, gap_backward_wrong, "divides by the height alone"
    ),
    planted_pullback("global_max", "(n,c,h,w)->(n,c)", global_max, global_max_wrong, "multiplies by the maximum"),
    planted_pair(
        "upsample", "(n,m)->", upsample, upsample_backward, upsample_backward_wrong, "one copy instead of all", **TWICE
    ),
]
