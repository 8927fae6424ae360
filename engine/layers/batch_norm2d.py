"""Batch normalisation of images while training: each channel is standardised over images and pixels."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Real
from ..subjects import layer

Array = Any


@layer("(n,c,h,w),(c),(c)->(n,c,h,w)", eps=Real(0.0, 1.0))
def batch_norm2d(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """``gamma * (x - mu) / sqrt(v + eps) + beta``, with the mean ``mu`` and variance ``v`` of each channel of x."""
    mu, v = np.mean(x, axis=(0, 2, 3), keepdims=True), np.var(x, axis=(0, 2, 3), keepdims=True)
    return gamma[:, None, None] * (x - mu) / np.sqrt(v + eps) + beta[:, None, None]


@batch_norm2d.pullback
def batch_norm2d(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Any:
    """``y = gamma * z + beta`` with ``z = (x - mu) / r`` and ``r = sqrt(v + eps)``; ``m`` is the mean over a channel.

    Differential: ``dz = (dx - m(dx) - z m(z * dx)) / r``, in each channel: ``2 r dr = dv = 2 r m(z * dx)``.

    Trace form: ``<ct, dy> = <ct * gamma, dz> + <ct * z, dgamma> + <ct, dbeta>``; the map from ``dx`` to ``dz`` is
    symmetric. Within a channel gamma is a number, and leaves the means.

    Gradient: ``gamma / r * (ct - m(ct) - z m(z * ct))`` for x; the sums of ``ct * z`` and of ``ct`` over images and
    pixels, N times these means, for gamma and beta.
    """
    centred = x - np.mean(x, axis=(0, 2, 3), keepdims=True)
    r = np.sqrt(np.mean(centred * centred, axis=(0, 2, 3), keepdims=True) + eps)
    z, scale = centred / r, gamma[:, None, None]

    def pull(ct: Array) -> Any:
        dgamma, dbeta = np.sum(ct * z, axis=(0, 2, 3)), np.sum(ct, axis=(0, 2, 3))
        means = (dbeta[:, None, None] + z * dgamma[:, None, None]) / (x.shape[0] * x.shape[2] * x.shape[3])
        return scale / r * (ct - means), dgamma, dbeta

    return scale * z + beta[:, None, None], pull


@batch_norm2d.invariant
def batch_norm2d(dx: Array) -> Any:
    """the cotangent for x sums to zero over each channel: a shift changes nothing"""
    return np.sum(dx, axis=(0, 2, 3)), np.zeros(dx.shape[1])
