"""The logarithm of softmax over the last axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(n,c)->(n,c)", batch="n")
def log_softmax(z: Any) -> Any:
    """``z - log(sum(exp(z)))`` along each row, shifted by the row's maximum, which changes nothing but overflow."""
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


@log_softmax.pullback
def log_softmax(z: Any) -> Any:
    """Differential, row by row: ``dy = dz - 1 (s^T dz)``, with ``s = softmax(z)`` and 1 a column of ones.

    Trace form: ``ct^T dy = ct^T dz - (ct^T 1) s^T dz``.
    Gradient: ``ct - s * sum(ct)``.
    """
    shifted = z - np.max(z, axis=-1, keepdims=True)
    weights = np.exp(shifted)
    total = np.sum(weights, axis=-1, keepdims=True)
    s = weights / total
    return shifted - np.log(total), lambda ct: ct - s * np.sum(ct, axis=-1, keepdims=True)


@log_softmax.invariant
def log_softmax(y: Any) -> Any:
    """the exponentials of each row of the output sum to one"""
    return np.sum(np.exp(y), axis=-1), np.ones(y.shape[0])


@log_softmax.invariant
def log_softmax(dz: Any) -> Any:
    """each row of the cotangent for z sums to zero: a shift of z changes nothing"""
    return np.sum(dz, axis=-1), np.zeros(dz.shape[0])
