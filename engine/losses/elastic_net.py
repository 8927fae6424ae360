"""The elastic net: L1 and L2 penalties, mixed."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Real
from ..subjects import layer


@layer("(...)->()", strength=Real(low=0.0, high=2.0), ratio=Real(low=0.0, high=1.0))
def elastic_net(w: Any, strength: float = 1e-4, ratio: float = 0.5) -> Any:
    """``strength (ratio sum(|w|) + (1 - ratio) / 2 ||w||^2)``

    Source: H. Zou, T. Hastie, J. R. Stat. Soc. B 67 (2005), 301-320, with the weights of scikit-learn.
    """
    return strength * (ratio * np.sum(np.abs(w)) + (1 - ratio) / 2 * np.sum(np.square(w)))


@elastic_net.pullback
def elastic_net(w: Any, strength: float = 1e-4, ratio: float = 0.5) -> Any:
    """Differential: ``dL = strength sum((ratio sign(w) + (1 - ratio) w) * dw)``.

    Trace form: ``dL = strength tr((ratio sign(w) + (1 - ratio) w)^T dw)``.

    Gradient: ``strength (ratio sign(w) + (1 - ratio) w)``.
    """
    sparse, small = strength * ratio * np.sign(w), strength * (1 - ratio) * w
    return np.sum((sparse + small / 2) * w), lambda ct: ct * (sparse + small)
