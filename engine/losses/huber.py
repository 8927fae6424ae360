"""The Huber loss: squares of small errors, absolute values of large ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Choice, Real
from ..subjects import layer


@layer("(n,o),(n,o)->()", batch="n", delta=Real(0.0, 4.0), reduction=Choice(("mean", "sum")))
def huber(prediction: Any, target: Any, delta: float = 1.0, reduction: str = "mean") -> Any:
    """The mean (or sum) of ``r^2 / 2`` where ``|r| <= delta``, else ``delta (|r| - delta / 2)``, of errors ``r``.

    Both are ``c (r - c / 2)`` with ``c``, the error clipped to ``delta``. Source: P. J. Huber, Ann. Math. Statist. 35
    (1964), 73-101.
    """
    residual = prediction - target
    clipped = np.clip(residual, -delta, delta)
    errors = clipped * (residual - clipped / 2)
    return np.mean(errors) if reduction == "mean" else np.sum(errors)


@huber.pullback
def huber(prediction: Any, target: Any, delta: float = 1.0, reduction: str = "mean") -> Any:
    """The slope of the parabola is ``r``, that of the lines ``delta`` and ``-delta``: the clipped error ``c``.

    Differential: ``dL = sum(c * dr) / n`` with ``r = prediction - target`` and ``n`` elements.

    Trace form: ``dL = tr(c^T dr) / n``.

    Gradient: ``c / n`` for the prediction, and minus that for the target.
    """
    residual = prediction - target
    size, count = np.abs(residual), residual.size if reduction == "mean" else 1
    inner = np.minimum(size, delta)

    def pull(ct: Any) -> Any:
        gradient = ct * np.clip(residual, -delta, delta) / count
        return gradient, -gradient

    return np.sum(inner * (size - inner / 2)) / count, pull


@huber.invariant
def huber(dprediction: Any, dtarget: Any) -> Any:
    """only the difference of prediction and target counts"""
    return dprediction, -dtarget
