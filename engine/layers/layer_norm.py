"""Layer normalisation: each row is standardised over its own entries."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Real
from ..subjects import layer

Array = Any


@layer("(...,n,d),(d),(d)->(...,n,d)", batch="n", eps=Real(0.0, 1.0))
def layer_norm(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """``gamma * (x - mu) / sqrt(v + eps) + beta``, with the mean ``mu`` and variance ``v`` of each row of x."""
    mu = np.mean(x, axis=-1, keepdims=True)
    return gamma * (x - mu) / np.sqrt(np.var(x, axis=-1, keepdims=True) + eps) + beta


@layer_norm.pullback
def layer_norm(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Any:
    """``y = gamma * z + beta`` with ``z = (x - mu) / r`` and ``r = sqrt(v + eps)``, row by row of d entries.

    Differential: ``dz = (dx - 1 m(dx) - z m(z * dx)) / r``, with ``m`` the mean of a row: ``dmu = m(dx)`` and
    ``dr = m(z * dx)``, because ``2 r dr = dv = 2 m((x - mu) * dx)``.

    Trace form: ``ct^T dy = (ct * gamma)^T dz + (ct * z)^T dgamma + ct^T dbeta``. The map from ``dx`` to ``dz``, the
    identity less two rank-one projections, is symmetric.

    Gradient: ``(g - m(g) - z m(z * g)) / r`` with ``g = ct * gamma`` for x, where ``m(g) = ct^T gamma / d`` and
    ``m(z * g) = (ct * z)^T gamma / d``; and the sums over all rows of ``ct * z`` for gamma and of ``ct`` for beta.
    """
    centred = x - np.mean(x, axis=-1, keepdims=True)
    r = np.sqrt(np.mean(centred * centred, axis=-1, keepdims=True) + eps)
    z = centred / r
    rows = tuple(range(x.ndim - 1))

    def pull(ct: Array) -> Any:
        ct_z, d = ct * z, x.shape[-1]
        dx = (ct * gamma - (ct @ gamma)[..., None] / d - z * (ct_z @ gamma)[..., None] / d) / r
        return dx, np.sum(ct_z, axis=rows), np.sum(ct, axis=rows)

    return gamma * z + beta, pull


@layer_norm.invariant
def layer_norm(dx: Array) -> Any:
    """each row of the cotangent for x sums to zero: a shift of a row changes nothing"""
    return np.sum(dx, axis=-1), np.zeros(dx.shape[:-1])
