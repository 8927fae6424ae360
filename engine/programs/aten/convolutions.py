"""Convolutions, plain and transposed, by windows that slide over the padded input."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .operands import repeated, shape_of


def windows(x: Any, sizes: Sequence[int], strides: Sequence[int], dilations: Sequence[int]) -> Any:
    """The windows over the last axes: shape (..., windows by axis, entries by axis)."""
    count = len(sizes)
    spans = tuple((size - 1) * dilation + 1 for size, dilation in zip(sizes, dilations, strict=True))
    axes = tuple(range(-count, 0))
    view: Any = np.lib.stride_tricks.sliding_window_view(x, spans, axis=axes)
    steps = [slice(None, None, stride) for stride in strides] + [slice(None, None, one) for one in dilations]
    return view[(Ellipsis, *steps)]


def padded(x: Any, padding: Sequence[tuple[int, int]], value: Any = 0) -> Any:
    """The input with so many entries around its last axes."""
    before = len(shape_of(x)) - len(padding)
    return np.pad(x, [(0, 0)] * before + list(padding), constant_values=value)


def _correlated(x: Any, weight: Any, strides: Sequence[int], dilations: Sequence[int], groups: int) -> Any:
    samples, channels = shape_of(x)[:2]
    outputs, inner, *sizes = shape_of(weight)
    views = windows(x, sizes, strides, dilations)
    counts = shape_of(views)[2 : 2 + len(sizes)]
    by_group = np.reshape(views, (samples, groups, channels // groups, int(np.prod(counts)), int(np.prod(sizes))))
    rows = np.reshape(np.swapaxes(by_group, 2, 3), (samples, groups, int(np.prod(counts)), inner * int(np.prod(sizes))))
    columns = np.reshape(weight, (groups, outputs // groups, inner * int(np.prod(sizes))))
    product = np.matmul(rows, np.swapaxes(columns, -1, -2))
    return np.reshape(np.swapaxes(product, -1, -2), (samples, outputs, *counts))


def _spread(x: Any, strides: Sequence[int]) -> Any:
    """The input with zeros between its entries."""
    shape = shape_of(x)
    sizes = [(size - 1) * stride + 1 for size, stride in zip(shape[2:], strides, strict=True)]
    out = np.zeros_like(x, shape=(*shape[:2], *sizes))
    out[(slice(None), slice(None), *(slice(None, None, stride) for stride in strides))] = x
    return out


def _transposed(x: Any, weight: Any, strides: Any, paddings: Any, dilations: Any, extras: Any, groups: int) -> Any:
    inputs, inner, *sizes = shape_of(weight)
    turned = np.flip(weight, axis=tuple(range(2, 2 + len(sizes))))
    by_group = np.reshape(turned, (groups, inputs // groups, inner, *sizes))
    swapped = np.reshape(np.swapaxes(by_group, 1, 2), (groups * inner, inputs // groups, *sizes))
    around = [
        (dilation * (size - 1), dilation * (size - 1) + extra)
        for size, dilation, extra in zip(sizes, dilations, extras, strict=True)
    ]
    full = _correlated(padded(_spread(x, strides), around), swapped, [1] * len(sizes), dilations, groups)
    cut = (slice(padding, size - padding) for padding, size in zip(paddings, shape_of(full)[2:], strict=True))
    return full[(slice(None), slice(None), *cut)]


def _convolution(
    x: Any,
    weight: Any,
    bias: Any,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    transposed: bool,
    output_padding: Sequence[int],
    groups: int,
) -> Any:
    count = len(shape_of(weight)) - 2
    strides, paddings, dilations, extras = (
        repeated(part, count) for part in (stride, padding, dilation, output_padding)
    )
    if transposed:
        result = _transposed(x, weight, strides, paddings, dilations, extras, groups)
    else:
        around = padded(x, [(one, one) for one in paddings])
        result = _correlated(around, weight, strides, dilations, groups)
    return result if bias is None else result + np.reshape(bias, (-1, *[1] * count))


def _im2col(x: Any, size: Sequence[int], dilation: Sequence[int], padding: Sequence[int], stride: Sequence[int]) -> Any:
    views = windows(padded(x, [(one, one) for one in padding]), size, stride, dilation)
    *stack, channels, rows, columns, height, width = shape_of(views)
    moved = np.moveaxis(views, (-2, -1), (-4, -3))
    return np.reshape(moved, (*stack, channels * height * width, rows * columns))


def _col2im(
    x: Any,
    output: Sequence[int],
    size: Sequence[int],
    dilation: Sequence[int],
    padding: Sequence[int],
    stride: Sequence[int],
) -> Any:
    height, width = (length + 2 * one for length, one in zip(output, padding, strict=True))
    cells = np.arange(height * width).reshape(1, 1, height, width)
    places = np.moveaxis(windows(cells, size, stride, dilation), (-2, -1), (-4, -3)).reshape(-1)
    *stack, entries, count = shape_of(x)
    channels = entries // (size[0] * size[1])
    rows = np.reshape(x, (*stack, channels, size[0] * size[1] * count))
    out = np.zeros_like(x, shape=(*stack, channels, height * width))
    np.add.at(out, (*([slice(None)] * (len(stack) + 1)), places), rows)
    whole = np.reshape(out, (*stack, channels, height, width))
    return whole[..., padding[0] : height - padding[0], padding[1] : width - padding[1]]


CONVOLUTIONS: Mapping[str, Callable[..., Any]] = {
    "convolution": _convolution,
    "im2col": _im2col,
    "col2im": _col2im,
}
