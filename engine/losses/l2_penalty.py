"""The L2 penalty, also called weight decay."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Real
from ..subjects import layer


@layer("(...)->()", strength=Real(low=0.0, high=2.0))
def l2_penalty(w: Any, strength: float = 1e-4) -> Any:
    """``strength / 2 * ||w||^2``"""
    return strength / 2 * np.sum(np.square(w))


@l2_penalty.pullback
def l2_penalty(w: Any, strength: float = 1e-4) -> Any:
    """Differential: ``dL = strength sum(w * dw)``.

    Trace form: ``dL = strength tr(w^T dw)``.

    Gradient: ``strength w``.
    """
    return strength / 2 * np.sum(np.square(w)), lambda ct: ct * strength * w
