"""Pooling and interpolation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ...errors import NotExtendable
from ...extended import extended
from .convolutions import padded, windows
from .operands import repeated, shape_of

_PLANE = 2


def _avg_pool2d(
    x: Any,
    size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    if ceil_mode:
        raise NotExtendable("torch's operation aten.avg_pool2d with ceil_mode=True is not supported.")
    sizes, around = repeated(size, _PLANE), repeated(padding, _PLANE)
    steps = repeated(stride, _PLANE) if stride else sizes
    pairs = [(one, one) for one in around]
    sums = np.sum(windows(padded(x, pairs), sizes, steps, [1, 1]), axis=(-2, -1))
    if divisor_override:
        return sums / divisor_override
    if count_include_pad:
        return sums / (sizes[0] * sizes[1])
    inside = padded(np.ones(shape_of(x)[-_PLANE:], dtype=int), pairs)
    return sums / np.sum(windows(inside, sizes, steps, [1, 1]), axis=(-2, -1))


def _max_pool2d(
    x: Any, size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False
) -> tuple[Any, Any]:
    if ceil_mode:
        raise NotExtendable("torch's operation aten.max_pool2d_with_indices with ceil_mode=True is not supported.")
    sizes, around, apart = (repeated(part, _PLANE) for part in (size, padding, dilation))
    steps = repeated(stride, _PLANE) if stride else sizes
    pairs = [(one, one) for one in around]
    height, width = shape_of(x)[-_PLANE:]
    cells = padded(np.arange(height * width).reshape(height, width), pairs)
    flat = [
        np.reshape(views, (*shape_of(views)[:-2], sizes[0] * sizes[1]))
        for views in (
            windows(padded(x, pairs, -np.inf), sizes, steps, apart),
            windows(cells, sizes, steps, apart),
        )
    ]
    largest = np.asarray(np.argmax(flat[0], axis=-1))[..., None]
    indices = np.take_along_axis(np.broadcast_to(flat[1], shape_of(flat[0])), largest, axis=-1)
    return np.take_along_axis(flat[0], largest, axis=-1)[..., 0], indices[..., 0]


def _adaptive_avg_pool2d(x: Any, output: Sequence[int]) -> Any:
    """Each cell is the mean of its share, which overlaps its neighbours' where sizes do not divide."""
    for axis, count in zip((-2, -1), output, strict=True):
        size = shape_of(x)[axis]
        rows = np.moveaxis(x, axis, 0)
        shares = [rows[cell * size // count : -(-(cell + 1) * size // count)] for cell in range(count)]
        x = np.moveaxis(np.stack([np.mean(share, axis=0) for share in shares]), 0, axis)
    return x


def _nearest(x: Any, output: Sequence[int], *scales: Any) -> Any:
    axes = range(-len(output), 0)
    for axis, count, scale in zip(axes, output, scales or [None] * len(output), strict=True):
        size = shape_of(x)[axis]
        ratio = 1 / scale if scale else size / count
        places = np.minimum(np.floor(np.arange(count) * ratio).astype(int), size - 1)
        x = np.take(x, places, axis=axis)
    return x


def _linearly(x: Any, output: Sequence[int], align_corners: bool, *scales: Any) -> Any:
    """Between the two neighbours, by weights that torch makes in float64 too."""
    axes = range(-len(output), 0)
    for axis, count, scale in zip(axes, output, scales or [None] * len(output), strict=True):
        size = shape_of(x)[axis]
        if align_corners:
            where = np.arange(count) * ((size - 1) / (count - 1) if count > 1 else 0.0)
        else:
            where = np.maximum((np.arange(count) + 0.5) * (1 / scale if scale else size / count) - 0.5, 0)
        below = np.minimum(where.astype(int), size - 1)
        share = extended((where - below).reshape((-1,) + (1,) * (-axis - 1)))
        low, high = np.take(x, below, axis=axis), np.take(x, np.minimum(below + 1, size - 1), axis=axis)
        x = low * (1 - share) + high * share
    return x


POOLING: Mapping[str, Callable[..., Any]] = {
    "avg_pool2d": _avg_pool2d,
    "max_pool2d_with_indices": _max_pool2d,
    "_adaptive_avg_pool2d": _adaptive_avg_pool2d,
    "upsample_nearest1d": _nearest,
    "upsample_nearest2d": _nearest,
    "upsample_linear1d": _linearly,
    "upsample_bilinear2d": _linearly,
}
