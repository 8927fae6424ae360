"""Negative log-likelihood, with integer labels."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..domains import Labels
from ..options import Choice
from ..subjects import layer


@layer("(n,c),(n)->()", domain={"labels": Labels("c")}, batch="n", reduction=Choice(("mean", "sum")))
def negative_log_likelihood(log_p: Any, labels: Any, reduction: str = "mean") -> Any:
    """The mean (or sum) over rows of ``-log_p[label]``; log_p are log-probabilities (n, c), labels integers (n)."""
    losses = -log_p[np.arange(len(labels)), labels]
    return np.mean(losses) if reduction == "mean" else np.sum(losses)


@negative_log_likelihood.pullback
def negative_log_likelihood(log_p: Any, labels: Any, reduction: str = "mean") -> Any:
    """The loss is linear: ``-sum(y * log_p) / n`` with the one-hot labels ``y``.

    Differential: ``dL = -sum(y * d(log_p)) / n``.

    Trace form: ``dL = -tr(y^T d(log_p)) / n``.

    Gradient: ``-y / n``.
    """
    rows, classes = log_p.shape
    count = rows if reduction == "mean" else 1
    y = labels[:, None] == np.arange(classes)
    return -np.sum(log_p * y) / count, lambda ct: (-ct / count * y, None)
