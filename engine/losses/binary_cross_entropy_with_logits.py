"""Sigmoid followed by binary cross-entropy."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Choice
from ..subjects import layer


@layer("(n,o),(n,o)->()", batch="n", reduction=Choice(("mean", "sum")))
def binary_cross_entropy_with_logits(z: Any, target: Any, reduction: str = "mean") -> Any:
    """The mean (or sum) over all elements of ``-t log(p) - (1 - t) log(1 - p)`` with ``p = sigmoid(z)``.

    That is ``log(1 + e^z) - t z``, which overflows nowhere.
    """
    losses = np.logaddexp(0, z) - target * z
    return np.mean(losses) if reduction == "mean" else np.sum(losses)


@binary_cross_entropy_with_logits.pullback
def binary_cross_entropy_with_logits(z: Any, target: Any, reduction: str = "mean") -> Any:
    """``d(log(1 + e^z)) = e^z / (1 + e^z) dz = p dz``; ``p = e^-log(1 + e^-z)`` stays exact where it is small.

    Differential: ``dL = sum((p - t) * dz - z * dt) / n`` with ``t`` the target and ``n`` elements.

    Trace form: ``dL = tr((p - t)^T dz) / n - tr(z^T dt) / n``.

    Gradient: ``(p - t) / n`` for the logits, ``-z / n`` for the target.
    """
    p = np.exp(-np.logaddexp(0, -z))
    count = p.size if reduction == "mean" else 1
    loss = np.sum(np.logaddexp(0, z) - target * z) / count
    return loss, lambda ct: (ct * (p - target) / count, -ct * z / count)
