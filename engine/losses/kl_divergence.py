"""The Kullback-Leibler divergence of two distributions."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..domains import positive
from ..options import Choice
from ..subjects import layer


@layer("(n,c),(n,c)->()", domain={"p": positive, "q": positive}, batch="n", reduction=Choice(("mean", "sum")))
def kl_divergence(p: Any, q: Any, reduction: str = "mean") -> Any:
    """The mean (or sum) over rows of ``sum_j p_ij (log(p_ij) - log(q_ij))``: what q costs where p is true."""
    losses = np.sum(p * (np.log(p) - np.log(q)), axis=1)
    return np.mean(losses) if reduction == "mean" else np.sum(losses)


@kl_divergence.pullback
def kl_divergence(p: Any, q: Any, reduction: str = "mean") -> Any:
    """``d(p log p) = (log p + 1) dp`` and ``d(log q) = dq / q``.

    Differential: ``dL = sum((log(p) - log(q) + 1) * dp - p / q * dq) / n`` with ``n`` rows.

    Trace form: ``dL = tr((log(p) - log(q) + 1)^T dp) / n - tr((p / q)^T dq) / n``.

    Gradient: ``(log(p) - log(q) + 1) / n`` for p, ``-(p / q) / n`` for q.
    """
    ratio = np.log(p) - np.log(q)
    count = len(ratio) if reduction == "mean" else 1
    return np.sum(p * ratio) / count, lambda ct: (ct * (ratio + 1) / count, -ct * p / q / count)


@kl_divergence.invariant
def kl_divergence(p: Any, q: Any, dp: Any, dq: Any, ct: Any, y: Any) -> Any:
    """p and q doubled double the divergence: p dp + q dq sums to it"""
    return np.sum(p * dp) + np.sum(q * dq), ct * y
