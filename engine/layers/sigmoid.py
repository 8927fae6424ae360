"""The logistic function."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(...)->(...)")
def sigmoid(x: Any) -> Any:
    """``1 / (1 + exp(-x))``, elementwise, through tanh, which overflows nowhere."""
    return (1 + np.tanh(x / 2)) / 2


@sigmoid.pullback
def sigmoid(x: Any) -> Any:
    """Differential: ``dy = y (1 - y) * dx``, where ``y (1 - y) = (1 - t^2) / 4`` with ``t = tanh(x / 2)``.

    Trace form: ``<ct, dy> = <(1 - t^2) / 4 * ct, dx>``. Gradient: ``(1 - t^2) / 4 * ct``.
    """
    t = np.tanh(x / 2)
    return (1 + t) / 2, lambda ct: ct * ((1 - t) * (1 + t) / 4)
