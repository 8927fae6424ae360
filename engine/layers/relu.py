"""The rectified linear unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(...)->(...)")
def relu(x: Any) -> Any:
    """``max(x, 0)``, elementwise; its derivative at 0 is 0."""
    return np.maximum(x, 0)


@relu.pullback
def relu(x: Any) -> Any:
    """Differential: ``dy = m * dx``, with the mask ``m`` one where ``x > 0`` and zero elsewhere.

    Trace form: ``<ct, dy> = <m * ct, dx>``. Gradient: ``m * ct``.
    """
    return np.maximum(x, 0), lambda ct: ct * (x > 0)


@relu.invariant
def relu(x: Any, dx: Any) -> Any:
    """the derivative at 0 is 0"""
    return np.where(x == 0, dx, 0), np.zeros(np.shape(x))
