"""Softmax followed by cross-entropy, with integer labels that are not trusted wholly."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..domains import Labels
from ..options import Choice, Real
from ..subjects import layer


@layer(
    "(n,c),(n)->()",
    domain={"labels": Labels("c")},
    batch="n",
    smoothing=Real(0.0, 1.0),
    reduction=Choice(("mean", "sum")),
)
def smoothed_cross_entropy(z: Any, labels: Any, smoothing: float = 0.1, reduction: str = "mean") -> Any:
    """The mean (or sum) over rows of ``-(1 - a) log(s)[label] - a mean(log(s))``, with ``s = softmax(z)`` of the logits
    z (n, c), and ``a`` the smoothing: the share of the target that is spread evenly over all classes.

    Source: C. Szegedy et al., Rethinking the Inception Architecture, CVPR 2016, section 7.
    """
    log_s = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    losses = -(1 - smoothing) * log_s[np.arange(len(z)), labels] - smoothing * np.mean(log_s, axis=1)
    return np.mean(losses) if reduction == "mean" else np.sum(losses)


@smoothed_cross_entropy.pullback
def smoothed_cross_entropy(z: Any, labels: Any, smoothing: float = 0.1, reduction: str = "mean") -> Any:
    """Cross-entropy with the target ``y = (1 - a) onehot + a / c``, whose rows sum to one.

    Differential: ``dl = s^T dz - y^T dz``, for each row.

    Trace form: ``dL = tr((s - y)^T dz) / n``.

    Gradient: ``(s - y) / n``.
    """
    rows, classes = z.shape
    count = rows if reduction == "mean" else 1
    y = ((1 - smoothing) * (labels[:, None] == np.arange(classes)) + smoothing / classes).astype(z.dtype)
    shifted = z - np.max(z, axis=1, keepdims=True)
    log_s = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.sum(y * log_s) / count, lambda ct: (ct * (np.exp(log_s) - y) / count, None)


@smoothed_cross_entropy.invariant
def smoothed_cross_entropy(dz: Any) -> Any:
    """each row of the cotangent for z sums to zero: a shift of z changes nothing"""
    return np.sum(dz, axis=1), np.zeros(dz.shape[0])
