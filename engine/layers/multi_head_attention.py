"""Self-attention with several heads."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..options import flag
from ..subjects import layer
from ._attending import masked_softmax


@layer("(n,e),(h,e,d),(h,e,d),(h,e,d),(h,d,e)->(n,e)", causal=flag)
def multi_head_attention(x: Any, wq: Any, wk: Any, wv: Any, wo: Any, causal: bool = False) -> Any:
    """``sum_h softmax(q_h @ k_h.T / sqrt(d)) @ v_h @ wo_h`` with ``q_h = x @ wq_h``, alike for k and v.

    x has shape (n, e), wq, wk and wv (h, e, d), wo (h, d, e); if ``causal``, no row looks at those behind it.
    Source: A. Vaswani et al., NeurIPS 2017, section 3.2.2.
    """
    n, d = x.shape[0], max(wq.shape[2], 1)
    q, k, v = x @ wq, x @ wk, x @ wv
    seen = np.tri(n, dtype=bool) if causal else np.ones((n, n), dtype=bool)
    return np.sum(masked_softmax(q @ k.mT / math.sqrt(d), seen) @ v @ wo, axis=0)


@multi_head_attention.pullback
def multi_head_attention(x: Any, wq: Any, wk: Any, wv: Any, wo: Any, causal: bool = False) -> Any:
    """Differential: ``dy = sum_h dz wo + z dwo`` with ``z = p v``, ``dz = dp v + p dv`` (the index h left out).

    ``dp = p * (ds - rowsum(p * ds) 1^T)``, ``ds = (dq k^T + q dk^T) / sqrt(d)``;
    ``dq = dx wq + x dwq``, alike for k and v.

    Trace form: ``<ct, dz wo> = <a, dz>`` with ``a = ct wo^T``; ``<a, dz> = <g, dp> + <cv, dv>`` with ``g = a v^T`` and
    ``cv = p^T a``; ``<g, dp> = <c, ds>`` with ``c = p * (g - rowsum(p * g) 1^T)``; ``<c, ds> = <cq, dq> + <ck, dk>``
    with ``cq = c k / sqrt(d)`` and ``ck = c^T q / sqrt(d)``.

    Gradient: ``sum_h cq wq^T + ck wk^T + cv wv^T`` for x; ``x^T cq``, ``x^T ck``, ``x^T cv``, ``z^T ct`` for wq, wk,
    wv, wo.
    """
    n, scale = x.shape[0], 1 / math.sqrt(max(wq.shape[2], 1))
    q, k, v = x @ wq, x @ wk, x @ wv
    seen = np.tri(n, dtype=bool) if causal else np.ones((n, n), dtype=bool)
    p = masked_softmax(q @ k.mT * scale, seen)
    z = p @ v

    def pull(ct: Any) -> Any:
        a = ct @ wo.mT
        g = a @ v.mT
        c = p * (g - np.sum(p * g, axis=2, keepdims=True)) * scale
        cq, ck, cv = c @ k, c.mT @ q, p.mT @ a
        dx = np.sum(cq @ wq.mT + ck @ wk.mT + cv @ wv.mT, axis=0)
        return dx, x.T @ cq, x.T @ ck, x.T @ cv, z.mT @ ct

    return np.sum(z @ wo, axis=0), pull
