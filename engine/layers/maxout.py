"""Maxout: the largest of several affine maps."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(n,i),(3,i,o),(3,o)->(n,o)", batch="n")
def maxout(x: Any, w: Any, b: Any) -> Any:
    """``max over k of x @ w_k + b_k``: x of shape (n, i), w of shape (k, i, o), b of shape (k, o).

    Source: I. Goodfellow, D. Warde-Farley, M. Mirza, A. Courville, Y. Bengio, ICML 2013, section 3.
    """
    return np.max(x @ w + b[:, None, :], axis=0)


@maxout.pullback
def maxout(x: Any, w: Any, b: Any) -> Any:
    """Differential: ``dy = sum_k m_k * dz_k`` with ``dz_k = dx w_k + x dw_k + 1 db_k``.

    ``m_k`` is 1 where ``z_k`` is the largest, the first of them where several are, and 0 elsewhere.

    Trace form: ``<ct, dy> = sum_k tr(w_k c_k^T dx) + tr(c_k^T x dw_k) + (1^T c_k) db_k``, with ``c_k = m_k * ct``.
    Gradient: ``sum_k c_k w_k^T`` for x, ``x^T c_k`` for ``w_k``, the column sums of ``c_k`` for ``b_k``.
    """
    z = x @ w + b[:, None, :]
    chosen = np.arange(w.shape[0])[:, None, None] == np.argmax(z, axis=0)

    def pull(ct: Any) -> Any:
        c = np.where(chosen, ct, 0)
        return np.sum(c @ w.mT, axis=0), x.T @ c, np.sum(c, axis=1)

    return np.max(z, axis=0), pull


@maxout.invariant
def maxout(y: Any, ct: Any, w: Any, dw: Any, b: Any, db: Any) -> Any:
    """twice the parameters are twice the output: <w, dw> + <b, db> = <y, ct>"""
    return np.sum(w * dw) + np.sum(b * db), np.sum(y * ct)
