"""Softmax over the last axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(n,c)->(n,c)", batch="n")
def softmax(z: Any) -> Any:
    """``exp(z) / sum(exp(z))`` along each row, shifted by the row's maximum, which changes nothing but overflow."""
    weights = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return weights / np.sum(weights, axis=-1, keepdims=True)


@softmax.pullback
def softmax(z: Any) -> Any:
    """Differential: ``ds = s * dz - s (s^T dz)``, row by row.

    Trace form: ``ct^T ds = (s * ct)^T dz - (ct^T s) s^T dz``. Gradient: ``s * (ct - <ct, s>)``.
    """
    weights = np.exp(z - np.max(z, axis=-1, keepdims=True))
    s = weights / np.sum(weights, axis=-1, keepdims=True)
    return s, lambda ct: s * (ct - np.sum(ct * s, axis=-1, keepdims=True))


@softmax.invariant
def softmax(y: Any) -> Any:
    """each row of the output sums to one"""
    return np.sum(y, axis=-1), np.ones(y.shape[0])


@softmax.invariant
def softmax(dz: Any) -> Any:
    """each row of the cotangent for z sums to zero: a shift of z changes nothing"""
    return np.sum(dz, axis=-1), np.zeros(dz.shape[0])
