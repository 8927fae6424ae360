"""One step of a long short-term memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer
from .sigmoid import sigmoid


@layer("(n,i),(n,2),(n,2),(4,i,2),(4,2,2),(4,2)->(2,n,2)", batch="n")
def lstm_cell(x: Any, h: Any, c: Any, w: Any, u: Any, b: Any) -> Any:
    """The next state ``h' = o * tanh(c')`` and memory ``c' = f * c + i * g``, stacked in this order.

    x is an input of shape (n, i), h and c have shape (n, h). The gates are ``i, f, o = sigmoid(z_k)``, k = 0, 1, 2,
    and ``g = tanh(z_3)``, with ``z_k = x @ w_k + h @ u_k + b_k``: w has shape (4, i, h), u (4, h, h), and b (4, h).
    Source: F. Gers, J. Schmidhuber, F. Cummins, Neural Computation 12 (2000), 2451-2471, section 3.
    """
    z = x @ w + h @ u + b[:, None, :]
    i, f, o, g = sigmoid(z[0]), sigmoid(z[1]), sigmoid(z[2]), np.tanh(z[3])
    memory = f * c + i * g
    return np.stack([o * np.tanh(memory), memory])


@lstm_cell.pullback
def lstm_cell(x: Any, h: Any, c: Any, w: Any, u: Any, b: Any) -> Any:
    """Differential: ``dc' = df * c + f * dc + di * g + i * dg`` and ``dh' = do * t + o * (1 - t^2) * dc'``.

    Here ``t = tanh(c')``; ``di = i * (1 - i) * dz_0``, alike for f and o, ``dg = (1 - g^2) * dz_3``, and
    ``dz_k = dx w_k + x dw_k + dh u_k + h du_k + 1 db_k``.

    Trace form: with the cotangent ``(p, q)`` of ``(h', c')``, and ``m = q + p * o * (1 - t^2)``, it is
    ``<m * g, di> + <m * c, df> + <p * t, do> + <m * i, dg> + <m * f, dc>``, and with ``r_k`` for what stands before
    ``dz_k`` the first four are ``sum_k <r_k, dz_k>``.

    Gradient: ``sum_k r_k w_k^T`` for x, ``sum_k r_k u_k^T`` for h, ``m * f`` for c, ``x^T r_k`` for ``w_k``,
    ``h^T r_k`` for ``u_k``, the column sums of ``r_k`` for ``b_k``.
    """
    z = x @ w + h @ u + b[:, None, :]
    gates, g = sigmoid(z[:3]), np.tanh(z[3])
    i, f, o = gates
    memory = f * c + i * g
    t = np.tanh(memory)

    def pull(ct: Any) -> Any:
        p, q = ct
        m = q + p * o * (1 - t * t)
        r = np.stack([m * g * i * (1 - i), m * c * f * (1 - f), p * t * o * (1 - o), m * i * (1 - g * g)])
        dx, dh = np.sum(r @ w.mT, axis=0), np.sum(r @ u.mT, axis=0)
        return dx, dh, m * f, x.T @ r, h.T @ r, np.sum(r, axis=1)

    return np.stack([o * t, memory]), pull
