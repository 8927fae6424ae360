"""jax's products of tensors: `dot_general` and the general convolution."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ...extended import stripped, wrap
from .values import is_whole
from .windows import windowed


def _dot_general(a: Any, b: Any, *, dimension_numbers: Any, **_: Any) -> Any:
    """Sums over the contracted axes; what is left are the batch axes, then a's others, then b's."""
    (a_summed, b_summed), (a_batch, b_batch) = (
        tuple(tuple(map(int, axes)) for axes in pair) for pair in dimension_numbers
    )
    a_free = [axis for axis in range(a.ndim) if axis not in (*a_summed, *a_batch)]
    b_free = [axis for axis in range(b.ndim) if axis not in (*b_summed, *b_batch)]
    a_shape, b_shape = stripped(a).shape, stripped(b).shape
    batch = [a_shape[axis] for axis in a_batch]
    rows, columns = [a_shape[axis] for axis in a_free], [b_shape[axis] for axis in b_free]
    inner = math.prod(a_shape[axis] for axis in a_summed)
    left = _arranged(a, (*a_batch, *a_free, *a_summed), (*batch, math.prod(rows), inner))
    right = _arranged(b, (*b_batch, *b_summed, *b_free), (*batch, inner, math.prod(columns)))
    return _arranged(np.matmul(left, right), None, (*batch, *rows, *columns))


def _arranged(x: Any, axes: Any, shape: Any) -> Any:
    """Transposed and reshaped, without rounding anything."""
    plain = stripped(x) if axes is None else np.transpose(stripped(x), axes)
    moved = plain.reshape(shape)
    return moved if is_whole(x.dtype) else wrap(moved)


def _convolution(
    a: Any,
    kernel: Any,
    *,
    window_strides: Any,
    padding: Any,
    lhs_dilation: Any,
    rhs_dilation: Any,
    dimension_numbers: Any,
    feature_group_count: int,
    batch_group_count: int,
    **_: Any,
) -> Any:
    """The correlation of ``a`` (after dilation and padding) with a dilated kernel, group by group.

    Groups of features each have their own kernels; groups of the batch give an output feature each.
    """
    a_axes, kernel_axes, out_axes = (tuple(map(int, axes)) for axes in dimension_numbers)
    image, weight = np.transpose(stripped(a), a_axes), np.transpose(stripped(kernel), kernel_axes)
    config = [(0, 0, 0)] * 2 + [
        (int(low), int(high), int(dilation) - 1) for (low, high), dilation in zip(padding, lhs_dilation, strict=True)
    ]
    patches = windowed(image, config, weight.shape[2:], window_strides, rhs_dilation)
    groups = feature_group_count * batch_group_count
    count, places = patches.shape[0] // batch_group_count, patches.shape[2 : image.ndim]
    features, window = patches.shape[1] // feature_group_count, math.prod(weight.shape[2:])
    if batch_group_count > 1:
        patches = patches.reshape(groups, count, features, math.prod(places), window)
    else:
        patches = np.swapaxes(patches.reshape(count, groups, features, math.prod(places), window), 0, 1)
    left = np.swapaxes(patches, 2, 3).reshape(groups, count * math.prod(places), features * window)
    right = np.swapaxes(weight.reshape(groups, weight.shape[0] // groups, features * window), 1, 2)
    product = stripped(np.matmul(wrap(left), wrap(right)) if left.dtype.hasobject else np.matmul(left, right))
    product = product.reshape(groups, count, math.prod(places), -1).transpose(1, 0, 3, 2)
    return np.moveaxis(product.reshape(count, weight.shape[0], *places), range(image.ndim), out_axes)


PRODUCTS: Mapping[str, Any] = {"dot_general": _dot_general, "conv_general_dilated": _convolution}
