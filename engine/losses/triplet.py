"""The triplet loss: nearer to the one than to the other, by a margin."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Choice, Real
from ..subjects import layer


@layer("(n,d),(n,d),(n,d)->()", batch="n", margin=Real(0.0, 4.0), reduction=Choice(("mean", "sum")))
def triplet(anchor: Any, like: Any, unlike: Any, margin: float = 0.2, reduction: str = "mean") -> Any:
    """The mean (or sum) over rows of ``max(||anchor - like||^2 - ||anchor - unlike||^2 + margin, 0)``.

    Source: F. Schroff, D. Kalenichenko, J. Philbin, FaceNet, CVPR 2015, equation 3.
    """
    near, far = np.sum((anchor - like) ** 2, axis=1), np.sum((anchor - unlike) ** 2, axis=1)
    losses = np.maximum(near - far + margin, 0)
    return np.mean(losses) if reduction == "mean" else np.sum(losses)


@triplet.pullback
def triplet(anchor: Any, like: Any, unlike: Any, margin: float = 0.2, reduction: str = "mean") -> Any:
    """``d||x||^2 = 2 x^T dx``; ``m`` is 1 for the rows whose loss is above 0, else 0.

    Differential: ``dl = 2 m (a - p)^T (da - dp) - 2 m (a - q)^T (da - dq)``, with ``p`` like ``a`` and ``q`` not.

    Trace form: ``dL = 2 tr((m (q - p))^T da) / n + 2 tr((m (p - a))^T dp) / n + 2 tr((m (a - q))^T dq) / n``.

    Gradient: ``2 m (q - p) / n``, ``2 m (p - a) / n`` and ``2 m (a - q) / n``.
    """
    toward, away = like - anchor, anchor - unlike
    losses = np.sum(toward * toward - away * away, axis=1, keepdims=True) + margin
    active, count = losses > 0, len(losses) if reduction == "mean" else 1

    def pull(ct: Any) -> Any:
        slope = 2 * ct * active / count
        return slope * (unlike - like), slope * toward, slope * away

    return np.sum(losses * active) / count, pull


@triplet.invariant
def triplet(danchor: Any, dlike: Any, dunlike: Any) -> Any:
    """only differences count: the three cotangents sum to zero"""
    return danchor + dlike + dunlike, np.zeros(danchor.shape)
