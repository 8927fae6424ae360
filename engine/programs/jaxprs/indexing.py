"""jax's gathers, scatters and slices at computed places, on plain arrays of any kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...errors import NotExtendable
from ...extended.lifting import lifted
from ...extended.ufunc_methods import apply_ufunc
from .shapes import Plain


def _starts(indices: Plain, rank: int, starting: Any, batching: Any, index_batching: Any) -> Plain:
    """The first element of each window, one column an axis of the operand."""
    starts = np.zeros((*indices.shape[:-1], rank), dtype=np.int64)
    for column, axis in enumerate(starting):
        starts[..., axis] = indices[..., column]
    for axis, along in zip(batching, index_batching, strict=True):
        sizes = [1] * (indices.ndim - 1)
        sizes[along] = indices.shape[along]
        starts[..., axis] = np.arange(indices.shape[along]).reshape(sizes)
    return starts


def _fitted(starts: Plain, shape: Sequence[int], sizes: Sequence[int], mode: Any) -> tuple[Plain, Plain]:
    """Starts moved to where whole windows fit, and which of them fitted (or need not be asked)."""
    last = np.array(shape, dtype=np.int64) - np.array(sizes, dtype=np.int64)
    moved = np.clip(starts, 0, last)
    name = getattr(mode, "name", str(mode))
    if name in ("CLIP", "PROMISE_IN_BOUNDS"):
        return moved, np.ones(starts.shape[:-1], dtype=bool)
    if name == "FILL_OR_DROP":
        return moved, np.all(moved == starts, axis=-1)
    raise NotExtendable(f"jax's indexing with mode {name} is not evaluated in extended precision.")


def _places(starts: Plain, sizes: Sequence[int], collapsed: Sequence[int]) -> tuple[Plain, ...]:
    """One index array an axis of the operand, of the shape of all windows: the starts' shape, then each window's."""
    kept = [axis for axis in range(len(sizes)) if axis not in collapsed]
    places = []
    for axis in range(len(sizes)):
        within = [1] * len(kept)
        if axis in kept:
            within[kept.index(axis)] = sizes[axis]
        first = starts[..., axis].reshape(starts.shape[:-1] + (1,) * len(kept))
        places.append(first + np.arange(sizes[axis] if axis in kept else 1).reshape(within))
    return tuple(places)


def _gather(
    x: Plain, indices: Plain, *, dimension_numbers: Any, slice_sizes: Any, mode: Any, fill_value: Any, **_: Any
) -> Plain:
    numbers = dimension_numbers
    starts = _starts(
        indices, x.ndim, numbers.start_index_map, numbers.operand_batching_dims, numbers.start_indices_batching_dims
    )
    starts, fits = _fitted(starts, x.shape, slice_sizes, mode)
    collapsed = (*numbers.collapsed_slice_dims, *numbers.operand_batching_dims)
    found = np.asarray(x[_places(starts, slice_sizes, collapsed)], dtype=x.dtype)
    if not fits.all():
        outside = np.broadcast_to(~fits.reshape(fits.shape + (1,) * (found.ndim - fits.ndim)), found.shape)
        found = found.copy()
        found[outside] = _filler(x, fill_value)
    return np.moveaxis(found, range(fits.ndim, found.ndim), numbers.offset_dims)


def _filler(x: Plain, value: Any) -> Any:
    """What stands where nothing was gathered: nan, or the integer that is furthest from zero, unless it is given."""
    if x.dtype.hasobject:
        return lifted(np.nan if value is None else value)[()]
    if value is not None or x.dtype.kind == "b":
        return True if value is None else value
    return np.iinfo(x.dtype).min if x.dtype.kind == "i" else np.iinfo(x.dtype).max


def _scatter(ufunc: np.ufunc | None) -> Any:
    """Updates put in place of elements (None), or combined with them, one after the other."""

    def scatter(x: Plain, indices: Plain, updates: Plain, *, dimension_numbers: Any, mode: Any, **_: Any) -> Plain:
        numbers = dimension_numbers
        starts = _starts(
            indices,
            x.ndim,
            numbers.scatter_dims_to_operand_dims,
            numbers.operand_batching_dims,
            numbers.scatter_indices_batching_dims,
        )
        window_axes = numbers.update_window_dims
        collapsed = (*numbers.inserted_window_dims, *numbers.operand_batching_dims)
        kept = iter(window_axes)
        sizes = [1 if axis in collapsed else updates.shape[next(kept)] for axis in range(x.ndim)]
        starts, fits = _fitted(starts, x.shape, sizes, mode)
        values = np.moveaxis(updates, window_axes, range(fits.ndim, updates.ndim))[fits]
        places = tuple(place[fits] for place in _places(starts, sizes, collapsed))
        result = x.copy()
        if ufunc is None:
            result[places] = values
        else:
            apply_ufunc(ufunc, "at", (result, places, values), {}) if x.dtype.hasobject else ufunc.at(
                result, places, values
            )
        return result

    return scatter


def _slices(x: Plain, starts: Sequence[Plain], sizes: Sequence[int]) -> tuple[slice, ...]:
    """Slices of the given sizes, moved to where they fit."""
    return tuple(
        slice(first, first + size)
        for first, size in (
            (min(max(int(start), 0), n - size), size) for start, n, size in zip(starts, x.shape, sizes, strict=True)
        )
    )


def _dynamic_slice(x: Plain, *starts: Plain, slice_sizes: Any, **_: Any) -> Plain:
    return x[_slices(x, starts[: x.ndim], slice_sizes)]


def _dynamic_update_slice(x: Plain, update: Plain, *starts: Plain, **_: Any) -> Plain:
    result = x.copy()
    result[_slices(x, starts, update.shape)] = update
    return result


INDEXING: Mapping[str, Any] = {
    "gather": _gather,
    "scatter": _scatter(None),
    "scatter-add": _scatter(np.add),
    "scatter-sub": _scatter(np.subtract),
    "scatter-mul": _scatter(np.multiply),
    "scatter-min": _scatter(np.minimum),
    "scatter-max": _scatter(np.maximum),
    "dynamic_slice": _dynamic_slice,
    "dynamic_update_slice": _dynamic_update_slice,
}
