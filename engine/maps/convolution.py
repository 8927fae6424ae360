"""Windows, and convolution with the kernel fixed; its transpose is the convolution that frameworks call transposed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from .. import notation
from ..linear import Array, LinearMap
from ..options import Choice, ShapeOf
from ..primitives import add_windows
from ..signatures import Shape
from .vocabulary import linear_map


@linear_map(
    "(n,4,5)",
    shape=ShapeOf(),
    size=Choice(((2, 3), (1, 2))),
    stride=Choice(((1, 1), (2, 1), (1, 3))),
    dilation=Choice(((1, 1), (2, 1), (1, 2))),
)
def windows(shape: Shape, size: Shape, stride: Shape, dilation: Shape) -> LinearMap:
    """Cut windows out of the last axes of an array of the given shape (im2col); the transpose adds them back (col2im).

    A window has ``size`` entries, ``dilation`` apart, and begins every ``stride`` places. The output has the axes
    that are not cut, then those of the entries, then those of the places: (n, c, h, w) becomes (n, c, p, q, h', w').
    Raises ValueError where no window fits.
    """
    count = len(size)
    spans = tuple((entries - 1) * apart + 1 for entries, apart in zip(size, dilation, strict=True))
    steps: Any = (..., *(slice(None, None, step) for step in (*stride, *dilation)))
    order = (*range(len(shape) - count), *range(len(shape), len(shape) + count), *range(len(shape) - count, len(shape)))

    def apply(dx: Array) -> Array:
        views = np.lib.stride_tricks.sliding_window_view(dx, spans, axis=tuple(range(-count, 0)))
        return np.transpose(views[steps], order)

    text = f"windows of {size}"
    return LinearMap(
        apply,
        lambda ct: add_windows(ct, shape, stride, dilation),
        lambda: (notation.named(f"cut {text}"), notation.named(f"add {text}")),
    )


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


def on_both_axes(value: int | Shape) -> Shape:
    """A number for each axis of an image, where one may stand for both."""
    return (value, value) if isinstance(value, int) else value
