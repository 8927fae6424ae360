"""A gated recurrent unit over a sequence."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..subjects import layer
from .gru_cell import gru_cell


@layer("(2,n,3),(n,2),(3,3,2),(3,2,2),(3,2)->(2,n,2)", batch="n")
def gru(x: Any, h: Any, w: Any, u: Any, b: Any) -> Any:
    """The states of all steps of the cell, from x of shape (t, n, i) and the state h, (n, h), before the first step.

    w has shape (3, i, h), u (3, h, h), and b (3, h), as those of the cell.
    """
    states = []
    for inputs in x:
        h = gru_cell(inputs, h, w, u, b)
        states.append(h)
    return np.stack(states)
