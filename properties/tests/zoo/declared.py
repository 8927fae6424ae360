"""Forward and pullback that agree with each other, and not with what is declared of them."""

from __future__ import annotations

import numpy as np

from ._making import planted_pair, planted_pullback


def right_row_norm(x, g):
    xc = x - x.mean(axis=1, keepdims=True)
    inv = 1 / np.sqrt((xc**2).mean(axis=1, keepdims=True) + 0.125)
    y = xc * inv

    def pull(ct):
        d = ct * g
        dx = inv * (d - d.mean(axis=1, keepdims=True) - y * (d * y).mean(axis=1, keepdims=True))
        return dx, (ct * y).sum(axis=0)

    return g * y, pull


def wrong_row_norm(x, g):
    xc = x - x.mean(axis=0, keepdims=True)
    inv = 1 / np.sqrt((xc**2).mean(axis=0, keepdims=True) + 0.125)
    y = xc * inv

    def pull(ct):
        d = ct * g
        dx = inv * (d - d.mean(axis=0, keepdims=True) - y * (d * y).mean(axis=0, keepdims=True))
        return dx, (ct * y).sum(axis=0)

    return g * y, pull


def mean_of_losses(x, w):
    return (w * x**2).sum(axis=1).mean(), (x, w)


def right_mean_of_losses(ct, cache):
    x, w = cache
    return 2 * ct * w * x / len(x)


def mean_by_weight(x, w):
    return (w * x**2).sum() / (1 + (w**2).sum()), (x, w)


def wrong_mean_by_weight(ct, cache):
    x, w = cache
    return 2 * ct * w * x / (1 + (w**2).sum())


def right_probabilities(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return p, lambda ct: p * (ct - (ct * p).sum(axis=-1, keepdims=True))


def wrong_probabilities(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    total = e.sum(axis=-1, keepdims=True) + np.exp(-x.max(axis=-1, keepdims=True))
    p = e / total
    return p, lambda ct: p * (ct - (ct * p).sum(axis=-1, keepdims=True))


def shift_means_nothing(x, dx):
    """The cotangents of each row sum to zero, because a shift of a row changes nothing."""
    return dx.sum(axis=-1), np.zeros(dx.shape[:-1])


def right_turned(x, angle):
    c, s = np.cos(angle), np.sin(angle)
    y = np.stack([c * x[:, 0] - s * x[:, 1], s * x[:, 0] + c * x[:, 1]], axis=1)

    def pull(ct):
        dx = np.stack([c * ct[:, 0] + s * ct[:, 1], c * ct[:, 1] - s * ct[:, 0]], axis=1)
        return dx, np.sum(ct[:, 1] * y[:, 0] - ct[:, 0] * y[:, 1])

    return y, pull


def wrong_turned(x, angle):
    c, s = np.cos(angle), np.sin(angle)
    y = np.stack([c * x[:, 0] + s * x[:, 1], s * x[:, 0] + c * x[:, 1]], axis=1)

    def pull(ct):
        dx = np.stack([c * ct[:, 0] + s * ct[:, 1], c * ct[:, 1] + s * ct[:, 0]], axis=1)
        turning = ct[:, 0] * (c * x[:, 1] - s * x[:, 0]) + ct[:, 1] * (c * x[:, 0] - s * x[:, 1])
        return dx, turning.sum()

    return y, pull


def lengths_stay(x, y):
    """A rotation leaves the length of every point as it is."""
    return (x * x).sum(axis=1), (y * y).sum(axis=1)


PLANTED = (
    planted_pullback(
        "row_norm",
        "(n,d),(d)->(n,d)",
        right_row_norm,
        wrong_row_norm,
        "normalises over the batch instead of each row, consistently",
        "batch_separable",
        batch="n",
    ),
    planted_pair(
        "mean_of_losses",
        "(n,d),(n,d)->()",
        (mean_of_losses, right_mean_of_losses),
        (mean_by_weight, wrong_mean_by_weight),
        "divides by the weights of the whole batch instead of its size, consistently",
        "batch_separable",
        constants=("w",),
        batch="n",
        reduction="mean",
    ),
    planted_pullback(
        "probabilities",
        "(n,c)->(n,c)",
        right_probabilities,
        wrong_probabilities,
        "adds one to the denominator of a softmax, consistently",
        "invariants",
        invariants=(shift_means_nothing,),
    ),
    planted_pullback(
        "turned",
        "(n,2),()->(n,2)",
        right_turned,
        wrong_turned,
        "has the sign of a sine wrong in a rotation, consistently",
        "invariants",
        invariants=(lengths_stay,),
    ),
)
