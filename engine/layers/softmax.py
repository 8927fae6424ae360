"""Softmax over the last axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(n,c)->(n,c)")
def softmax(z: Any) -> Any:
    """``exp(z) / sum(exp(z))`` along each row, shifted by the row's maximum, which changes nothing but overflow."""
    weights = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return weights / np.sum(weights, axis=-1, keepdims=True)


@softmax.pullback
def softmax(z: Any) -> Any:
    """Differential: ds = s dz - s (s^T dz), row by row.

    Trace form: ct^T ds = (s ct)^T dz - (ct^T s) s^T dz, products elementwise. Gradient: s (ct - <ct, s>).
    """
    weights = np.exp(z - np.max(z, axis=-1, keepdims=True))
    s = weights / np.sum(weights, axis=-1, keepdims=True)
    return s, lambda ct: s * (ct - np.sum(ct * s, axis=-1, keepdims=True))
