"""The gates of recurrent networks."""

from __future__ import annotations

from typing import Any

import numpy as np


def sigmoid(z: Any) -> Any:
    """``1 / (1 + exp(-z))``, elementwise, through tanh, which overflows nowhere."""
    return (1 + np.tanh(z / 2)) / 2
