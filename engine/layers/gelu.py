"""The Gaussian error linear unit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..subjects import layer
from ._normal import distribution


@layer("(...)->(...)")
def gelu(x: Any) -> Any:
    """``x Phi(x)``, elementwise, with the distribution function of a standard normal number."""
    return x * distribution(x)


@gelu.pullback
def gelu(x: Any) -> Any:
    """Differential: ``dy = Phi * dx + x * phi * dx``, with the density ``phi = Phi' = exp(-x^2 / 2) / sqrt(2 pi)``.

    Trace form: ``<ct, dy> = <ct * (Phi + x * phi), dx>``.
    Gradient: ``ct * (Phi + x * phi)``.
    """
    below = distribution(x)
    return x * below, lambda ct: ct * (below + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi))


@gelu.invariant
def gelu(x: Any, y: Any) -> Any:
    """y is x more than at -x"""
    return y - (-x) * distribution(-x), x
