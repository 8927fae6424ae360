"""Losses of embeddings, by how far they are from each other: cosine, triplet, contrastive."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Mask
from backproof.engine.options import Real

from ._making import planted_pair, planted_pullback

EPS = 1e-8


# embeddings -----------------------------------------------------------------------------------


def cosine(a, b):
    na = np.sqrt(np.sum(a * a, axis=1, keepdims=True) + EPS)
    nb = np.sqrt(np.sum(b * b, axis=1, keepdims=True) + EPS)
    sim = np.sum(a * b, axis=1, keepdims=True) / (na * nb)
    return sim[:, 0], (a, b, na, nb, sim)


def cosine_backward(d_sim, cache):
    a, b, na, nb, sim = cache
    d_sim = d_sim.reshape(-1, 1)
    da = d_sim * (b / (na * nb) - sim * a / na**2)
    db = d_sim * (a / (na * nb) - sim * b / nb**2)
    return da, db


def cosine_backward_wrong(d_sim, cache):
    a, b, na, nb, sim = cache
    d_sim = d_sim.reshape(-1, 1)
    da = d_sim * (b / (na * nb) - sim * a / na)
    db = d_sim * (a / (na * nb) - sim * b / nb)
    return da, db


def triplet(anchor, pos, neg, margin=1.0):
    violation = np.sum((anchor - pos) ** 2, 1) - np.sum((anchor - neg) ** 2, 1) + margin
    active = (violation > 0)[:, None]

    def vjp(g):
        return 2 * g * active * (neg - pos), -2 * g * active * (anchor - pos), 2 * g * active * (anchor - neg)

    return np.maximum(violation, 0).sum(), vjp


def triplet_wrong(anchor, pos, neg, margin=1.0):
    violation = np.sum((anchor - pos) ** 2, 1) - np.sum((anchor - neg) ** 2, 1) + margin
    active = (violation > 0)[:, None]

    def vjp(g):
        return 2 * g * active * (pos - neg), -2 * g * active * (anchor - pos), 2 * g * active * (anchor - neg)

    return np.maximum(violation, 0).sum(), vjp


def contrastive(u, v, same, margin=1.0):
    """Pull together what is the same, push apart what is not."""
    diff = u - v
    dist = np.sqrt(np.sum(diff * diff, axis=-1) + EPS)
    gap = np.maximum(margin - dist, 0)
    return np.mean(np.where(same, dist**2, gap**2)), diff, dist, gap, same


def contrastive_backward(dout, diff, dist, gap, same):
    ddist = np.where(same, 2 * dist, -2 * gap) / len(dist)
    du = dout * (ddist / dist)[:, None] * diff
    return du, -du


def contrastive_backward_wrong(dout, diff, dist, gap, same):
    ddist = np.where(same, 2 * dist, -2 * gap) / len(dist)
    du = dout * ddist[:, None] * diff
    return du, -du


ROWS = "(n,d),(n,d)->(n)"

PAIRS = [
    planted_pair("cosine", ROWS, cosine, cosine_backward, cosine_backward_wrong, "norm instead of squared norm"),
    planted_pullback(
        "triplet", "(n,d),(n,d),(n,d)->()", triplet, triplet_wrong, "the anchor's gradient has the wrong sign"
    ),
    planted_pair(
        "contrastive",
        "(n,d),(n,d),(n)->()",
        contrastive,
        contrastive_backward,
        contrastive_backward_wrong,
        "the distance's derivative is not divided by the distance",
        domain={"same": Mask()},
        options={"margin": Real(0.0, 3.0)},
    ),
]
