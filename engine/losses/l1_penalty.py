"""The L1 penalty, which makes weights sparse."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Real
from ..subjects import layer


@layer("(...)->()", strength=Real(low=0.0, high=2.0))
def l1_penalty(w: Any, strength: float = 1e-4) -> Any:
    """``strength * sum(|w|)``"""
    return strength * np.sum(np.abs(w))


@l1_penalty.pullback
def l1_penalty(w: Any, strength: float = 1e-4) -> Any:
    """Differential: ``dL = strength sum(sign(w) * dw)``.

    Trace form: ``dL = strength tr(sign(w)^T dw)``.

    Gradient: ``strength sign(w)``; at 0, where every slope between -1 and 1 is a subgradient, 0.
    """
    signs = strength * np.sign(w)
    return np.sum(signs * w), lambda ct: ct * signs
