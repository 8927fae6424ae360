"""How NumPy's functions act on extended arrays: implemented here, listed as safe, or refused by name.

No function is handed on to NumPy's own Python code unless it only moves elements about: the others convert
to float64 somewhere inside, without a word.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from ..errors import NotExtendable
from . import choices
from .arithmetic import Objects, active
from .einsum import einsum
from .lifting import Plain, entered, filled, lifted, stores_numbers, stripped
from .ufuncs import apply_ufunc, matmul, truth

# These only move elements about, or look at shapes alone.
_MOVING = frozenset(
    [
        *(np.reshape, np.ravel, np.transpose, np.swapaxes, np.moveaxis, np.squeeze, np.expand_dims, np.broadcast_to),
        *(np.broadcast_arrays, np.split, np.array_split),
        *(np.repeat, np.tile, np.roll, np.flip, np.flipud, np.fliplr, np.take, np.copy, np.diagonal),
        *(np.atleast_1d, np.atleast_2d, np.take_along_axis),
    ]
)
_JOINING = frozenset([np.concatenate, np.stack, np.vstack, np.hstack])
_LOOKING = frozenset([np.shape, np.ndim, np.size, np.may_share_memory, np.shares_memory])

_IMPLEMENTED: dict[Callable[..., Any], Callable[..., Any]] = {}

Axis = int | tuple[int, ...] | None


def apply_function(function: Callable[..., Any], arguments: Any, keywords: Mapping[str, Any]) -> Any:
    """The value of a NumPy function, in plain arrays; raises NotExtendable for what is not supported."""
    active()
    given = {key: value for key, value in keywords.items() if value is not np._NoValue}
    if given.get("out") is not None:
        raise _no_out(function)
    implementation = _IMPLEMENTED.get(function)
    if implementation is not None:
        try:
            bound = _signature(implementation).bind(*arguments, **given)
        except TypeError as error:
            raise NotExtendable(f"np.{function.__name__} called like this is not supported: {error}") from error
        if bound.arguments.get("out") is not None:
            raise _no_out(function)
        return implementation(*bound.args, **bound.kwargs)
    if function in _LOOKING:
        return function(*_stripped(arguments), **given)
    if function in _JOINING:
        parts = [entered(part) for part in arguments[0]]
        mixed = any(part.dtype.kind in "Of" for part in parts)
        return function([lifted(part) for part in parts] if mixed else parts, *arguments[1:], **given)
    if function in _MOVING:
        return function(*_stripped(arguments), **_stripped(given))
    raise NotExtendable(f"np.{function.__name__} is not supported on extended-precision numbers.")


def _no_out(function: Callable[..., Any]) -> NotExtendable:
    return NotExtendable(f"np.{function.__name__} with out= is not supported on extended arrays; assign the result.")


_signature = cache(inspect.signature)


def _stripped(value: Any) -> Any:
    """A nest of arguments with plain arrays in it; floats among them are lifted, to sit beside extended numbers."""
    if isinstance(value, np.ndarray):
        return lifted(value) if value.dtype.kind == "f" else entered(value)
    if isinstance(value, dict):
        return {key: _stripped(part) for key, part in value.items()}
    return type(value)(_stripped(part) for part in value) if isinstance(value, tuple | list) else value


def _implements(*functions: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(implementation: Callable[..., Any]) -> Callable[..., Any]:
        for function in functions:
            _IMPLEMENTED[function] = implementation
        return implementation

    return register


@_implements(np.sum)
def _sum(a: Any, axis: Axis = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Any:
    plain = stripped(a)
    if not stores_numbers(plain):
        total = np.sum(plain, axis=axis, keepdims=keepdims, dtype=dtype)
        return lifted(total) if total.dtype.kind == "f" else total
    start: dict[str, Any] = {"initial": active().lift(0), "keepdims": keepdims}
    return lifted(np.add.reduce(plain, axis=axis, **start))


@_implements(np.mean)
def _mean(a: Any, axis: Axis = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Any:
    total = _sum(lifted(a), axis=axis, keepdims=keepdims)
    count = stripped(a).size // max(total.size, 1)
    return active().elementwise[np.true_divide](lifted(total), lifted(count))


@_implements(np.max, np.amax)
def _max(a: Any, axis: Axis = None, out: Any = None, keepdims: bool = False) -> Any:
    return _reduce(choices.largest, np.max, a, axis, keepdims)


@_implements(np.min, np.amin)
def _min(a: Any, axis: Axis = None, out: Any = None, keepdims: bool = False) -> Any:
    return _reduce(choices.smallest, np.min, a, axis, keepdims)


def _reduce(
    reduce_last: Callable[[Objects], Objects], native: Callable[..., Any], a: Any, axis: Axis, keepdims: bool
) -> Any:
    plain = stripped(a)
    if not stores_numbers(plain):
        return native(plain, axis=axis, keepdims=keepdims)
    axes = range(plain.ndim) if axis is None else np.atleast_1d(np.asarray(axis, dtype=int)).tolist()
    reduced = tuple(sorted(each % plain.ndim for each in axes))
    kept = tuple(each for each in range(plain.ndim) if each not in reduced)
    count = int(np.prod([plain.shape[each] for each in reduced]))
    if count == 0:
        raise ValueError("zero-size array to reduction operation which has no identity")
    rows = np.transpose(plain, kept + reduced).reshape(*(plain.shape[each] for each in kept), count)
    result = np.asarray(reduce_last(rows), dtype=object)
    return np.expand_dims(result, reduced) if keepdims else result


@_implements(np.where)
def _where(condition: Any, x: Any = None, y: Any = None) -> Any:
    if x is None or y is None:
        raise NotExtendable("np.where of a condition alone is not supported on extended arrays; index by the mask.")
    one, two = entered(x), entered(y)
    whole = one.dtype.kind in "biu" and two.dtype.kind in "biu"
    return np.where(truth(stripped(condition)), *((one, two) if whole else (lifted(one), lifted(two))))


@_implements(np.clip)
def _clip(a: Any, a_min: Any = None, a_max: Any = None) -> Any:
    result = a if a_min is None else apply_ufunc(np.maximum, "__call__", (a, a_min), {})
    return result if a_max is None else apply_ufunc(np.minimum, "__call__", (result, a_max), {})


@_implements(np.zeros_like)
def _zeros_like(a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None) -> Any:
    return _like(a, 0, dtype, shape)


@_implements(np.ones_like)
def _ones_like(a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None) -> Any:
    return _like(a, 1, dtype, shape)


@_implements(np.empty_like)
def _empty_like(a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None) -> Any:
    return _like(a, 0, dtype, shape)


def _like(a: Any, value: int, dtype: Any, shape: Any) -> Plain:
    """An array like ``a``; numbers are extended, whichever floating dtype is asked for."""
    size = np.shape(stripped(a)) if shape is None else shape
    kind = a.dtype if dtype is None else np.dtype(dtype)
    return filled(size, value) if kind.kind == "f" else np.full(size, value, dtype=kind)


@_implements(np.cumsum)
def _cumsum(a: Any, axis: int | None = None) -> Any:
    plain = stripped(a)
    if plain.size == 0:
        return plain.ravel() if axis is None else plain.copy()
    return np.cumsum(plain, axis=axis)


@_implements(np.dot)
def _dot(a: Any, b: Any) -> Any:
    one, two = lifted(a), lifted(b)
    if max(one.ndim, two.ndim) > 2:
        raise NotExtendable("np.dot of arrays of more than two axes is not supported; use matmul or einsum.")
    return one * two if 0 in (one.ndim, two.ndim) else matmul(one, two)


@_implements(np.einsum)
def _einsum(subscripts: str, *operands: Any) -> Any:
    return einsum(subscripts, [lifted(operand) for operand in operands])


@_implements(np.pad)
def _pad(array: Any, pad_width: Any, mode: str = "constant") -> Any:
    if mode != "constant":
        raise NotExtendable(f"np.pad with mode={mode!r} is not supported on extended-precision numbers.")
    plain = stripped(array)
    widths = np.broadcast_to(np.asarray(pad_width), (plain.ndim, 2)).tolist()
    padded = filled(tuple(a + n + b for n, (a, b) in zip(plain.shape, widths, strict=True)), 0)
    padded[tuple(slice(a, a + n) for n, (a, _) in zip(plain.shape, widths, strict=True))] = lifted(plain)
    return padded


@_implements(np.linalg.solve)
def _solve(a: Any, b: Any) -> Any:
    matrix, right = lifted(a), lifted(b)
    if matrix.ndim != 2 or right.ndim not in (1, 2):
        raise NotExtendable("np.linalg.solve of a stack of matrices is not supported on extended-precision numbers.")
    solution = active().solve(matrix, right if right.ndim == 2 else right[:, None])
    return solution.reshape(right.shape)


@_implements(np.any)
def _any(a: Any, axis: Axis = None, out: Any = None, keepdims: bool = False) -> Any:
    return np.any(truth(stripped(a)), axis=axis, keepdims=keepdims)


@_implements(np.all)
def _all(a: Any, axis: Axis = None, out: Any = None, keepdims: bool = False) -> Any:
    return np.all(truth(stripped(a)), axis=axis, keepdims=keepdims)
