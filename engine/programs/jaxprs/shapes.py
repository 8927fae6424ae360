"""jax's primitives that make, move, join and select elements, on plain arrays of any kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Plain = np.ndarray[Any, Any]


def padded(x: Plain, value: Plain, config: Sequence[tuple[int, int, int]]) -> Plain:
    """``x`` with ``(low, high, interior)`` values put before, behind and between the elements of each axis.

    Negative numbers take elements away, those that were put between included.
    """
    spread = [n + max(n - 1, 0) * inner for n, (_, _, inner) in zip(x.shape, config, strict=True)]
    padded_sizes = [n + max(low, 0) + max(high, 0) for n, (low, high, _) in zip(spread, config, strict=True)]
    result = np.full(padded_sizes, value[()], dtype=x.dtype)
    inside = tuple(
        slice(max(low, 0), max(low, 0) + n, inner + 1) for n, (low, _, inner) in zip(spread, config, strict=True)
    )
    result[inside] = x
    kept = tuple(
        slice(max(-low, 0), max(size - max(-high, 0), max(-low, 0)))
        for size, (low, high, _) in zip(padded_sizes, config, strict=True)
    )
    return result[kept]


def _pad(x: Plain, value: Plain, *, padding_config: Any, **_: Any) -> Plain:
    return padded(x, value, [tuple(map(int, axis)) for axis in padding_config])  # type: ignore[misc]  # three each


def _broadcast_in_dim(x: Plain, *_: Any, shape: Any, broadcast_dimensions: Any, **__: Any) -> Plain:
    """Axis i of ``x`` becomes axis ``broadcast_dimensions[i]``; all others are new."""
    sizes = [1] * len(shape)
    for axis, place in enumerate(broadcast_dimensions):
        sizes[place] = x.shape[axis]
    return np.broadcast_to(x.reshape(sizes), shape)


def _iota(*_: Any, dtype: Any, shape: Any, dimension: int, **__: Any) -> Plain:
    along = [1] * len(shape)
    along[dimension] = shape[dimension]
    return np.broadcast_to(np.arange(shape[dimension]).reshape(along), shape).astype(dtype)


def _reshape(x: Plain, *_: Any, new_sizes: Any, dimensions: Any = None, **__: Any) -> Plain:
    return (x if dimensions is None else np.transpose(x, dimensions)).reshape(new_sizes)


def _slice(x: Plain, *, start_indices: Any, limit_indices: Any, strides: Any = None, **_: Any) -> Plain:
    steps = [1] * x.ndim if strides is None else strides
    return x[tuple(map(slice, start_indices, limit_indices, steps))]


def _select_n(which: Plain, *cases: Plain, **_: Any) -> Plain:
    """For each element, the case that ``which`` (booleans, or numbers of cases) names."""
    number = np.broadcast_to(which.astype(np.intp), cases[0].shape)
    result = cases[0].copy()
    for position, case in enumerate(cases[1:], start=1):
        result[number == position] = case[number == position]
    return result


def _split(x: Plain, *, sizes: Any, axis: int, **_: Any) -> list[Plain]:
    return np.split(x, np.cumsum(sizes)[:-1], axis=axis)


def _empty(*, dtype: Any, **_: Any) -> Plain:
    """A number that nobody looks at."""
    return np.zeros((), dtype=dtype)


def _platform_index(*, platforms: Any, **_: Any) -> Plain:
    """Which of the branches for different machines is taken: the first for a CPU, or for any."""
    return np.array(next(i for i, names in enumerate(platforms) if names is None or "cpu" in names))


SHAPES: Mapping[str, Any] = {
    "pad": _pad,
    "broadcast_in_dim": _broadcast_in_dim,
    "iota": _iota,
    "reshape": _reshape,
    "slice": _slice,
    "select_n": _select_n,
    "split": _split,
    "empty2": _empty,
    "platform_index": _platform_index,
    "squeeze": lambda x, dimensions, **_: np.squeeze(x, tuple(map(int, dimensions))),
    "transpose": lambda x, permutation, **_: np.transpose(x, permutation),
    "rev": lambda x, dimensions, **_: np.flip(x, tuple(map(int, dimensions))),
    "concatenate": lambda *parts, dimension, **_: np.concatenate(parts, axis=dimension),
    "tile": lambda x, reps, **_: np.tile(x, reps),
}
