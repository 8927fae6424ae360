"""The logarithm of the hyperbolic cosine of the error: a smooth absolute value."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Choice
from ..subjects import layer


@layer("(n,o),(n,o)->()", batch="n", reduction=Choice(("mean", "sum")))
def log_cosh(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """The mean (or sum) of ``log(cosh(r))``, which is ``log(e^r + e^-r) - log(2)``, of errors ``r``."""
    residual = prediction - target
    errors = np.logaddexp(residual, -residual) - np.log(2 * np.ones_like(residual))
    return np.mean(errors) if reduction == "mean" else np.sum(errors)


@log_cosh.pullback
def log_cosh(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """``cosh r = e^|r| (1 + e^(-2 |r|)) / 2``, and ``d(log cosh r) = sinh r / cosh r dr = tanh r dr``.

    Differential: ``dL = sum(tanh(r) * dr) / n`` with ``r = prediction - target`` and ``n`` elements.

    Trace form: ``dL = tr(tanh(r)^T dr) / n``.

    Gradient: ``tanh(r) / n`` for the prediction, and minus that for the target.
    """
    residual = prediction - target
    size, count = np.abs(residual), residual.size if reduction == "mean" else 1
    errors = size + np.log1p(np.expm1(-2 * size) / 2)

    def pull(ct: Any) -> Any:
        gradient = ct * np.tanh(residual) / count
        return gradient, -gradient

    return np.sum(errors) / count, pull


@log_cosh.invariant
def log_cosh(dprediction: Any, dtarget: Any) -> Any:
    """only the difference of prediction and target counts"""
    return dprediction, -dtarget
