"""Norms, distances and kernels between points, graphs of them, and what is summed in an exponent."""

from __future__ import annotations

import numpy as np
from numpy import linalg

from backproof.engine.domains import Labels, Nonzero, positive

from ._making import planted_pair, planted_pullback

# norms ------------------------------------------------------------------------------------------------


def l2_normalize(x, eps=1e-12):
    norm = np.sqrt((x * x).sum(axis=-1, keepdims=True) + eps)
    y = x / norm
    return y, (y, norm)


def l2_normalize_backward(dy, cache):
    y, norm = cache
    return (dy - y * (dy * y).sum(axis=-1, keepdims=True)) / norm


def l2_normalize_backward_wrong(dy, cache):
    _, norm = cache
    return dy / norm


def lengths(x):
    n = linalg.norm(x, axis=1)
    return n, lambda g: g[:, None] * x / n[:, None]


def lengths_wrong(x):
    n = linalg.norm(x, axis=1)
    return n, lambda g: g[:, None] * x / n[:, None] ** 2


# logsumexp --------------------------------------------------------------------------------------------


def logsumexp(x, weights):
    """log sum_j weights_j exp(x_j), along the last axis"""
    top = np.amax(x, axis=-1, keepdims=True)
    terms = weights * np.exp(x - top)
    total = terms.sum(axis=-1, keepdims=True)
    return (np.log(total) + top).squeeze(-1), (np.exp(x - top), weights, total)


def logsumexp_backward(g, cache):
    e, weights, total = cache
    share = g[..., None] * e / total
    return share * weights, share.reshape(-1, len(weights)).sum(axis=0)


def logsumexp_backward_wrong(g, cache):
    e, weights, total = cache
    share = g[..., None] * e / total
    return share, share.reshape(-1, len(weights)).sum(axis=0)


# distances between all points -------------------------------------------------------------------------


def squared_distances(x, y):
    d = np.sum(x**2, axis=1)[:, None] + np.sum(y**2, axis=1)[None, :] - 2 * x @ y.T
    return d, x, y


def squared_distances_backward(dout, x, y):
    dx = 2 * (dout.sum(axis=1)[:, None] * x - dout @ y)
    dy = 2 * (dout.sum(axis=0)[:, None] * y - dout.T @ x)
    return dx, dy


def squared_distances_backward_wrong(dout, x, y):
    dx = 2 * dout.sum(axis=1)[:, None] * x - dout @ y
    dy = 2 * dout.sum(axis=0)[:, None] * y - dout.T @ x
    return dx, dy


def rbf(x, centres, gamma):
    diff = x[:, None, :] - centres[None, :, :]
    sq = np.sum(diff**2, axis=-1)
    k = np.exp(-gamma * sq)

    def vjp(g):
        gk = g * k
        ddiff = -2 * gamma * gk[:, :, None] * diff
        return ddiff.sum(axis=1), -ddiff.sum(axis=0), -np.sum(gk * sq)

    return k, vjp


def rbf_wrong(x, centres, gamma):
    diff = x[:, None, :] - centres[None, :, :]
    sq = np.sum(diff**2, axis=-1)
    k = np.exp(-gamma * sq)

    def vjp(g):
        gk = g * k
        ddiff = -2 * gamma * gk[:, :, None] * diff
        return ddiff.sum(axis=1), -ddiff.sum(axis=0), -np.sum(g * sq)

    return k, vjp


def spread(x):
    """The mean distance of points from each other, each pair once, by loops."""
    n = x.shape[0]
    total, parts = 0.0, []
    for i in range(n):
        for j in range(i + 1, n):
            d = float(np.sqrt(np.sum((x[i] - x[j]) ** 2) + 1e-9))
            total += d
            parts.append((i, j, d))
    return total / n, (x, parts)


def spread_backward(dout, cache):
    x, parts = cache
    dx = np.zeros(x.shape)
    for i, j, d in parts:
        dx[i] += dout * (x[i] - x[j]) / d / len(x)
        dx[j] -= dout * (x[i] - x[j]) / d / len(x)
    return dx


def spread_backward_wrong(dout, cache):
    x, parts = cache
    dx = np.zeros(x.shape)
    for i, j, d in parts:
        dx[i] += dout * (x[i] - x[j]) / d / len(x)
        dx[j] += dout * (x[i] - x[j]) / d / len(x)
    return dx


# messages along the edges of a graph --------------------------------------------------------------------


def message_passing(x, W, src, dst):
    messages = x[src] @ W
    out = np.zeros((x.shape[0], W.shape[1]))
    np.add.at(out, dst, messages)
    return out, (x, W, src, dst)


def message_passing_backward(dout, cache):
    x, W, src, dst = cache
    dmessages = dout[dst]
    dx = np.zeros(x.shape)
    np.add.at(dx, src, dmessages @ W.T)
    return dx, x[src].T @ dmessages


def message_passing_backward_wrong(dout, cache):
    x, W, src, dst = cache
    dmessages = dout[src]
    dx = np.zeros(x.shape)
    np.add.at(dx, dst, dmessages @ W.T)
    return dx, x[src].T @ dmessages


PAIRS = [
    planted_pair(
        "l2_normalize",
        "(...,d)->(...,d)",
        l2_normalize,
        l2_normalize_backward,
        l2_normalize_backward_wrong,
        "treats the norm as a constant",
    ),
    planted_pullback(
        "lengths", "(n,d)->(n)", lengths, lengths_wrong, "divides by the squared norm", domain={"x": Nonzero()}
    ),
    planted_pair(
        "logsumexp",
        "(n,m,d),(d)->(n,m)",
        logsumexp,
        logsumexp_backward,
        logsumexp_backward_wrong,
        "x's gradient forgets the weights",
        domain={"weights": positive},
    ),
    planted_pair(
        "squared_distances",
        "(n,d),(m,d)->(n,m)",
        squared_distances,
        squared_distances_backward,
        squared_distances_backward_wrong,
        "the cross terms lack the factor 2",
    ),
    planted_pullback(
        "rbf", "(n,d),(m,d),()->(n,m)", rbf, rbf_wrong, "gamma's gradient forgets k", domain={"gamma": positive}
    ),
    planted_pair(
        "spread", "(n,d)->()", spread, spread_backward, spread_backward_wrong, "both ends are pushed the same way"
    ),
    planted_pair(
        "message_passing",
        "(n,d),(d,o),(e),(e)->(n,o)",
        message_passing,
        message_passing_backward,
        message_passing_backward_wrong,
        "sources and destinations are swapped on the way back",
        domain={"src": Labels("n"), "dst": Labels("n")},
    ),
]
