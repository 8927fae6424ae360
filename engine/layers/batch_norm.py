"""Batch normalisation while training: each channel is standardised over the batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..maps.shapes import sum_to_shape
from ..options import Choice, Real
from ..subjects import layer

Array = Any


@layer("(...,n,c),(c),(c)->(...,n,c)", axis=Choice((-2, 0)), eps=Real(0.0, 1.0))
def batch_norm(x: Array, gamma: Array, beta: Array, axis: Any = 0, eps: float = 1e-5) -> Array:
    """``gamma * (x - mu) / sqrt(v + eps) + beta``, with the mean ``mu`` and variance ``v`` of x along ``axis``.

    For rows of shape (n, c) that is axis 0; for images of shape (n, c, h, w) it is ``axis=(0, 2, 3)``, with gamma
    and beta of shape (c, 1, 1).
    """
    mu = np.mean(x, axis=axis, keepdims=True)
    return gamma * (x - mu) / np.sqrt(np.var(x, axis=axis, keepdims=True) + eps) + beta


@batch_norm.pullback
def batch_norm(x: Array, gamma: Array, beta: Array, axis: Any = 0, eps: float = 1e-5) -> Any:
    """``y = gamma * z + beta`` with ``z = (x - mu) / r`` and ``r = sqrt(v + eps)``; ``m`` is the mean along the axis.

    Differential: ``dz = (dx - dmu - z * dr) / r`` with ``dmu = m(dx)`` and ``dr = m(z * dx)``, because
    ``2 r dr = dv = 2 m((x - mu) * dx)``.

    Trace form: ``<ct, dy> = <ct * gamma, dz> + <ct * z, dgamma> + <ct, dbeta>``. The map from ``dx`` to ``dz`` is
    symmetric, as a mean that is repeated is.

    Gradient: ``(g - m(g) - z * m(z * g)) / r`` with ``g = ct * gamma`` for x; ``ct * z`` for gamma and ``ct`` for
    beta, summed over what these are repeated along.
    """
    centred = x - np.mean(x, axis=axis, keepdims=True)
    r = np.sqrt(np.mean(centred * centred, axis=axis, keepdims=True) + eps)
    z = centred / r

    def pull(ct: Array) -> Any:
        g = ct * gamma
        along_z = z * np.mean(g * z, axis=axis, keepdims=True)
        dx = (g - np.mean(g, axis=axis, keepdims=True) - along_z) / r
        return dx, sum_to_shape(ct * z, gamma.shape), sum_to_shape(ct, beta.shape)

    return gamma * z + beta, pull


@batch_norm.invariant
def batch_norm(dx: Array, axis: Any) -> Any:
    """the cotangent for x sums to zero along the axis: a shift changes nothing"""
    return np.sum(dx, axis=axis), np.zeros_like(np.sum(dx, axis=axis))
