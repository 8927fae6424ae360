"""Softmax followed by cross-entropy, with weights for classes and a label that does not count."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..domains import Labels, positive
from ..options import Choice
from ..subjects import layer


@layer(
    "(n,c),(n),(c)->()",
    domain={"labels": Labels("c"), "weights": positive},
    ignored=Choice((-1, 0, 1)),
    reduction=Choice(("mean", "sum")),
)
def weighted_cross_entropy(z: Any, labels: Any, weights: Any, ignored: int = -1, reduction: str = "mean") -> Any:
    """``sum_i v_i l_i / sum_i v_i`` over rows, with ``l_i = -log(softmax(z_i))[label]`` and the label's weight ``v_i``.

    Rows whose label is ``ignored`` weigh nothing; if all are ignored the loss is 0. A sum is not divided.
    """
    rows = np.arange(len(labels))
    losses = np.logaddexp.reduce(z, axis=1) - z[rows, labels]
    v = np.where(labels == ignored, 0, weights[labels])
    total = np.sum(v) if reduction == "mean" and np.any(labels != ignored) else 1
    return np.sum(v * losses) / total


@weighted_cross_entropy.pullback
def weighted_cross_entropy(z: Any, labels: Any, weights: Any, ignored: int = -1, reduction: str = "mean") -> Any:
    """With ``L = sum_i v_i l_i / V``: a weight changes the sum and, where it is a mean, ``V``, the sum of all ``v_i``.

    Differential: ``dl_i = s_i^T dz_i - y_i^T dz_i``, and ``dL = sum_i (v_i dl_i + (l_i - L) dv_i) / V``; without
    the ``L`` where nothing is divided.

    Trace form: ``dL = tr((v (s - y))^T dz) / V + (Y^T (l - L))^T dw / V``, where the rows of ``Y`` are the ``y_i`` that
    count.

    Gradient: ``v (s - y) / V`` for the logits, ``Y^T (l - L) / V`` for the weights.
    """
    y = np.where(labels == ignored, -1, labels)[:, None] == np.arange(z.shape[1])
    shifted = z - np.max(z, axis=1, keepdims=True)
    log_s = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    v = np.sum(y * weights, axis=1, keepdims=True)
    total = np.sum(v) if reduction == "mean" and np.any(y) else 1
    loss = -np.sum(y * weights * log_s) / total

    def pull(ct: Any) -> Any:
        share = ct / total
        against = loss if reduction == "mean" else 0
        return share * v * (np.exp(log_s) - y), None, -share * np.sum(y * (log_s + against), axis=0)

    return loss, pull


@weighted_cross_entropy.invariant
def weighted_cross_entropy(dz: Any) -> Any:
    """each row of the cotangent for z sums to zero: a shift of z changes nothing"""
    return np.sum(dz, axis=1), np.zeros(dz.shape[0])
