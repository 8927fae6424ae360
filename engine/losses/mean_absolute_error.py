"""Mean absolute error, also called the L1 loss."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Choice
from ..subjects import layer


@layer("(n,o),(n,o)->()", batch="n", reduction=Choice(("mean", "sum")))
def mean_absolute_error(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """The mean (or sum) of ``|prediction - target|`` over all elements."""
    errors = np.abs(prediction - target)
    return np.mean(errors) if reduction == "mean" else np.sum(errors)


@mean_absolute_error.pullback
def mean_absolute_error(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """The derivative of ``|r|`` is ``sign(r)``, and at 0, where it has none, 0.

    Differential: ``dL = sum(sign(r) * dr) / n`` with ``r = prediction - target`` and ``n`` elements.

    Trace form: ``dL = tr(sign(r)^T dr) / n``.

    Gradient: ``sign(r) / n`` for the prediction, and minus that for the target.
    """
    residual = prediction - target
    count = residual.size if reduction == "mean" else 1

    def pull(ct: Any) -> Any:
        gradient = ct * np.sign(residual) / count
        return gradient, -gradient

    return np.sum(np.abs(residual)) / count, pull


@mean_absolute_error.invariant
def mean_absolute_error(dprediction: Any, dtarget: Any) -> Any:
    """only the difference of prediction and target counts"""
    return dprediction, -dtarget
