"""Softplus, the smooth rectified linear unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(...)->(...)")
def softplus(x: Any) -> Any:
    """``log(1 + exp(x))``, elementwise, as ``log(exp(0) + exp(x))``, which does not overflow."""
    return np.logaddexp(0, x)


@softplus.pullback
def softplus(x: Any) -> Any:
    """Differential: ``dy = exp(x) / (1 + exp(x)) * dx = exp(x - y) * dx``, as ``exp(y) = 1 + exp(x)``.

    Trace form: ``<ct, dy> = <ct * exp(x - y), dx>``; x is never above y, and nothing overflows.
    Gradient: ``ct * exp(x - y)``.
    """
    y = np.logaddexp(0, x)
    return y, lambda ct: ct * np.exp(x - y)


@softplus.invariant
def softplus(x: Any, y: Any) -> Any:
    """y is x more than at -x"""
    return y - np.logaddexp(0, -x), x
