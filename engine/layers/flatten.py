"""Flattening: everything but the batch in one row."""

from __future__ import annotations

from typing import Any

from ..subjects import layer


@layer("(n,h,w)->")
def flatten(x: Any) -> Any:
    """Each h by w matrix of a stack as one row, in C order: (n, h, w) becomes (n, h w)."""
    n, h, w = x.shape
    return x.reshape(n, h * w)


@flatten.invariant
def flatten(dx: Any, ct: Any) -> Any:
    """the cotangent is the same row of numbers"""
    return dx.reshape(-1), ct.reshape(-1)
