"""A learned scale of each column."""

from __future__ import annotations

from typing import Any

from ..subjects import layer


@layer("(n,c),(c)->(n,c)", batch="n")
def scale(x: Any, gamma: Any) -> Any:
    """``x * gamma``: each column of x times its own number."""
    return x * gamma


@scale.invariant
def scale(gamma: Any, dgamma: Any, y: Any, ct: Any) -> Any:
    """twice gamma is twice the output: gamma * dgamma are the column sums of y * ct"""
    return gamma * dgamma, (y * ct).sum(axis=0)
