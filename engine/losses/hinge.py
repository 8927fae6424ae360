"""The hinge loss of support vector machines."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Choice, Real
from ..subjects import layer


@layer("(n),(n)->()", batch="n", margin=Real(0.0, 4.0), reduction=Choice(("mean", "sum")))
def hinge(score: Any, target: Any, margin: float = 1.0, reduction: str = "mean") -> Any:
    """The mean (or sum) of ``max(margin - t score, 0)``; the target ``t`` is 1 or -1."""
    slack = np.maximum(margin - target * score, 0)
    return np.mean(slack) if reduction == "mean" else np.sum(slack)


@hinge.pullback
def hinge(score: Any, target: Any, margin: float = 1.0, reduction: str = "mean") -> Any:
    """``m`` is 1 where the slack is above 0, else 0; at the kink, 0 is one of the subgradients.

    Differential: ``dL = -sum(m * (t * ds + s * dt)) / n`` for scores ``s``.

    Trace form: ``dL = -(m * t)^T ds / n - (m * s)^T dt / n``.

    Gradient: ``-m t / n`` for the scores, ``-m s / n`` for the target, elementwise.
    """
    slack = margin - target * score
    active, count = slack > 0, slack.size if reduction == "mean" else 1
    return np.sum(slack * active) / count, lambda ct: (-ct * active * target / count, -ct * active * score / count)
