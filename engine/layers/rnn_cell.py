"""One step of a plain recurrent network."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(n,i),(n,h),(i,h),(h,h),(h)->(n,h)", batch="n")
def rnn_cell(x: Any, h: Any, w: Any, u: Any, b: Any) -> Any:
    """``tanh(x @ w + h @ u + b)``: the next state, from an input x of shape (n, i) and the state h of shape (n, h)."""
    return np.tanh(x @ w + h @ u + b)


@rnn_cell.pullback
def rnn_cell(x: Any, h: Any, w: Any, u: Any, b: Any) -> Any:
    """Differential: ``dy = (1 - y^2) * dz``, with ``dz = dx w + x dw + dh u + h du + 1 db``.

    Trace form: with ``c = (1 - y^2) * ct``, ``<ct, dy> = <c, dz>``, which is
    ``tr(w c^T dx) + tr(c^T x dw) + tr(u c^T dh) + tr(c^T h du) + (1^T c) db``.
    Gradient: ``c w^T`` for x, ``c u^T`` for h, ``x^T c`` for w, ``h^T c`` for u, the column sums of c for b.
    """
    y = np.tanh(x @ w + h @ u + b)

    def pull(ct: Any) -> Any:
        c = ct * (1 - y * y)
        return c @ w.T, c @ u.T, x.T @ c, h.T @ c, np.sum(c, axis=0)

    return y, pull


@rnn_cell.invariant
def rnn_cell(x: Any, dx: Any, w: Any, dw: Any) -> Any:
    """what x grows by, w may shrink by: <x, dx> = <w, dw>"""
    return np.sum(x * dx), np.sum(w * dw)
