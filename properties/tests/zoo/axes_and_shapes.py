"""Axes, shapes and windows: the wrong axis, the wrong count, the inverse that is not one, an index off by one."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Labels
from backproof.engine.options import Choice, Permutation

from ._making import planted_pair, planted_pullback

# reductions ---------------------------------------------------------------------------------------------


def row_mean(x):
    return x.mean(axis=1), x


def right_row_mean(ct, x):
    return np.broadcast_to(ct[:, None] / x.shape[1], x.shape).copy()


def wrong_row_mean(ct, x):
    return np.broadcast_to(ct[:, None] / x.shape[0], x.shape).copy()


def sample_variance(x):
    mu = x.mean(axis=0)
    return ((x - mu) ** 2).sum(axis=0) / (len(x) - 1), (x, mu)


def right_sample_variance(dout, cache):
    x, mu = cache
    return 2.0 * dout * (x - mu) / (len(x) - 1)


def wrong_sample_variance(dout, cache):
    x, mu = cache
    return 2.0 * dout * (x - mu) / len(x)


def column_softmax(x):
    e = np.exp(x - x.max(axis=0, keepdims=True))
    p = e / e.sum(axis=0, keepdims=True)
    return p, p


def right_column_softmax(dp, p):
    return p * (dp - (dp * p).sum(axis=0, keepdims=True))


def wrong_column_softmax(dp, p):
    return p * (dp - (dp * p).sum(axis=1, keepdims=True))


def right_centred(x):
    return x - x.mean(axis=1, keepdims=True), lambda ct: ct - ct.mean(axis=1, keepdims=True)


def wrong_centred(x):
    return x - x.mean(axis=1, keepdims=True), lambda ct: ct - ct.mean(axis=1)


# orders of axes and entries -----------------------------------------------------------------------------


def right_permuted(x, axes=None):
    def pull(ct):
        return ct.transpose() if axes is None else ct.transpose(np.argsort(axes))

    return np.transpose(x, axes), pull


def wrong_permuted(x, axes=None):
    def pull(ct):
        return ct.transpose() if axes is None else ct.transpose(axes)

    return np.transpose(x, axes), pull


def flatten_channels_last(x):
    return x.transpose(0, 2, 3, 1).reshape(len(x), -1), x.shape


def right_flatten(dout, shape):
    n, c, h, w = shape
    return dout.reshape(n, h, w, c).transpose(0, 3, 1, 2)


def wrong_flatten(dout, shape):
    return dout.reshape(shape)


def scaled_heads(x, scale):
    heads = x.reshape(len(x), 2, 3).transpose(1, 0, 2)
    return heads * scale[:, None, :], (heads, scale, x.shape)


def right_scaled_heads(dy, cache):
    heads, scale, shape = cache
    dheads = dy * scale[:, None, :]
    return dheads.transpose(1, 0, 2).reshape(shape), (dy * heads).sum(axis=1)


def wrong_scaled_heads(dy, cache):
    heads, scale, shape = cache
    dheads = dy * scale[:, None, :]
    return dheads.reshape(shape), (dy * heads).sum(axis=1)


def in_order(scores):
    order = np.argsort(scores, kind="stable")
    return scores[order], order


def right_in_order(ct, order):
    dscores = np.empty_like(ct)
    dscores[order] = ct
    return dscores


def wrong_in_order(ct, order):
    return ct[order]


def right_against_neighbours(x, shift=1):
    return x - np.roll(x, shift), lambda ct: ct - np.roll(ct, -shift)


def wrong_against_neighbours(x, shift=1):
    return x - np.roll(x, shift), lambda ct: ct - np.roll(ct, shift)


def right_running_total(x):
    return np.cumsum(x), lambda ct: np.cumsum(ct[::-1])[::-1]


def wrong_running_total(x):
    return np.cumsum(x), lambda ct: np.cumsum(ct)[::-1]


def right_repeated(x, times=2):
    def pull(ct):
        return ct.reshape(x.shape[0], times, x.shape[1]).sum(axis=1)

    return np.repeat(x, times, axis=0), pull


def wrong_repeated(x, times=2):
    def pull(ct):
        return ct.reshape(times, x.shape[0], x.shape[1]).sum(axis=0)

    return np.repeat(x, times, axis=0), pull


# products -----------------------------------------------------------------------------------------------


def matvec(a, x):
    return a @ x


def right_matvec(ct, a, x):
    return np.outer(ct, x), a.T @ ct


def wrong_matvec(ct, a, x):
    return np.outer(x, ct), a.T @ ct


def bilinear(x, w, z):
    return np.einsum("ni,kij,nj->nk", x, w, z), (x, w, z)


def right_bilinear(ct, cache):
    x, w, z = cache
    dx = np.einsum("nk,kij,nj->ni", ct, w, z)
    dw = np.einsum("nk,ni,nj->kij", ct, x, z)
    return dx, dw, np.einsum("nk,ni,kij->nj", ct, x, w)


def wrong_bilinear(ct, cache):
    x, w, z = cache
    dx = np.einsum("nk,kij,nj->ni", ct, w, z)
    dw = np.einsum("nk,ni,nj->kji", ct, x, z)
    return dx, dw, np.einsum("nk,ni,kij->nj", ct, x, w)


def score(x, w):
    return (x @ w).ravel(), (x, w)


def right_score(ct, cache):
    x, w = cache
    return ct[:, None] @ w.T, x.T @ ct[:, None]


def wrong_score(ct, cache):
    x, w = cache
    return ct[:, None] @ w.T, x.T @ ct


def right_rows_mapped(x, w):
    return (x[:, None, :] @ w)[:, 0], lambda ct: ((ct[:, None, :] @ w.T)[:, 0], x.T @ ct)


def wrong_rows_mapped(x, w):
    return (x[:, None, :] @ w)[:, 0], lambda ct: ((ct[:, None, :] @ w.T).squeeze(), x.T @ ct)


# windows ------------------------------------------------------------------------------------------------


def right_correlated(x, w):
    y = np.array([x[i : i + 3] @ w for i in range(len(x) - 2)])

    def pull(ct):
        dx, dw = np.zeros_like(x), np.zeros_like(w)
        for i, c in enumerate(ct):
            dx[i : i + 3] += c * w
            dw += c * x[i : i + 3]
        return dx, dw

    return y, pull


def wrong_correlated(x, w):
    y = np.array([x[i : i + 3] @ w for i in range(len(x) - 2)])

    def pull(ct):
        dx, dw = np.zeros_like(x), np.zeros_like(w)
        for i, c in enumerate(ct):
            dx[i : i + 3] += c * w[::-1]
            dw += c * x[i : i + 3]
        return dx, dw

    return y, pull


def strided_energy(x, size=2, stride=1):
    steps = (x.shape[1] - size) // stride + 1
    return np.stack([(x[:, s * stride : s * stride + size] ** 2).sum(axis=1) for s in range(steps)], axis=1), x


def right_strided_energy(dy, x, size=2, stride=1):
    dx = np.zeros_like(x)
    for s in range((x.shape[1] - size) // stride + 1):
        window = slice(s * stride, s * stride + size)
        dx[:, window] += 2 * x[:, window] * dy[:, s : s + 1]
    return dx


def wrong_strided_energy(dy, x, size=2, stride=1):
    dx = np.zeros_like(x)
    for s in range((x.shape[1] - size) // stride):
        window = slice(s * stride, s * stride + size)
        dx[:, window] += 2 * x[:, window] * dy[:, s : s + 1]
    return dx


def strided_max(x, stride=2):
    hit = np.array([np.argmax(x[s : s + 2]) for s in range(0, len(x) - 1, stride)])
    return x[hit + stride * np.arange(len(hit))], (x, hit)


def right_strided_max(dy, cache, stride=2):
    x, hit = cache
    dx = np.zeros_like(x)
    dx[hit + stride * np.arange(len(hit))] = dy
    return dx


def wrong_strided_max(dy, cache, stride=2):
    x, hit = cache
    dx = np.zeros_like(x)
    dx[hit + 2 * np.arange(len(hit))] = dy
    return dx


def padded_square(x, pad=1):
    return np.pad(x, pad) ** 2, x


def right_padded_square(dy, x, pad=1):
    return 2 * x * dy[pad : pad + len(x)]


def wrong_padded_square(dy, x, pad=1):
    return 2 * x * dy[pad:-pad]


def same_filter(x, w):
    padded = np.pad(x, ((len(w) - 1) // 2, len(w) // 2))
    return np.array([padded[i : i + len(w)] @ w for i in range(len(x))]), (padded, w)


def right_same_filter(dy, cache):
    padded, w = cache
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i, d in enumerate(dy):
        dpadded[i : i + len(w)] += d * w
        dw += d * padded[i : i + len(w)]
    left = (len(w) - 1) // 2
    return dpadded[left : left + len(dy)], dw


def wrong_same_filter(dy, cache):
    padded, w = cache
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i, d in enumerate(dy):
        dpadded[i : i + len(w)] += d * w
        dw += d * padded[i : i + len(w)]
    left = len(w) // 2
    return dpadded[left : left + len(dy)], dw


def right_side_by_side(a, b):
    return np.concatenate([a, b], axis=1), lambda ct: (ct[:, : a.shape[1]], ct[:, a.shape[1] :])


def wrong_side_by_side(a, b):
    return np.concatenate([a, b], axis=1), lambda ct: (ct[:, : b.shape[1]], ct[:, b.shape[1] :])


def picked(x, choice):
    return np.take_along_axis(x, choice[:, None], axis=1)[:, 0], (x, choice)


def right_picked(ct, cache):
    x, choice = cache
    dx = np.zeros_like(x)
    dx[np.arange(len(x)), choice] = ct
    return dx


def wrong_picked(ct, cache):
    x, choice = cache
    dx = np.zeros_like(x)
    dx[:, choice] = ct
    return dx


PLANTED = (
    planted_pair(
        "row_mean",
        "(n,d)->(n)",
        (row_mean, right_row_mean),
        (row_mean, wrong_row_mean),
        "divides by the number of rows instead of the length of a row",
    ),
    planted_pair(
        "sample_variance",
        "(4,d)->(d)",
        (sample_variance, right_sample_variance),
        (sample_variance, wrong_sample_variance),
        "divides by N where the forward divides by N - 1",
    ),
    planted_pair(
        "column_softmax",
        "(n,c)->(n,c)",
        (column_softmax, right_column_softmax),
        (column_softmax, wrong_column_softmax),
        "sums over the other axis than the softmax runs over",
    ),
    planted_pullback(
        "centred", "(d,d)->(d,d)", right_centred, wrong_centred, "forgets keepdims, so that a mean of rows is a row"
    ),
    planted_pullback(
        "permuted",
        "(...)->",
        right_permuted,
        wrong_permuted,
        "transposes back by the permutation itself instead of its inverse",
        options={"axes": Permutation()},
    ),
    planted_pair(
        "flatten_channels_last",
        "(n,c,2,3)->",
        (flatten_channels_last, right_flatten),
        (flatten_channels_last, wrong_flatten),
        "reshapes back without undoing the transpose",
    ),
    planted_pair(
        "scaled_heads",
        "(t,6),(2,3)->(2,t,3)",
        (scaled_heads, right_scaled_heads),
        (scaled_heads, wrong_scaled_heads),
        "merges the heads without moving their axis back first",
    ),
    planted_pair(
        "in_order",
        "(n)->(n)",
        (in_order, right_in_order),
        (in_order, wrong_in_order),
        "gathers by the sorting order where it should scatter",
    ),
    planted_pullback(
        "against_neighbours",
        "(n)->(n)",
        right_against_neighbours,
        wrong_against_neighbours,
        "rolls the cotangent forwards instead of back",
        options={"shift": Choice((1, 2, -1))},
    ),
    planted_pullback(
        "running_total",
        "(n)->(n)",
        right_running_total,
        wrong_running_total,
        "reverses after the sum but not before it",
    ),
    planted_pullback(
        "repeated",
        "(n,d)->",
        right_repeated,
        wrong_repeated,
        "treats np.repeat as if it were np.tile",
        options={"times": Choice((2, 3))},
    ),
    planted_pair(
        "matvec",
        "(d,d),(d)->(d)",
        (matvec, right_matvec),
        (matvec, wrong_matvec),
        "swaps the factors of the outer product",
    ),
    planted_pair(
        "bilinear",
        "(n,d),(k,d,d),(n,d)->(n,k)",
        (bilinear, right_bilinear),
        (bilinear, wrong_bilinear),
        "writes kji for kij in the einsum of the weights",
    ),
    planted_pair(
        "score",
        "(n,d),(d,1)->(n)",
        (score, right_score),
        (score, wrong_score),
        "loses the trailing axis of size one of the weights",
        "shapes_and_dtypes",
    ),
    planted_pullback(
        "correlated",
        "(7),(3)->(5)",
        right_correlated,
        wrong_correlated,
        "flips the kernel of a correlation on the way back",
    ),
    planted_pair(
        "strided_energy",
        "(n,7)->",
        (strided_energy, right_strided_energy),
        (strided_energy, wrong_strided_energy),
        "forgets the last window",
        options={"size": Choice((2, 3)), "stride": Choice((1, 2, 3))},
    ),
    planted_pair(
        "strided_max",
        "(8)->",
        (strided_max, right_strided_max),
        (strided_max, wrong_strided_max),
        "steps by the size of the window instead of the stride",
        options={"stride": Choice((2, 3))},
    ),
    planted_pair(
        "padded_square",
        "(n)->",
        (padded_square, right_padded_square),
        (padded_square, wrong_padded_square),
        "cuts the padding off with [pad:-pad], which is empty where there is none",
        "shapes_and_dtypes",
        options={"pad": Choice((1, 2, 0))},
    ),
    planted_pullback(
        "rows_mapped",
        "(n,i),(i,o)->(n,o)",
        right_rows_mapped,
        wrong_rows_mapped,
        "squeezes all axes of size one, so that a batch of one loses its axis",
        "shapes_and_dtypes",
    ),
    planted_pair(
        "same_filter",
        "(5),(4)->(5)",
        (same_filter, right_same_filter),
        (same_filter, wrong_same_filter),
        "cuts half of an even kernel off the left, where the padding is one shorter",
    ),
    planted_pullback(
        "side_by_side",
        "(n,a),(n,b)->",
        right_side_by_side,
        wrong_side_by_side,
        "splits at the width of the second array",
        "shapes_and_dtypes",
    ),
    planted_pair(
        "picked",
        "(n,c),(n)->(n)",
        (picked, right_picked),
        (picked, wrong_picked),
        "writes [:, choice] where it means one column a row",
        domain={"choice": Labels("c")},
    ),
)
