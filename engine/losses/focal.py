"""The focal loss: cross-entropy that cares less for what is already right."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..domains import mask
from ..options import Choice, Real
from ..subjects import layer


@layer(
    "(n,o),(n,o)->()",
    domain={"target": mask},
    batch="n",
    gamma=Real(0.0, 4.0),
    alpha=Real(0.0, 1.0),
    reduction=Choice(("mean", "sum")),
)
def focal(z: Any, target: Any, gamma: float = 2.0, alpha: float = 0.25, reduction: str = "mean") -> Any:
    """The mean (or sum) of ``-w (1 - q)^gamma log(q)``: ``q`` is the probability of what is true, from the logits z;
    ``w`` is ``alpha`` where the target holds, else ``1 - alpha``.

    Source: T.-Y. Lin et al., Focal Loss for Dense Object Detection, ICCV 2017, equation 5.
    """
    u = np.where(target, z, -z)
    losses = np.exp(-gamma * np.logaddexp(0, u)) * np.logaddexp(0, -u)
    losses = np.where(target, alpha * losses, (1 - alpha) * losses)
    return np.mean(losses) if reduction == "mean" else np.sum(losses)


@focal.pullback
def focal(z: Any, target: Any, gamma: float = 2.0, alpha: float = 0.25, reduction: str = "mean") -> Any:
    """With ``u = z`` where the target holds, else ``-z``: ``q = sigmoid(u)``, ``dq = q (1 - q) du``.

    Differential: ``d(-(1 - q)^gamma log q) = (1 - q)^gamma (gamma q log(q) - (1 - q)) du``.

    Trace form: ``dL = tr(g^T dz) / n`` with ``g = w * (1 - q)^gamma * (gamma q log(q) - (1 - q)) * du/dz``.

    Gradient: ``g / n``; ``du/dz`` is 1 or -1.
    """
    u = np.where(target, z, -z)
    log_q, log_rest = -np.logaddexp(0, -u), -np.logaddexp(0, u)
    hard, count = np.exp(gamma * log_rest), u.size if reduction == "mean" else 1

    def weighted(term: Any) -> Any:
        return np.where(target, alpha * term, (1 - alpha) * term)

    def pull(ct: Any) -> Any:
        slope = weighted(ct * hard * (gamma * np.exp(log_q) * log_q - np.exp(log_rest))) / count
        return np.where(target, slope, -slope), None

    return -np.sum(weighted(hard * log_q)) / count, pull
