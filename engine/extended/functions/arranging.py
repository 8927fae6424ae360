"""Functions that move elements about, join arrays, or make arrays like others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...errors import NotExtendable
from ..arithmetic import active
from ..lifting import Plain, entered, filled, lifted, stores_numbers, stripped
from .dispatching import implements, moves_elements, numbers_only, plainly

moves_elements(
    *(np.reshape, np.ravel, np.transpose, np.swapaxes, np.moveaxis, np.rollaxis, np.squeeze, np.expand_dims),
    *(np.permute_dims, np.matrix_transpose, np.broadcast_to, np.broadcast_arrays, np.rot90),
    *(np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit, np.repeat, np.tile, np.resize, np.delete),
    *(np.roll, np.flip, np.flipud, np.fliplr, np.take, np.take_along_axis, np.copy, np.diagonal),
    *(np.atleast_1d, np.atleast_2d, np.atleast_3d, np.lib.stride_tricks.sliding_window_view),
)


def _jointly(parts: Sequence[Any]) -> list[Plain]:
    """Plain arrays, all of numbers if any of them is."""
    plain = [entered(part) for part in parts]
    mixed = any(part.dtype.kind in "Of" for part in plain)
    return [lifted(part) for part in plain] if mixed else plain


@implements(np.concatenate)
def concatenate(arrays: Any, axis: int | None = 0, dtype: Any = None, casting: str = "same_kind") -> Any:
    return np.concatenate(_jointly(arrays), axis=axis)


@implements(np.stack)
def stack(arrays: Any, axis: int = 0, dtype: Any = None, casting: str = "same_kind") -> Any:
    return np.stack(_jointly(arrays), axis=axis)


@implements(np.vstack)
def vstack(tup: Any, dtype: Any = None, casting: str = "same_kind") -> Any:
    return np.vstack(_jointly(tup))


@implements(np.hstack)
def hstack(tup: Any, dtype: Any = None, casting: str = "same_kind") -> Any:
    return np.hstack(_jointly(tup))


@implements(np.dstack)
def dstack(tup: Any) -> Any:
    return np.dstack(_jointly(tup))


@implements(np.column_stack)
def column_stack(tup: Any) -> Any:
    return np.column_stack(_jointly(tup))


@implements(np.append)
def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    one, two = _jointly((arr, values))
    return concatenate([one.ravel(), two.ravel()] if axis is None else [one, two], axis or 0)


@implements(np.insert)
def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    array, inserted = _jointly((arr, values))
    return np.insert(array, plainly(obj), inserted, axis=axis)


@implements(np.block)
def block(arrays: Any) -> Any:
    return numbers_only(np.block(_nested(arrays)))


def _nested(value: Any) -> Any:
    return [_nested(part) for part in value] if isinstance(value, list) else lifted(entered(value))


@implements(np.zeros_like)
def zeros_like(
    a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, *, device: Any = None
) -> Any:
    return _like(a, 0, dtype, shape)


@implements(np.ones_like)
def ones_like(
    a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, *, device: Any = None
) -> Any:
    return _like(a, 1, dtype, shape)


@implements(np.empty_like)
def empty_like(
    a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, *, device: Any = None
) -> Any:
    return _like(a, 0, dtype, shape)


@implements(np.full_like)
def full_like(
    a: Any,
    fill_value: Any,
    dtype: Any = None,
    order: str = "K",
    subok: bool = True,
    shape: Any = None,
    *,
    device: Any = None,
) -> Any:
    like = _like(a, 0, dtype, shape)
    like[...] = lifted(entered(fill_value))[()] if stores_numbers(like) else fill_value
    return like


def _like(a: Any, value: int, dtype: Any, shape: Any) -> Plain:
    """An array like ``a``; numbers are extended, whichever floating dtype is asked for."""
    size = np.shape(stripped(a)) if shape is None else shape
    kind = getattr(a, "dtype", np.asarray(a).dtype) if dtype is None else np.dtype(dtype)
    if kind.kind == "c":
        raise NotExtendable(f"arrays of dtype {kind} like one of real numbers are not supported in extended precision.")
    return filled(size, value) if kind.kind in "fO" else np.full(size, value, dtype=kind)


@implements(np.pad)
def pad(array: Any, pad_width: Any, mode: str = "constant", **keywords: Any) -> Any:
    plain = lifted(entered(array))
    if isinstance(pad_width, dict):
        pad_width = [pad_width.get(axis, pad_width.get(axis - plain.ndim, (0, 0))) for axis in range(plain.ndim)]
    widths = np.broadcast_to(np.asarray(pad_width, dtype=int), (plain.ndim, 2)).tolist()
    if mode in ("edge", "reflect", "symmetric", "wrap"):
        positions = np.pad(np.arange(plain.size).reshape(plain.shape), widths, mode=mode, **keywords)  # type: ignore[call-overload]  # the modes are checked above
        return plain.ravel()[positions]
    if mode not in ("constant", "empty"):
        raise NotExtendable(f"np.pad with mode={mode!r} is not supported on extended-precision numbers.")
    shape = tuple(a + n + b for n, (a, b) in zip(plain.shape, widths, strict=True))
    values = np.broadcast_to(lifted(entered(keywords.get("constant_values", 0))), (plain.ndim, 2))
    padded = filled(shape, 0)
    for axis, (before, after) in enumerate(widths):
        rows = np.moveaxis(padded, axis, 0)
        rows[:before] = values[axis, 0]
        rows[shape[axis] - after :] = values[axis, 1]
    padded[tuple(slice(a, a + n) for n, (a, _) in zip(plain.shape, widths, strict=True))] = plain[()]
    return padded


@implements(np.tril)
def tril(m: Any, k: int = 0) -> Any:
    plain = entered(m)
    return np.where(_below(plain, k), plain, _zero_of(plain))


@implements(np.triu)
def triu(m: Any, k: int = 0) -> Any:
    plain = entered(m)
    return np.where(_below(plain, k - 1), _zero_of(plain), plain)


def _below(plain: Plain, k: int) -> Plain:
    """Where a matrix (or the matrices of a stack, or one made of a vector) stands on or below a diagonal."""
    rows, columns = plain.shape[-2:] if plain.ndim > 1 else (plain.shape[0], plain.shape[0])
    return np.tri(rows, columns, k=k, dtype=bool)


def _zero_of(plain: Plain) -> Any:
    return active().lift(0) if stores_numbers(plain) else plain.dtype.type(0)


@implements(np.diag)
def diag(v: Any, k: int = 0) -> Any:
    plain = entered(v)
    return np.diagonal(plain, k).copy() if plain.ndim == 2 else diagflat(plain, k)


@implements(np.diagflat)
def diagflat(v: Any, k: int = 0) -> Any:
    return numbers_only(np.diagflat(entered(v), k))


@implements(np.fill_diagonal)
def fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    plain = stripped(a)
    np.fill_diagonal(plain, lifted(entered(val)) if stores_numbers(plain) else val, wrap)


@implements(np.meshgrid)
def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: Any = "xy") -> Any:
    return np.meshgrid(*_jointly(xi), copy=copy, sparse=sparse, indexing=indexing)
