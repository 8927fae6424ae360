"""Losses of yes or no: binary cross-entropy on logits and on probabilities, focal loss, dice."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Interval, Labels
from backproof.engine.options import Choice, Real

from ._making import planted_pair, planted_pullback

# binary cross-entropy, on logits and on probabilities -----------------------------------------


def bce_with_logits(z, t):
    loss = np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))

    def grad(g):
        s = 1 / (1 + np.exp(-z))
        return g * (s - t) / z.size

    return np.mean(loss), grad


def bce_with_logits_wrong(z, t):
    loss = np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))

    def grad(g):
        s = 1 / (1 + np.exp(-z))
        return g * (s - t) * s * (1 - s) / z.size

    return np.mean(loss), grad


def bce(p, t, reduction="mean"):
    losses = -(t * np.log(p) + (1 - t) * np.log(1 - p))
    return losses.mean() if reduction == "mean" else losses.sum(), (p, t)


def bce_grad(dout, cache, reduction="mean"):
    p, t = cache
    dp = (p - t) / (p * (1 - p))
    return dout * (dp / p.size if reduction == "mean" else dp)


def bce_grad_wrong(dout, cache, reduction="mean"):
    p, t = cache
    dp = (p - t) / (p * (1 - p))
    return dout * dp / p.shape[0]


# focal loss on one logit per example ----------------------------------------------------------


def focal(z, y, alpha=0.25, gamma=2):
    """``y`` is 0 or 1."""
    sign = 2.0 * y - 1
    pt = 1 / (1 + np.exp(-sign * z))
    at = np.where(y == 1, alpha, 1 - alpha)
    return np.sum(-at * (1 - pt) ** gamma * np.log(pt)), (sign, pt, at)


def focal_backward(dout, cache, gamma=2):
    sign, pt, at = cache
    dpt = at * gamma * (1 - pt) ** (gamma - 1) * np.log(pt) - at * (1 - pt) ** gamma / pt
    return dout * dpt * pt * (1 - pt) * sign


def focal_backward_wrong(dout, cache, gamma=2):
    sign, pt, at = cache
    dpt = -at * (1 - pt) ** gamma / pt
    return dout * dpt * pt * (1 - pt) * sign


# overlap --------------------------------------------------------------------------------------


def dice(p, t, smooth=1.0):
    inter, total = np.sum(p * t), np.sum(p) + np.sum(t)
    return 1 - (2 * inter + smooth) / (total + smooth), (inter, total, t, smooth)


def dice_backward(dout, cache):
    inter, total, t, smooth = cache
    return -dout * (2 * t / (total + smooth) - (2 * inter + smooth) / (total + smooth) ** 2)


def dice_backward_wrong(dout, cache):
    _, total, t, smooth = cache
    return -dout * (2 * t / (total + smooth))


UNIT = Interval(0.0, 1.0)
PROBABILITIES = {"domain": {"p": UNIT, "t": UNIT}, "constants": ("t",)}

PAIRS = [
    planted_pullback(
        "bce_with_logits",
        "(n),(n)->()",
        bce_with_logits,
        bce_with_logits_wrong,
        "multiplies by the sigmoid's derivative although it has cancelled",
        domain={"t": UNIT},
        constants=("t",),
    ),
    planted_pair(
        "bce",
        "(n,m),(n,m)->()",
        bce,
        bce_grad,
        bce_grad_wrong,
        "always divides by the number of rows, whatever the reduction",
        options={"reduction": Choice(("mean", "sum"))},
        **PROBABILITIES,
    ),
    planted_pair(
        "dice",
        "(n),(n)->()",
        dice,
        dice_backward,
        dice_backward_wrong,
        "forgets the derivative of the denominator",
        options={"smooth": Real(0.0, 2.0)},
        **PROBABILITIES,
    ),
    planted_pair(
        "focal",
        "(n),(n)->()",
        focal,
        focal_backward,
        focal_backward_wrong,
        "treats the modulating factor as a constant",
        domain={"y": Labels(2)},
        options={"alpha": Real(0.0, 1.0), "gamma": Choice((2, 1, 3))},
    ),
]
