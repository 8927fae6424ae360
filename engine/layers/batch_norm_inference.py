"""Batch normalisation after training, by the running mean and variance."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..domains import positive
from ..options import Real
from ..subjects import layer

Array = Any


@layer("(n,c),(c),(c),(c),(c)->(n,c)", domain={"variance": positive}, batch="n", eps=Real(0.0, 1.0))
def batch_norm_inference(x: Array, mean: Array, variance: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """``gamma * (x - mean) / sqrt(variance + eps) + beta``: the statistics are arguments, and each row stands alone."""
    return gamma * (x - mean) / np.sqrt(variance + eps) + beta


@batch_norm_inference.pullback
def batch_norm_inference(x: Array, mean: Array, variance: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Any:
    """``y = gamma * z + beta`` with ``z = (x - mean) / r`` and ``r = sqrt(variance + eps)``.

    Differential: ``dz = (dx - dmean) / r - z * dvariance / (2 r^2)``, because ``2 r dr = dvariance``.

    Trace form: ``<ct, dy> = <ct * s, dx - dmean> - <ct * s * z, dvariance / (2 r)> + <ct * z, dgamma> + <ct, dbeta>``
    with ``s = gamma / r``.

    Gradient: ``ct * s`` for x; for the others sums over all rows: of ``-ct * s`` for the mean, of
    ``-ct * z * s / (2 r)`` for the variance, of ``ct * z`` for gamma, of ``ct`` for beta.
    """
    r = np.sqrt(variance + eps)
    z, s = (x - mean) / r, gamma / r

    def pull(ct: Array) -> Any:
        dgamma, dbeta = np.sum(ct * z, axis=0), np.sum(ct, axis=0)
        return ct * s, -s * dbeta, -s * dgamma / (2 * r), dgamma, dbeta

    return gamma * z + beta, pull


@batch_norm_inference.invariant
def batch_norm_inference(dx: Array, dmean: Array) -> Any:
    """only the difference of x and the mean counts"""
    return np.sum(dx, axis=0), -dmean
