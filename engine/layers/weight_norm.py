"""Weight normalisation: the size and the direction of weights, apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..domains import nonzero
from ..subjects import layer

Array = Any


@layer("(i,o),(o)->(i,o)", domain={"v": nonzero}, batch="o")
def weight_norm(v: Array, g: Array) -> Array:
    """``w = g v / ||v||``, column by column: the weights into each unit have the direction of v and the length g."""
    return g * v / np.sqrt(np.sum(np.square(v), axis=0))


@weight_norm.pullback
def weight_norm(v: Array, g: Array) -> Any:
    """``w = g u`` with ``u = v / ||v||``, column by column.

    Differential: ``dw = u dg + g du`` with ``du = (dv - u u^T dv) / ||v||``, because ``d||v|| = u^T dv``.

    Trace form: ``ct^T dw = (ct^T u) dg + g (ct - u u^T ct)^T dv / ||v||``, as the projection is symmetric.

    Gradient: ``g / ||v|| (ct - u (u^T ct))`` for v, ``u^T ct`` for g.
    """
    norm = np.sqrt(np.sum(v * v, axis=0))
    u = v / norm

    def pull(ct: Array) -> Any:
        dg = np.sum(u * ct, axis=0)
        return g / norm * (ct - u * dg), dg

    return g * u, pull


@weight_norm.invariant
def weight_norm(v: Array, dv: Array) -> Any:
    """each column of the cotangent for v is orthogonal to v: its length changes nothing"""
    return np.sum(v * dv, axis=0), np.zeros(v.shape[1])
