"""Cross-entropy of probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..domains import positive
from ..options import Choice
from ..subjects import layer


@layer("(n,c),(n,c)->()", domain={"p": positive}, batch="n", reduction=Choice(("mean", "sum")))
def cross_entropy(p: Any, target: Any, reduction: str = "mean") -> Any:
    """The mean (or sum) over rows of ``-sum_j t_ij log(p_ij)``: predicted probabilities and true ones, both (n, c)."""
    losses = -np.sum(target * np.log(p), axis=1)
    return np.mean(losses) if reduction == "mean" else np.sum(losses)


@cross_entropy.pullback
def cross_entropy(p: Any, target: Any, reduction: str = "mean") -> Any:
    """``d(log p) = dp / p``.

    Differential: ``dL = -sum(t * dp / p + log(p) * dt) / n`` with ``t`` the target and ``n`` rows.

    Trace form: ``dL = -tr((t / p)^T dp) / n - tr(log(p)^T dt) / n``.

    Gradient: ``-(t / p) / n`` for the probabilities, ``-log(p) / n`` for the target.
    """
    surprise = -np.log(p)
    count = len(surprise) if reduction == "mean" else 1
    return np.sum(target * surprise) / count, lambda ct: (-ct * target / p / count, ct * surprise / count)


@cross_entropy.invariant
def cross_entropy(p: Any, target: Any, dp: Any, ct: Any, reduction: Any) -> Any:
    """each row of p * dp sums to minus the sum of its targets: it scales the row's probabilities, whatever they are"""
    return np.sum(p * dp, axis=1), -ct * np.sum(target, axis=1) / (len(p) if reduction == "mean" else 1)
