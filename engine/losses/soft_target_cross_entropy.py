"""Softmax followed by cross-entropy with a distribution as the target."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Choice
from ..subjects import layer


@layer("(n,c),(n,c)->()", batch="n", reduction=Choice(("mean", "sum")))
def soft_target_cross_entropy(z: Any, target: Any, reduction: str = "mean") -> Any:
    """The mean (or sum) over rows of ``-sum_j y_ij log(s_ij)`` with ``s = softmax(z)``; z are logits, y the target."""
    log_s = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    losses = -np.sum(target * log_s, axis=1)
    return np.mean(losses) if reduction == "mean" else np.sum(losses)


@soft_target_cross_entropy.pullback
def soft_target_cross_entropy(z: Any, target: Any, reduction: str = "mean") -> Any:
    """With ``log s = z - log(sum(exp(z)))``, ``d(log s) = dz - 1 s^T dz``, row by row; 1 is a column of ones.

    Differential: ``dl = -y^T dz + (1^T y) s^T dz - (log s)^T dy``, for each row.

    Trace form: ``dL = tr(((1^T y) s - y)^T dz) / n - tr((log s)^T dy) / n``.

    Gradient: ``((1^T y) s - y) / n`` for the logits, which is ``(s - y) / n`` where a target sums to one;
    ``-log(s) / n`` for the target.
    """
    shifted = z - np.max(z, axis=1, keepdims=True)
    log_s = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    count = len(log_s) if reduction == "mean" else 1

    def pull(ct: Any) -> Any:
        share = ct / count
        return share * (np.exp(log_s) * np.sum(target, axis=1, keepdims=True) - target), -share * log_s

    return -np.sum(target * log_s) / count, pull


@soft_target_cross_entropy.invariant
def soft_target_cross_entropy(dz: Any) -> Any:
    """each row of the cotangent for z sums to zero: a shift of z changes nothing"""
    return np.sum(dz, axis=1), np.zeros(dz.shape[0])
