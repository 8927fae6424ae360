"""Batch normalisation while training: each channel is standardised over the batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Real
from ..subjects import layer

Array = Any


@layer("(n,c),(c),(c)->(n,c)", eps=Real(0.0, 1.0))
def batch_norm(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """``gamma * (x - mu) / sqrt(v + eps) + beta``, with the mean ``mu`` and variance ``v`` of each column of x.

    x has a row for each sample and a column for each channel. The variance is the mean of squares, not that over n - 1.
    """
    return gamma * (x - np.mean(x, axis=0)) / np.sqrt(np.var(x, axis=0) + eps) + beta


@batch_norm.pullback
def batch_norm(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Any:
    """``y = gamma * z + beta`` with ``z = (x - mu) / r`` and ``r = sqrt(v + eps)``; ``m`` is the mean of a column.

    Differential: ``dz = (dx - dmu - z * dr) / r`` with ``dmu = m(dx)`` and ``dr = m(z * dx)``, because
    ``2 r dr = dv = 2 m((x - mu) * dx)``.

    Trace form: ``<ct, dy> = <ct * gamma, dz> + <ct * z, dgamma> + <ct, dbeta>``. The map from ``dx`` to ``dz`` is
    symmetric, as a mean that is repeated is.

    Gradient: ``gamma / r * (ct - m(ct) - z * m(z * ct))`` for x, as gamma is a number in each column; the sums
    ``n m(z * ct)`` and ``n m(ct)`` over the rows for gamma and beta.
    """
    centred = x - np.mean(x, axis=0)
    r = np.sqrt(np.mean(centred * centred, axis=0) + eps)
    z = centred / r

    def pull(ct: Array) -> Any:
        dgamma, dbeta = np.sum(ct * z, axis=0), np.sum(ct, axis=0)
        return gamma / r * (ct - (dbeta + z * dgamma) / x.shape[0]), dgamma, dbeta

    return gamma * z + beta, pull


@batch_norm.invariant
def batch_norm(dx: Array) -> Any:
    """each column of the cotangent for x sums to zero: a shift changes nothing"""
    return np.sum(dx, axis=0), np.zeros(dx.shape[1])
