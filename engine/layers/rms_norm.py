"""Root-mean-square normalisation: each row is divided by the root of its mean square."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Real
from ..subjects import layer

Array = Any


@layer("(...,n,d),(d)->(...,n,d)", batch="n", eps=Real(0.0, 1.0))
def rms_norm(x: Array, gamma: Array, eps: float = 1e-5) -> Array:
    """``gamma * x / sqrt(mean(x^2) + eps)``, with the mean over each row of x; nothing is subtracted."""
    return gamma * x / np.sqrt(np.mean(np.square(x), axis=-1, keepdims=True) + eps)


@rms_norm.pullback
def rms_norm(x: Array, gamma: Array, eps: float = 1e-5) -> Any:
    """``y = gamma * z`` with ``z = x / r`` and ``r = sqrt(m(x^2) + eps)``, row by row, ``m`` the mean of a row.

    Differential: ``dz = (dx - z dr) / r`` with ``dr = m(z * dx)``, because ``2 r dr = 2 m(x * dx)``.

    Trace form: ``ct^T dy = (ct * gamma)^T dz + (ct * z)^T dgamma``; the map from ``dx`` to ``dz`` is symmetric.

    Gradient: ``(g - z m(z * g)) / r`` with ``g = ct * gamma`` for x, the sum of ``ct * z`` over all rows for gamma.
    """
    r = np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + eps)
    z = x / r

    def pull(ct: Array) -> Any:
        g = ct * gamma
        dx = (g - z * np.mean(g * z, axis=-1, keepdims=True)) / r
        return dx, np.sum(ct * z, axis=tuple(range(x.ndim - 1)))

    return gamma * z, pull


@rms_norm.invariant
def rms_norm(gamma: Array, dgamma: Array, y: Array, ct: Array) -> Any:
    """``<dgamma, gamma> = <ct, y>``: the output is linear in gamma"""
    return np.sum(dgamma * gamma), np.sum(ct * y)
