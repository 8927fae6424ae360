"""The logistic function."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(...)->(...)")
def sigmoid(x: Any) -> Any:
    """``1 / (1 + exp(-x))``, elementwise, through tanh, which overflows nowhere."""
    return (1 + np.tanh(x / 2)) / 2
