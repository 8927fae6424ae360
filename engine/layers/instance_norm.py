"""Instance normalisation: each channel of each image is standardised over its pixels."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Real
from ..subjects import layer

Array = Any


@layer("(n,c,h,w),(c),(c)->(n,c,h,w)", batch="n", eps=Real(0.0, 1.0))
def instance_norm(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """``gamma * (x - mu) / sqrt(v + eps) + beta``, with a mean and a variance for each channel of each image."""
    mu, v = np.mean(x, axis=(2, 3), keepdims=True), np.var(x, axis=(2, 3), keepdims=True)
    return gamma[:, None, None] * (x - mu) / np.sqrt(v + eps) + beta[:, None, None]


@instance_norm.pullback
def instance_norm(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Any:
    """``y = gamma * z + beta`` with ``z = (x - mu) / r`` and ``r = sqrt(v + eps)``; ``m`` is the mean over the pixels.

    Differential: ``dz = (dx - m(dx) - z m(z * dx)) / r``, in each channel: ``2 r dr = dv = 2 r m(z * dx)``.

    Trace form: ``<ct, dy> = <ct * gamma, dz> + <ct * z, dgamma> + <ct, dbeta>``; the map from ``dx`` to ``dz`` is
    symmetric. Within a channel gamma is a number, and leaves the means.

    Gradient: ``gamma / r * (ct - m(ct) - z m(z * ct))`` for x; the sums of ``ct * z`` and of ``ct`` over images and
    pixels for gamma and beta.
    """
    centred = x - np.mean(x, axis=(2, 3), keepdims=True)
    r = np.sqrt(np.mean(centred * centred, axis=(2, 3), keepdims=True) + eps)
    z, scale = centred / r, gamma[:, None, None]

    def pull(ct: Array) -> Any:
        m, m_z = np.mean(ct, axis=(2, 3), keepdims=True), np.mean(ct * z, axis=(2, 3), keepdims=True)
        return scale / r * (ct - m - z * m_z), np.sum(ct * z, axis=(0, 2, 3)), np.sum(ct, axis=(0, 2, 3))

    return scale * z + beta[:, None, None], pull


@instance_norm.invariant
def instance_norm(dx: Array) -> Any:
    """the cotangent for x sums to zero over the pixels of each channel: a shift changes nothing"""
    return np.sum(dx, axis=(2, 3)), np.zeros(dx.shape[:2])
