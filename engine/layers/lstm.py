"""A long short-term memory over a sequence."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer
from .lstm_cell import lstm_cell
from .sigmoid import sigmoid


@layer("(2,n,3),(n,2),(n,2),(4,3,2),(4,2,2),(4,2)->(2,n,2)", batch="n")
def lstm(x: Any, h: Any, c: Any, w: Any, u: Any, b: Any) -> Any:
    """The states ``h_t`` of all steps of the cell, from x of shape (t, n, i), with w, u and b as for the cell.

    h and c, of shape (n, h), are the state and the memory before the first step.
    """
    states = []
    for inputs in x:
        h, c = lstm_cell(inputs, h, c, w, u, b)
        states.append(h)
    return np.stack(states)


@lstm.pullback
def lstm(x: Any, h: Any, c: Any, w: Any, u: Any, b: Any) -> Any:
    """Differential, at each step: ``dh = do * t + o * (1 - t^2) * dc``, ``dc = df * c' + f * dc' + di * g + i * dg``.

    ``t = tanh(c)``; h' and c' are of the step before, and ``dz_k = dx w_k + x dw_k + dh' u_k + h' du_k + 1 db_k``.

    Trace form, from the last step to the first: a arrives at h, its part of ct included, and m at c, with what a adds
    to it, ``a * o * (1 - t^2)``. Then ``<a, do * t> + <m, dc>`` is ``sum_k <r_k, dz_k> + <m * f, dc'>``, with
    ``r = (m * g * i * (1 - i), m * c' * f * (1 - f), a * t * o * (1 - o), m * i * (1 - g^2))``, and ``m * f`` and
    ``sum_k r_k u_k^T`` arrive at c' and h'.

    Gradient: ``sum_k r_k w_k^T`` for x, what arrives before the first step for h and c, ``sum_t x^T r_k`` for ``w_k``,
    ``sum_t h'^T r_k`` for ``u_k``, the sums of ``r_k`` over steps and rows for ``b_k``.
    """
    steps, states = [], [h]
    for z in x[:, None] @ w + b[:, None, :]:
        z = z + states[-1] @ u
        gates, g = sigmoid(z[:3]), np.tanh(z[3])
        i, f, o = gates
        before, c = c, f * c + i * g
        t = np.tanh(c)
        slopes = np.stack([g * i * (1 - i), before * f * (1 - f), t * o * (1 - o), i * (1 - g * g)])  # of m, m, a, m
        steps.append((slopes, o * (1 - t * t), f))
        states.append(o * t)

    def pull(ct: Any) -> Any:
        parts, a, m = [], np.zeros_like(h), np.zeros_like(h)
        for (slopes, slope, f), arriving in zip(steps[::-1], ct[::-1], strict=True):
            a = a + arriving
            m = m + a * slope
            parts.append(slopes * np.stack([m, m, a, m]))
            a, m = np.sum(parts[-1] @ u.mT, axis=0), m * f
        r = np.stack(parts[::-1])
        dw, du = np.sum(x[:, None].mT @ r, axis=0), np.sum(np.stack(states[:-1])[:, None].mT @ r, axis=0)
        return np.sum(r @ w.mT, axis=1), a, m, dw, du, np.sum(r, axis=(0, 2))

    return np.stack(states[1:]), pull
