"""The hyperbolic tangent."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer


@layer("(...)->(...)")
def tanh(x: Any) -> Any:
    """``tanh(x)``, elementwise."""
    return np.tanh(x)


@tanh.pullback
def tanh(x: Any) -> Any:
    """Differential: ``dy = (1 - y^2) * dx``.

    Trace form: ``<ct, dy> = <(1 - y^2) * ct, dx>``. Gradient: ``(1 - y^2) * ct``, by ``(1 - y) (1 + y)``, which keeps
    its digits where ``y`` is near 1.
    """
    y = np.tanh(x)
    return y, lambda ct: ct * ((1 - y) * (1 + y))
