"""Softmax followed by cross-entropy, with integer labels."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..domains import Labels
from ..subjects import layer


@layer("(n,c),(n)->()", domain={"labels": Labels("c")}, batch="n", reduction="mean")
def softmax_cross_entropy(z: Any, labels: Any) -> Any:
    """The mean over rows of ``log(sum(exp(z))) - z_label``; z are logits of shape (n, c), labels integers (n)."""
    shifted = z - np.max(z, axis=1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(shifted), axis=1))
    return np.mean(log_sum - shifted[np.arange(len(labels)), labels])


@softmax_cross_entropy.pullback
def softmax_cross_entropy(z: Any, labels: Any) -> Any:
    """The loss of a row is ``l = log(1^T e^z) - y^T z`` with the one-hot label ``y``; ``s = softmax(z)``.

    Differential: ``dl = s^T dz - y^T dz``, row by row.

    Trace form: ``dL = tr((s - y)^T dz) / n`` with ``n`` rows.

    Gradient: ``(s - y) / n``.
    """
    rows, shifted = np.arange(len(labels)), z - np.max(z, axis=1, keepdims=True)
    weights = np.exp(shifted)
    total = np.sum(weights, axis=1, keepdims=True)
    y = np.arange(z.shape[1]) == labels[:, None]
    loss = np.mean(np.log(total[:, 0]) - shifted[rows, labels])
    return loss, lambda ct: (ct * (weights / total - y) / len(labels), None)


@softmax_cross_entropy.invariant
def softmax_cross_entropy(dz: Any) -> Any:
    """each row of the cotangent for z sums to zero: a shift of its logits changes nothing"""
    return np.sum(dz, axis=1), np.zeros(dz.shape[0])
