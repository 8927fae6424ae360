"""Along one axis: sums, products and averages that run, sorting, the largest few, differences."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Interval, Nonzero
from backproof.engine.options import Choice

from ._making import planted_pair, planted_pullback

# running sums and products ------------------------------------------------------------------------


def cumsum(x):
    return np.cumsum(x, axis=-1), lambda g: np.flip(np.cumsum(np.flip(g, -1), axis=-1), -1)


def cumsum_wrong(x):
    return np.cumsum(x, axis=-1), lambda g: np.cumsum(g, axis=-1)


def cumprod(x):
    y = np.cumprod(x, axis=1)
    return y, (x, y)


def cumprod_backward(dy, cache):
    x, y = cache
    return (dy * y)[:, ::-1].cumsum(axis=1)[:, ::-1] / x


def cumprod_backward_wrong(dy, cache):
    x, y = cache
    return dy[:, ::-1].cumsum(axis=1)[:, ::-1] * y / x


# exponential moving average with a learned decay --------------------------------------------------


def ema(x, decay):
    """y[t] = decay y[t-1] + (1 - decay) x[t], starting at 0"""
    y = np.zeros_like(x)
    last = np.zeros_like(x[0])
    for t in range(len(x)):
        last = decay * last + (1 - decay) * x[t]
        y[t] = last
    return y, (x, y, decay)


def ema_backward(dy, cache):
    x, y, decay = cache
    dx, ddecay = np.zeros_like(x), np.zeros_like(decay)
    carry = np.zeros_like(x[0])
    for t in reversed(range(len(x))):
        carry = carry + dy[t]
        dx[t] = (1 - decay) * carry
        previous = y[t - 1] if t > 0 else 0.0
        ddecay += np.sum(carry * (previous - x[t]))
        carry = decay * carry
    return dx, ddecay


def ema_backward_wrong(dy, cache):
    x, y, decay = cache
    dx, ddecay = np.zeros_like(x), np.zeros_like(decay)
    carry = np.zeros_like(x[0])
    for t in reversed(range(len(x))):
        carry = carry + dy[t]
        dx[t] = (1 - decay) * carry
        ddecay += np.sum(carry * (y[t - 1] - x[t]))
        carry = decay * carry
    return dx, ddecay


def smooth_1d(x, width=3):
    """A moving average whose window is cut off at the ends."""
    out = np.empty_like(x)
    for i in range(len(x)):
        out[i] = np.mean(x[max(0, i - width // 2) : i + width // 2 + 1])
    return out, (len(x), width)


def smooth_1d_backward(g, cache):
    n, width = cache
    dx = np.zeros_like(g)
    for i in range(n):
        lo, hi = max(0, i - width // 2), min(n, i + width // 2 + 1)
        dx[lo:hi] += g[i] / (hi - lo)
    return dx


def smooth_1d_backward_wrong(g, cache):
    n, width = cache
    dx = np.zeros_like(g)
    for i in range(n):
        dx[max(0, i - width // 2) : i + width // 2 + 1] += g[i] / width
    return dx


# order ----------------------------------------------------------------------------------------------


def sort_rows(x):
    order = np.argsort(x, axis=1, kind="stable")
    inverse = np.argsort(order, axis=1)
    return np.take_along_axis(x, order, axis=1), lambda g: np.take_along_axis(g, inverse, axis=1)


def sort_rows_wrong(x):
    order = np.argsort(x, axis=1, kind="stable")
    return np.take_along_axis(x, order, axis=1), lambda g: np.take_along_axis(g, order, axis=1)


def topk_mean(x, k=2):
    top = np.argsort(x, axis=1)[:, -k:]
    return np.take_along_axis(x, top, axis=1).mean(axis=1), (x.shape, top, k)


def topk_mean_backward(dout, cache):
    shape, top, k = cache
    dx = np.zeros(shape, dtype=dout.dtype)
    np.put_along_axis(dx, top, dout[:, None] / k, axis=1)
    return dx


def topk_mean_backward_wrong(dout, cache):
    shape, _, k = cache
    dx = np.zeros(shape, dtype=dout.dtype)
    dx[:, -k:] = dout[:, None] / k
    return dx


# roughness of a signal, smoothed at 0 -------------------------------------------------------------


def total_variation(x):
    step = x[1:] - x[:-1]
    size = np.sqrt(step**2 + 1e-6)
    return size.sum(), (step, size, x.shape)


def total_variation_backward(g, cache):
    step, size, shape = cache
    d = g * step / size
    dx = np.zeros(shape, dtype=d.dtype)
    dx[1:] += d
    dx[:-1] -= d
    return dx


def total_variation_backward_wrong(g, cache):
    step, size, shape = cache
    d = g * step / size
    dx = np.zeros(shape, dtype=d.dtype)
    dx[1:] = d
    dx[:-1] = -d
    return dx


PAIRS = [
    planted_pullback("cumsum", "(...,n)->(...,n)", cumsum, cumsum_wrong, "sums from the wrong end"),
    planted_pair(
        "cumprod",
        "(m,n)->(m,n)",
        cumprod,
        cumprod_backward,
        cumprod_backward_wrong,
        "multiplies by the products after summing instead of before",
        domain={"x": Nonzero()},
    ),
    planted_pair(
        "ema",
        "(t,d),()->(t,d)",
        ema,
        ema_backward,
        ema_backward_wrong,
        "y[t-1] at t = 0 is the last output instead of the initial zero",
        domain={"decay": Interval(0.0, 1.0)},
    ),
    planted_pair(
        "moving_average",
        "(n)->(n)",
        smooth_1d,
        smooth_1d_backward,
        smooth_1d_backward_wrong,
        "divides by the width where the window is cut off",
        options={"width": Choice((3, 5))},
    ),
    planted_pullback("sort_rows", "(n,d)->(n,d)", sort_rows, sort_rows_wrong, "the permutation is not inverted"),
    planted_pair(
        "topk_mean",
        "(n,4)->(n)",
        topk_mean,
        topk_mean_backward,
        topk_mean_backward_wrong,
        "puts the gradient where the largest stand once sorted",
        options={"k": Choice((2, 1, 3))},
    ),
    planted_pair(
        "total_variation",
        "(n,m)->()",
        total_variation,
        total_variation_backward,
        total_variation_backward_wrong,
        "assigns the second share over the first instead of adding",
    ),
]
