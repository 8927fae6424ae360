"""Attention: averages of values, with weights that say how well queries and keys fit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..domains import mask
from ..subjects import layer
from ._attending import masked_softmax


@layer("(n,d),(m,d),(m,v),(n,m)->(n,v)", domain={"seen": mask}, batch="n")
def scaled_dot_product_attention(q: Any, k: Any, v: Any, seen: Any) -> Any:
    """``softmax(q @ k.T / sqrt(d)) @ v``, over the keys that a query sees; zeros for a query that sees none.

    q has shape (n, d), k (m, d), v (m, v), and ``seen``, booleans, (n, m).
    Source: A. Vaswani et al., NeurIPS 2017, equation 1.
    """
    return masked_softmax(q @ k.T / math.sqrt(max(q.shape[1], 1)), seen) @ v


@scaled_dot_product_attention.pullback
def scaled_dot_product_attention(q: Any, k: Any, v: Any, seen: Any) -> Any:
    """Differential: ``dy = dp v + p dv`` with ``p = softmax(s)``, ``dp = p * (ds - rowsum(p * ds) 1^T)``.

    The scores have ``ds = (dq k^T + q dk^T) / sqrt(d)``; where a key is not seen, p and dp are zero.

    Trace form: ``<ct, dy> = <g, dp> + <p^T ct, dv>`` with ``g = ct v^T``, and ``<g, dp> = <c, ds>`` with
    ``c = p * (g - rowsum(p * g) 1^T)``.

    Gradient: ``c k / sqrt(d)`` for q, ``c^T q / sqrt(d)`` for k, ``p^T ct`` for v.
    """
    scale = 1 / math.sqrt(max(q.shape[1], 1))
    p = masked_softmax(q @ k.T * scale, seen)

    def pull(ct: Any) -> Any:
        g = ct @ v.T
        c = p * (g - np.sum(p * g, axis=1, keepdims=True)) * scale
        return c @ k, c.T @ q, p.T @ ct, None

    return p @ v, pull


@scaled_dot_product_attention.invariant
def scaled_dot_product_attention(dk: Any) -> Any:
    """the cotangents of the keys sum to zero: a shift of all keys changes nothing"""
    return np.sum(dk, axis=0), np.zeros(dk.shape[1])
