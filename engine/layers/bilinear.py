"""A bilinear form of two vectors, for each output."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(n,i),(n,j),(o,i,j),(o)->(n,o)", batch="n")
def bilinear(x: Any, z: Any, w: Any, b: Any) -> Any:
    """``y_no = sum_ij x_ni w_oij z_nj + b_o``: x of shape (n, i), z (n, j), w (o, i, j), b (o)."""
    return np.einsum("ni,oij,nj->no", x, w, z) + b


@bilinear.pullback
def bilinear(x: Any, z: Any, w: Any, b: Any) -> Any:
    """Differential: ``dy_no = sum_ij dx_ni w_oij z_nj + x_ni dw_oij z_nj + x_ni w_oij dz_nj + db_o``.

    Trace form: ``<ct, dy>`` is the sum of ``ct_no dy_no``; with ``c_noj = ct_no z_nj`` and ``p_noj = sum_i x_ni w_oij``
    it is ``<sum_oj c_noj w_oij, dx_ni> + <sum_n x_ni c_noj, dw_oij> + <sum_o ct_no p_noj, dz_nj> + <1^T ct, db>``.
    Gradient: ``sum_oj c_noj w_oij`` for x, ``sum_o ct_no p_noj`` for z, ``sum_n x_ni c_noj`` for w, the column sums
    of ct for b.
    """
    p = np.tensordot(x, w, ([1], [1]))

    def pull(ct: Any) -> Any:
        c = ct[:, :, None] * z[:, None, :]
        dx = np.tensordot(c, w, ([1, 2], [0, 2]))
        dw = np.tensordot(x, c, ([0], [0])).swapaxes(0, 1)
        return dx, np.sum(ct[:, :, None] * p, axis=1), dw, np.sum(ct, axis=0)

    return np.sum(p * z[:, None, :], axis=2) + b, pull


@bilinear.invariant
def bilinear(x: Any, dx: Any, z: Any, dz: Any) -> Any:
    """what x grows by, z may shrink by, row by row: <x, dx> = <z, dz>"""
    return np.sum(x * dx, axis=1), np.sum(z * dz, axis=1)


@bilinear.invariant
def bilinear(x: Any, dx: Any, w: Any, dw: Any) -> Any:
    """what x grows by, w may shrink by: <x, dx> = <w, dw>"""
    return np.sum(x * dx), np.sum(w * dw)
