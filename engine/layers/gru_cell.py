"""One step of a gated recurrent unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer
from .sigmoid import sigmoid


@layer("(n,i),(n,2),(3,i,2),(3,2,2),(3,2)->(n,2)", batch="n")
def gru_cell(x: Any, h: Any, w: Any, u: Any, b: Any) -> Any:
    """``g + z * (h - g)``: between a new state ``g`` and the old one, as the gate ``z`` says.

    ``r = sigmoid(x @ w_0 + h @ u_0 + b_0)``, ``z = sigmoid(x @ w_1 + h @ u_1 + b_1)`` and
    ``g = tanh(x @ w_2 + (r * h) @ u_2 + b_2)``, where x has shape (n, i), h (n, h), w (3, i, h), u (3, h, h), b (3, h).
    Source: K. Cho et al., EMNLP 2014, section 2.3.
    """
    r = sigmoid(x @ w[0] + h @ u[0] + b[0])
    z = sigmoid(x @ w[1] + h @ u[1] + b[1])
    g = np.tanh(x @ w[2] + (r * h) @ u[2] + b[2])
    return g + z * (h - g)


@gru_cell.pullback
def gru_cell(x: Any, h: Any, w: Any, u: Any, b: Any) -> Any:
    """Differential: ``dy = (1 - z) * dg + (h - g) * dz + z * dh``.

    Here ``dr = r * (1 - r) * (dx w_0 + x dw_0 + dh u_0 + h du_0 + 1 db_0)``, alike for z, and
    ``dg = (1 - g^2) * (dx w_2 + x dw_2 + d(r * h) u_2 + (r * h) du_2 + 1 db_2)``, with ``d(r * h) = dr * h + r * dh``.

    Trace form: ``<ct, dy> = <ct * (1 - z), dg> + <ct * (h - g), dz> + <ct * z, dh>``. With ``c_k`` for what stands
    before the k-th bracket, ``c_2 = ct * (1 - z) * (1 - g^2)`` and ``c_1 = ct * (h - g) * z * (1 - z)``; and as
    ``<c_2, d(r * h) u_2> = <e, d(r * h)>`` with ``e = c_2 u_2^T``, ``c_0 = e * h * r * (1 - r)``.

    Gradient: ``sum_k c_k w_k^T`` for x, ``ct * z + e * r + c_0 u_0^T + c_1 u_1^T`` for h, ``x^T c_k`` for ``w_k``,
    ``h^T c_0``, ``h^T c_1``, ``(r * h)^T c_2`` for u, the column sums of ``c_k`` for ``b_k``.
    """
    inner = x @ w + b[:, None, :]
    r, z = sigmoid(inner[:2] + h @ u[:2])
    kept = r * h
    g = np.tanh(inner[2] + kept @ u[2])

    def pull(ct: Any) -> Any:
        c2, c1 = ct * (1 - z) * (1 - g * g), ct * (h - g) * z * (1 - z)
        e = c2 @ u[2].T
        c0 = e * h * r * (1 - r)
        c = np.stack([c0, c1, c2])
        dh = ct * z + e * r + c0 @ u[0].T + c1 @ u[1].T
        du = np.stack([h.T @ c0, h.T @ c1, kept.T @ c2])
        return np.sum(c @ w.mT, axis=0), dh, x.T @ c, du, np.sum(c, axis=1)

    return g + z * (h - g), pull
