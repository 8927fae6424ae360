"""A bias, added to each row."""

from __future__ import annotations

from typing import Any

from ..subjects import layer


@layer("(n,c),(c)->(n,c)", batch="n")
def bias(x: Any, b: Any) -> Any:
    """``x + b``: each row of x, shifted by b."""
    return x + b


@bias.invariant
def bias(dx: Any, ct: Any) -> Any:
    """the cotangent passes x unchanged"""
    return dx, ct
