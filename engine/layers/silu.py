"""The sigmoid linear unit, also called swish."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(...)->(...)")
def silu(x: Any) -> Any:
    """``x sigmoid(x)``, elementwise, with ``sigmoid(x) = (1 + tanh(x / 2)) / 2``, which overflows nowhere."""
    return x * (1 + np.tanh(x / 2)) / 2


@silu.pullback
def silu(x: Any) -> Any:
    """Differential: ``dy = s * dx + x * ds`` with ``s = sigmoid(x)``, and ``ds = s * (1 - s) * dx``.

    Trace form: ``<ct, dy> = <ct * (s + x * s * (1 - s)), dx>``.
    Gradient: ``ct * (s + y * (1 - s))``, as ``y = x * s``.
    """
    s = (1 + np.tanh(x / 2)) / 2
    y = x * s
    return y, lambda ct: ct * (s + y * (1 - s))


@silu.invariant
def silu(x: Any, y: Any) -> Any:
    """y is x more than at -x"""
    return y - (-x) * (1 - np.tanh(x / 2)) / 2, x
