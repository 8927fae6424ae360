"""Operations that move elements about into new arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .operands import shape_of
from .views import VIEWS

_slice, _select = VIEWS["slice"], VIEWS["select"]


def _cat(arrays: Sequence[Any], dim: int = 0) -> Any:
    """An array of shape (0,) joins any other, for old times' sake."""
    kept = [array for array in arrays if shape_of(array) != (0,)]
    return np.concatenate(kept or list(arrays), axis=dim)


def _flip(x: Any, dims: Sequence[int]) -> Any:
    return np.flip(x, axis=tuple(dims))


def _roll(x: Any, shifts: Any, dims: Any = None) -> Any:
    if not dims:
        return np.roll(x, shifts[0] if isinstance(shifts, Sequence) else shifts)
    return np.roll(x, tuple(shifts), axis=tuple(dims))


def _repeat(x: Any, repeats: Sequence[int]) -> Any:
    return np.tile(x, tuple(repeats))


def _widths(x: Any, pad: Sequence[int]) -> list[tuple[int, int]]:
    """torch's padding, which starts at the last axis, as NumPy's, which starts at the first."""
    pairs = list(zip(pad[::2], pad[1::2], strict=True))
    return [(0, 0)] * (len(shape_of(x)) - len(pairs)) + pairs[::-1]


def _constant_pad(x: Any, pad: Sequence[int], value: Any = 0) -> Any:
    """Negative padding cuts off."""
    widths = _widths(x, pad)
    for axis, (before, after) in enumerate(widths):
        end = shape_of(x)[axis] + min(after, 0)
        x = _slice(x, axis, max(-before, 0), end)
    return np.pad(x, [(max(before, 0), max(after, 0)) for before, after in widths], constant_values=value)


def _reflection_pad(x: Any, pad: Sequence[int]) -> Any:
    return np.pad(x, _widths(x, pad), mode="reflect")


def _replication_pad(x: Any, pad: Sequence[int]) -> Any:
    return np.pad(x, _widths(x, pad), mode="edge")


def _diag_embed(x: Any, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    *stack, count = shape_of(x)
    size = count + abs(offset)
    rows = np.arange(count) + max(-offset, 0)
    flat = np.zeros((size, size), dtype=int) - 1
    flat[rows, rows + offset] = np.arange(count)
    padded = np.concatenate([np.zeros_like(x[..., :1]) if count else np.zeros((*stack, 1)), x], axis=-1)
    return np.moveaxis(padded[..., flat + 1], (-2, -1), (dim1, dim2))


def _into(x: Any, source: Any, place: Callable[[Any], Any]) -> Any:
    """A copy of x, with the source where a view of it says."""
    out = np.copy(x)
    place(out)[...] = source
    return out


def _slice_scatter(
    x: Any, source: Any, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Any:
    return _into(x, source, lambda out: _slice(out, dim, start, end, step))


def _pixel_shuffle(x: Any, factor: int) -> Any:
    *stack, channels, height, width = shape_of(x)
    split = np.reshape(x, (*stack, channels // factor**2, factor, factor, height, width))
    n = len(stack)
    order = (*range(n + 1), n + 3, n + 1, n + 4, n + 2)
    return np.reshape(np.transpose(split, order), (*stack, channels // factor**2, height * factor, width * factor))


def _pixel_unshuffle(x: Any, factor: int) -> Any:
    *stack, channels, height, width = shape_of(x)
    split = np.reshape(x, (*stack, channels, height // factor, factor, width // factor, factor))
    n = len(stack)
    order = (*range(n + 1), n + 2, n + 4, n + 1, n + 3)
    return np.reshape(np.transpose(split, order), (*stack, channels * factor**2, height // factor, width // factor))


MOVING: Mapping[str, Callable[..., Any]] = {
    "cat": _cat,
    "stack": lambda arrays, dim=0: np.stack(list(arrays), axis=dim),
    "flip": _flip,
    "roll": _roll,
    "rot90": lambda x, k=1, dims=(0, 1): np.rot90(x, k, tuple(dims)),
    "repeat": _repeat,
    "constant_pad_nd": _constant_pad,
    "reflection_pad1d": _reflection_pad,
    "reflection_pad2d": _reflection_pad,
    "replication_pad1d": _replication_pad,
    "replication_pad2d": _replication_pad,
    "tril": lambda x, diagonal=0: np.tril(x, diagonal),
    "triu": lambda x, diagonal=0: np.triu(x, diagonal),
    "diag_embed": _diag_embed,
    "slice_scatter": _slice_scatter,
    "select_scatter": lambda x, source, dim, index: _into(x, source, lambda out: _select(out, dim, index)),
    "pixel_shuffle": _pixel_shuffle,
    "pixel_unshuffle": _pixel_unshuffle,
}
