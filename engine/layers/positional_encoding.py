"""The sinusoidal encoding of positions."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..options import Choice
from ..subjects import layer


@layer("(n,t,d)->(n,t,d)", batch="n", base=Choice((10000.0, 10.0)))
def positional_encoding(x: Any, base: float = 10000.0) -> Any:
    """x with waves added to its d channels, which tell the t positions apart; the same for each of n sequences.

    Channels 2i and 2i + 1 of position p have ``sin(p / base^(2i / d))`` and ``cos(p / base^(2i / d))`` added.
    Source: A. Vaswani et al., NeurIPS 2017, section 3.5.
    """
    position, channel = np.arange(x.shape[1])[:, None], np.arange(x.shape[2])
    angle = position / base ** (2 * (channel // 2) / max(x.shape[2], 1))
    waves = np.where(channel % 2 == 0, np.sin(angle), np.cos(angle))
    return x + waves.astype(x.dtype)


@positional_encoding.invariant
def positional_encoding(dx: Any, ct: Any) -> Any:
    """the cotangent passes unchanged"""
    return dx, ct
