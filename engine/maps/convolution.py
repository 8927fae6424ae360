"""Convolution with the kernel fixed; its transpose is the convolution that frameworks call transposed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from .. import notation
from ..linear import Array, LinearMap
from ..options import Choice
from .vocabulary import linear_map


@linear_map("(f,c,2,2),(n,c,3,4)")
def convolve(kernel: Array) -> LinearMap:
    """``dx`` of shape (n, c, h, w) to (n, f, h-p+1, w-q+1): cross-correlation with a kernel of shape (f, c, p, q)."""
    rows, columns = kernel.shape[-2:]

    def apply(dx: Array) -> Array:
        height, width = dx.shape[2] - rows + 1, dx.shape[3] - columns + 1
        return sum(
            np.einsum("fc,nchw->nfhw", kernel[:, :, i, j], dx[:, :, i : i + height, j : j + width])
            for i, j in _offsets(rows, columns)
        )

    def apply_transpose(ct: Array) -> Array:
        return sum(
            np.pad(
                np.einsum("fc,nfhw->nchw", kernel[:, :, i, j], ct),
                ((0, 0), (0, 0), (i, rows - 1 - i), (j, columns - 1 - j)),
            )
            for i, j in _offsets(rows, columns)
        )

    text = notation.operand(kernel)
    return LinearMap(
        apply, apply_transpose, lambda: (notation.named(f"conv {text}"), notation.named(f"conv-transpose {text}"))
    )


@linear_map("(3),(5)", size=Choice((5,)), mode=Choice(("full", "same", "valid")))
def convolve_sequence(kernel: Array, size: int, mode: Any = "full") -> LinearMap:
    """``dx -> numpy.convolve(dx, kernel, mode)`` for a ``dx`` of that size; its transpose correlates with ``kernel``.

    NumPy's modes cut their values out of those of ``"full"``, so the transpose first puts zeros around them.
    """
    full = size + kernel.shape[0] - 1
    longer, shorter = max(size, kernel.shape[0]), min(size, kernel.shape[0])
    start = {"full": 0, "same": (full - longer) // 2, "valid": shorter - 1}[mode]

    def apply_transpose(ct: Array) -> Array:
        widened = np.pad(ct, (start, full - start - ct.shape[0]))
        return sum(kernel[k] * widened[k : k + size] for k in range(kernel.shape[0]))

    text = notation.operand(kernel)
    return LinearMap(
        lambda dx: np.convolve(dx, kernel, mode),
        apply_transpose,
        lambda: (notation.named(f"convolve with {text}"), notation.named(f"correlate with {text}")),
    )


def _offsets(rows: int, columns: int) -> Iterator[tuple[int, int]]:
    return itertools.product(range(rows), range(columns))
