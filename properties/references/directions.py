"""Directions in which a point is probed: dense, generic, and determined by the point itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from backproof.engine.extended import ExtendedArray, active, each, extended
from backproof.engine.signatures import Shape


def direction_seeds(fingerprint: int, purpose: str) -> Iterator[int]:
    """An endless stream of seeds for the directions of one point and one purpose."""
    source = np.random.default_rng([fingerprint, *purpose.encode()])
    while True:
        yield int(source.integers(2**63))


def dense_direction(shape: Shape, seed: int) -> ExtendedArray:
    """Entries of either sign and 64-bit mantissas, between 1/2 and 1 in size.

    Hypothesis never sees them: a direction that shrinks to (1, 0, 0) would hide what stands at the zeros.
    """
    source = np.random.default_rng(seed)
    mantissas = source.integers(2**63, 2**64, size=shape, dtype=np.uint64, endpoint=False)
    signs = source.integers(0, 2, size=shape) * 2 - 1
    whole = each(active().lift, mantissas.astype(object) * signs)
    return extended(whole * active().lift(2.0**-64))


def basis_direction(shape: Shape, position: int) -> ExtendedArray:
    """Zero except for a one at a position in C order."""
    flat = np.zeros(int(np.prod(shape)))
    flat[position] = 1.0
    return extended(flat.reshape(shape))
