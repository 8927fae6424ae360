"""Mean squared error."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(n,o),(n,o)->()", batch="n", reduction="mean")
def mean_squared_error(prediction: Any, target: Any) -> Any:
    """The mean of ``(prediction - target)^2`` over all elements."""
    return np.mean(np.square(prediction - target))


@mean_squared_error.pullback
def mean_squared_error(prediction: Any, target: Any) -> Any:
    """Differential: ``dL = 2 sum(r * dr) / n`` with ``r = prediction - target`` and ``n`` elements.

    Trace form: ``dL = 2 tr(r^T dr) / n``.

    Gradient: ``2 r / n`` for the prediction, and minus that for the target.
    """
    residual = prediction - target

    def pull(ct: Any) -> Any:
        gradient = 2 * ct * residual / residual.size
        return gradient, -gradient

    return np.mean(np.square(residual)), pull


@mean_squared_error.invariant
def mean_squared_error(dprediction: Any, dtarget: Any) -> Any:
    """only the difference of prediction and target counts"""
    return dprediction, -dtarget
