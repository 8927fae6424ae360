"""Operations whose results share the memory of their operand, as torch's views do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .operands import axes_of, shape_of


def _squeeze(x: Any, dims: int | Sequence[int] | None = None) -> Any:
    shape = shape_of(x)
    single = tuple(axis for axis in axes_of(x, dims) if shape[axis] == 1) if shape else ()
    return np.squeeze(x, axis=single)


def _unsqueeze(x: Any, dim: int) -> Any:
    return np.expand_dims(x, dim)


def _expand(x: Any, size: Sequence[int], **_: Any) -> Any:
    shape = (1,) * (len(size) - len(shape_of(x))) + shape_of(x)
    return np.broadcast_to(x, tuple(old if new == -1 else new for new, old in zip(size, shape, strict=True)))


def _at(x: Any, dim: int, index: Any) -> Any:
    """What stands at an index along one axis: with the ellipsis it stays a view, even of one number."""
    dim %= len(shape_of(x))
    return x[(slice(None),) * dim + (index, Ellipsis)]


def _slice(x: Any, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1) -> Any:
    return _at(x, dim, slice(start, end, step))


def _diagonal(x: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """Through strides of the plain array, because NumPy's diagonals are read-only."""
    rows = np.moveaxis(x, (dim1, dim2), (-2, -1))
    height, width = shape_of(rows)[-2:]
    down, right = max(-offset, 0), max(offset, 0)
    count = max(min(height - down, width - right), 0)
    if np.asarray(rows).flags.c_contiguous and count:
        first = down * width + right
        flat = np.reshape(rows, (*shape_of(rows)[:-2], height * width))
        return flat[..., first : first + (count - 1) * (width + 1) + 1 : width + 1]
    return np.diagonal(rows, offset, -2, -1)


def _split(x: Any, size: int | Sequence[int], dim: int = 0) -> list[Any]:
    length = shape_of(x)[dim]
    sizes = list(size) if isinstance(size, Sequence) else [size] * max(-(-length // size), 1) if size else [0]
    ends = np.cumsum(sizes).tolist()
    return [_slice(x, dim, end - one, end) for end, one in zip(ends, sizes, strict=True)]


def _unfold(x: Any, dim: int, size: int, step: int) -> Any:
    if not shape_of(x):
        return np.reshape(x, (1,))[:size]
    windows = np.lib.stride_tricks.sliding_window_view(x, size, axis=dim)
    return _slice(windows, dim % len(shape_of(x)), None, None, step)


def _transpose(x: Any, dim0: int, dim1: int) -> Any:
    return np.swapaxes(x, dim0, dim1) if shape_of(x) else x


VIEWS: Mapping[str, Callable[..., Any]] = {
    "alias": lambda x: x,
    "detach": lambda x: x,
    "view": lambda x, size: np.reshape(x, tuple(size)),
    "_unsafe_view": lambda x, size: np.reshape(x, tuple(size)),
    "reshape": lambda x, size: np.reshape(x, tuple(size)),
    "permute": lambda x, dims: np.transpose(x, tuple(dims)),
    "transpose": _transpose,
    "t": np.transpose,
    "sym_size": lambda x, dim: shape_of(x)[dim],
    "squeeze": _squeeze,
    "unsqueeze": _unsqueeze,
    "expand": _expand,
    "select": _at,
    "slice": _slice,
    "diagonal": _diagonal,
    "split": _split,
    "split_with_sizes": _split,
    "unsafe_split": _split,
    "unsafe_split_with_sizes": _split,
    "unbind": lambda x, dim=0: [_at(x, dim, place) for place in range(shape_of(x)[dim])],
    "unfold": _unfold,
}
