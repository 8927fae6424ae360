"""Dropout, with the mask given."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..domains import mask
from ..options import Real
from ..subjects import layer


@layer("(...),(...)->(...)", domain={"keep": mask}, rate=Real(0.0, 0.9))
def dropout(x: Any, keep: Any, rate: float = 0.5) -> Any:
    """``x / (1 - rate)`` where ``keep`` holds, and 0 elsewhere: for a mask that drops with this rate, x in the mean."""
    return np.where(keep, x / (1 - rate), 0)


@dropout.pullback
def dropout(x: Any, keep: Any, rate: float = 0.5) -> Any:
    """Differential: ``dy = m * dx``, with ``m = keep / (1 - rate)``.

    Trace form: ``<ct, m * dx> = <m * ct, dx>``.
    Gradient: ``m * ct`` for x, and none for the mask.
    """
    return np.where(keep, x / (1 - rate), 0), lambda ct: (np.where(keep, ct / (1 - rate), 0), None)


@dropout.invariant
def dropout(x: Any, dx: Any, y: Any, ct: Any) -> Any:
    """x times its cotangent is y times its cotangent: the layer is linear"""
    return x * dx, y * ct
