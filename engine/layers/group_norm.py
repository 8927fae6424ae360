"""Group normalisation: each group of channels of each image is standardised."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Choice, Real
from ..subjects import layer

Array = Any


@layer("(n,4,h,w),(4),(4)->(n,4,h,w)", batch="n", groups=Choice((2, 1, 4)), eps=Real(0.0, 1.0))
def group_norm(x: Array, gamma: Array, beta: Array, groups: int = 1, eps: float = 1e-5) -> Array:
    """``gamma * (x - mu) / sqrt(v + eps) + beta``, with a mean and a variance for each image and group of channels.

    x has shape (n, c, h, w), gamma and beta (c), and c is a multiple of ``groups``.
    """
    parts = np.reshape(x, (x.shape[0], groups, x.shape[1] // groups, *x.shape[2:]))
    mu, v = np.mean(parts, axis=(2, 3, 4), keepdims=True), np.var(parts, axis=(2, 3, 4), keepdims=True)
    z = np.reshape((parts - mu) / np.sqrt(v + eps), x.shape)
    return gamma[:, None, None] * z + beta[:, None, None]


@group_norm.pullback
def group_norm(x: Array, gamma: Array, beta: Array, groups: int = 1, eps: float = 1e-5) -> Any:
    """``y = gamma * z + beta`` with ``z = (x - mu) / r`` and ``r = sqrt(v + eps)``; ``m`` is the mean over a group.

    Differential: ``dz = (dx - m(dx) - z m(z * dx)) / r``, in each group of channels: ``2 r dr = dv = 2 r m(z * dx)``.

    Trace form: ``<ct, dy> = <ct * gamma, dz> + <ct * z, dgamma> + <ct, dbeta>``; the map from ``dx`` to ``dz`` is
    symmetric.

    Gradient: ``(g - m(g) - z m(z * g)) / r`` with ``g = ct * gamma`` for x; the sums of ``ct * z`` and of ``ct`` over
    images and pixels for gamma and beta.
    """
    rows = np.reshape(x, (x.shape[0], groups, x.size // max(1, x.shape[0] * groups)))
    centred = rows - np.mean(rows, axis=2, keepdims=True)
    r = np.sqrt(np.mean(centred * centred, axis=2, keepdims=True) + eps)
    z = centred / r
    scale, image = gamma[:, None, None], np.reshape(z, x.shape)

    def pull(ct: Array) -> Any:
        g = np.reshape(ct * scale, rows.shape)
        dx = (g - np.mean(g, axis=2, keepdims=True) - z * np.mean(g * z, axis=2, keepdims=True)) / r
        return np.reshape(dx, x.shape), np.sum(ct * image, axis=(0, 2, 3)), np.sum(ct, axis=(0, 2, 3))

    return scale * image + beta[:, None, None], pull
