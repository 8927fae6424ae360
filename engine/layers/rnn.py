"""A plain recurrent network over a sequence."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(3,n,i),(n,2),(i,2),(2,2),(2)->(3,n,2)", batch="n")
def rnn(x: Any, h: Any, w: Any, u: Any, b: Any) -> Any:
    """The states ``h_t = tanh(x_t @ w + h_{t-1} @ u + b)`` of all steps t, from x of shape (t, n, i).

    h, of shape (n, h), is the state before the first step.
    """
    states = []
    for step in range(x.shape[0]):
        h = np.tanh(x[step] @ w + h @ u + b)
        states.append(h)
    return np.stack(states)


@rnn.pullback
def rnn(x: Any, h: Any, w: Any, u: Any, b: Any) -> Any:
    """Differential: ``dh_t = (1 - h_t^2) * dz_t``, ``dz_t = dx_t w + x_t dw + dh_{t-1} u + h_{t-1} du + 1 db``.

    Trace form, from the last step to the first: what arrives at ``h_t`` is ``a_t = ct_t + c_{t+1} u^T``, and
    ``<a_t, dh_t> = <c_t, dz_t>`` with ``c_t = (1 - h_t^2) * a_t``, of which ``c_t u^T`` goes on to ``h_{t-1}``.

    Gradient: ``c_t w^T`` for ``x_t``, ``c_1 u^T`` for the first state, ``sum_t x_t^T c_t`` for w,
    ``sum_t h_{t-1}^T c_t`` for u, the sums of ``c_t`` over steps and rows for b.
    """
    inner, states = x @ w + b, [h]
    for step in range(x.shape[0]):
        states.append(np.tanh(inner[step] + states[-1] @ u))
    before, y = np.stack(states[:-1]), np.stack(states[1:])

    def pull(ct: Any) -> Any:
        parts, back = [], np.zeros_like(h)
        for arriving, slope in zip(ct[::-1], (1 - y * y)[::-1], strict=True):
            parts.append((arriving + back) * slope)
            back = parts[-1] @ u.T
        c = np.stack(parts[::-1])
        return c @ w.T, back, np.sum(x.mT @ c, axis=0), np.sum(before.mT @ c, axis=0), np.sum(c, axis=(0, 1))

    return y, pull
