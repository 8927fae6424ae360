"""A residual block."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(n,i),(i,h),(h),(h,i)->(n,i)", batch="n")
def residual(x: Any, w: Any, b: Any, v: Any) -> Any:
    """``x + max(x @ w + b, 0) @ v``: a hidden layer beside a path that leaves x as it is."""
    return x + np.maximum(x @ w + b, 0) @ v


@residual.invariant
def residual(w: Any, dw: Any, b: Any, db: Any, v: Any, dv: Any) -> Any:
    """what w and b grow by, v may shrink by: <w, dw> + <b, db> = <v, dv>"""
    return np.sum(w * dw) + np.sum(b * db), np.sum(v * dv)
