"""What makes arrays out of nothing: in an extended run, extended ones."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib import stride_tricks

from ...errors import NotExtendable
from ..array import ExtendedArray, extended, wrap
from ..counts import Count
from ..lifting import filled, stripped
from ..pairs import ComplexArray, as_complex, is_complex


def lift_floats(value: Any) -> Any:
    """Floats and float arrays, also inside lists and tuples, as extended arrays; everything else as it is."""
    if isinstance(value, float | np.floating):
        return extended(value)
    if type(value) is np.ndarray and value.dtype.kind == "f":
        return extended(value)
    return type(value)(lift_floats(part) for part in value) if type(value) in (list, tuple) else value


def as_extended_array(value: Any) -> Any:
    """Anything numeric as an array of the class: floats extended, integers and booleans as they are."""
    if isinstance(value, ExtendedArray):
        return value
    if is_complex(value):
        return as_complex(value)
    if isinstance(value, Count):
        return wrap(np.asarray(value.value))
    if isinstance(value, list | tuple):
        return _from_nest(value)
    plain = np.asarray(value)
    if plain.dtype.kind == "f":
        return extended(plain)
    return wrap(plain) if plain.dtype.kind in "biu" else value


def _from_nest(values: Any) -> Any:
    parts = [as_extended_array(part) for part in values]
    if not parts:
        return extended(np.zeros(0))
    if not all(isinstance(part, ExtendedArray | ComplexArray) for part in parts):
        return values
    return np.stack(parts)


def _asks_for_floats(dtype: Any) -> bool:
    kind = "f" if dtype is None else np.dtype(dtype).kind
    if kind in "cV" and np.dtype(dtype) != np.dtype(complex):
        raise NotExtendable(f"arrays of dtype {np.dtype(dtype)} are not supported in extended precision.")
    return kind == "f"


def _sizes(shape: Any) -> tuple[int, ...]:
    return tuple(int(size) for size in shape) if isinstance(shape, list | tuple | np.ndarray) else (int(shape),)


def _filling(native: Callable[..., Any], value: int) -> Callable[..., Any]:
    def fill(shape: Any, dtype: Any = None, order: Any = "C", **_: Any) -> Any:
        if _asks_for_floats(dtype):
            return wrap(np.asarray(filled(_sizes(shape), value), order=order))
        if np.dtype(dtype).kind == "c":
            return as_complex(fill(shape, order=order))
        return wrap(native(_sizes(shape), dtype=dtype, order=order))

    return fill


def _full(shape: Any, fill_value: Any, dtype: Any = None, order: Any = "C", **_: Any) -> Any:
    value = as_extended_array(fill_value)
    kind = value.dtype.kind if dtype is None else np.dtype(dtype).kind
    if kind == "c":
        complexes = as_complex(_full(shape, 0.0))
        complexes[...] = value
        return complexes
    array = wrap(filled(_sizes(shape), 0) if kind == "f" else np.zeros(_sizes(shape), dtype or value.dtype))
    array[...] = value
    return array


def _eye(N: Any, M: Any = None, k: int = 0, dtype: Any = float, order: Any = "C", **_: Any) -> Any:  # noqa: N803  # NumPy's own names
    plain = np.eye(int(N), None if M is None else int(M), k=k, dtype=np.dtype(dtype))
    return extended(plain) if _asks_for_floats(dtype) else wrap(plain)


def _tri(N: Any, M: Any = None, k: int = 0, dtype: Any = float, **_: Any) -> Any:  # noqa: N803  # NumPy's own names
    plain = np.tri(int(N), None if M is None else int(M), k=k, dtype=np.dtype(dtype))
    return extended(plain) if _asks_for_floats(dtype) else wrap(plain)


def _arange(*arguments: Any, dtype: Any = None, **_: Any) -> Any:
    bounds = [_whole_or_itself(argument) for argument in arguments]
    start, stop, step = ((0, *bounds, 1) if len(bounds) == 1 else (*bounds, 1))[:3]
    if all(isinstance(part, int | np.integer | Count) for part in (start, stop, step)):
        counted = np.arange(int(start), int(stop), int(step))
        floats = dtype is not None and _asks_for_floats(dtype)
        return extended(counted) if floats else wrap(counted if dtype is None else counted.astype(dtype))
    count = max(0, math.ceil((float(stop) - float(start)) / float(step)))
    return extended(np.arange(count)) * as_extended_array(step) + as_extended_array(start)


def _whole_or_itself(value: Any) -> Any:
    """A 0-d array of integers as the integer that it holds."""
    return int(value) if isinstance(value, ExtendedArray) and not value.ndim and value.dtype.kind in "iu" else value


def _linspace(start: Any, stop: Any, num: Any = 50, endpoint: bool = True, **_: Any) -> Any:
    intervals = max(int(num) - bool(endpoint), 1)
    first, last = as_extended_array(start), as_extended_array(stop)
    steps = extended(np.arange(int(num))).reshape((int(num),) + (1,) * max(first.ndim, last.ndim))
    return steps * ((last - first) / Count(intervals, wrap)) + first


def _logspace(start: Any, stop: Any, num: Any = 50, endpoint: bool = True, base: Any = 10.0, **_: Any) -> Any:
    return np.power(as_extended_array(base), _linspace(start, stop, num, endpoint))


def _array(values: Any, dtype: Any = None, *, copy: Any = True, ndmin: int = 0, **_: Any) -> Any:
    kind = "f" if _asks_for_floats(dtype) and dtype is not None else None if dtype is None else np.dtype(dtype).kind
    array = as_extended_array(list(values) if isinstance(values, map | zip | range) else values)
    if not isinstance(array, ExtendedArray | ComplexArray):
        return np.array(values, dtype=dtype)
    converted: Any = array
    if kind is not None and (kind != array.dtype.kind or kind in "iu"):
        converted = converted.astype(dtype)
    converted = converted.copy() if copy and converted is values else converted
    missing = ndmin - converted.ndim
    return converted.reshape((1,) * missing + converted.shape) if missing > 0 else converted


def _asarray(a: Any, dtype: Any = None, *_: Any, **__: Any) -> Any:
    return _array(a, dtype, copy=False)


def _contiguous(a: Any, dtype: Any = None, **_: Any) -> Any:
    array = np.atleast_1d(_array(a, dtype, copy=False))
    return array if stripped(array).flags.c_contiguous else array.copy()


def _from_iterable(iterable: Any, dtype: Any = float, count: int = -1, **_: Any) -> Any:
    return _array(list(itertools.islice(iterable, None if count < 0 else int(count))), dtype)


def _from_function(function: Callable[..., Any], shape: Any, *, dtype: Any = float, **keywords: Any) -> Any:
    indices = np.indices(_sizes(shape))
    return function(*(extended(i) if _asks_for_floats(dtype) else wrap(i) for i in indices), **keywords)


def _vectorize(pyfunc: Callable[..., Any], *_: Any, **keywords: Any) -> Callable[..., Any]:
    if keywords.get("signature") is not None:
        raise NotExtendable("np.vectorize with signature= is not supported on extended-precision numbers.")

    def elementwise(*arguments: Any, **named: Any) -> Any:
        arrays = np.broadcast_arrays(*(as_extended_array(argument) for argument in arguments))
        results = [pyfunc(*(array[place] for array in arrays), **named) for place in np.ndindex(*arrays[0].shape)]
        flat = as_extended_array(results)
        return flat.reshape(arrays[0].shape) if isinstance(flat, ExtendedArray) else flat

    return elementwise


def _from_python_function(func: Callable[..., Any], /, nin: int, nout: int, **_: Any) -> Callable[..., Any]:
    if nout != 1:
        raise NotExtendable("np.frompyfunc with several outputs is not supported on extended-precision numbers.")
    return _vectorize(func)


def _enumerated(arr: Any) -> Iterator[tuple[tuple[int, ...], Any]]:
    array = as_extended_array(arr)
    return ((place, array[place]) for place in np.ndindex(*array.shape))


def _iterated(op: Any, flags: Any = (), *_: Any, **__: Any) -> Iterator[Any]:
    if not isinstance(op, np.ndarray) or "multi_index" in flags:
        raise NotExtendable(
            "np.nditer over several arrays, or with multi_index, is not supported in extended precision."
        )
    flat = as_extended_array(op).reshape(-1)
    return iter([flat[i : i + 1].reshape(()) for i in range(flat.size)])


def _from_buffer(buffer: Any, *arguments: Any, **keywords: Any) -> Any:
    if isinstance(buffer, ExtendedArray):
        raise NotExtendable("np.frombuffer would read the memory of extended-precision numbers as if it held floats.")
    return as_extended_array(np.frombuffer(buffer, *arguments, **keywords))


def _as_strided(x: Any, shape: Any = None, strides: Any = None, **keywords: Any) -> Any:
    sizes = None if shape is None else _sizes(shape)
    return wrap(stride_tricks.as_strided(stripped(as_extended_array(x)), sizes, strides, **keywords))


def _broadcast_shapes(*shapes: Any) -> Any:
    plain = np.broadcast_shapes(*(_sizes(shape) for shape in shapes))
    return tuple(Count(size, wrap) for size in plain)


def _is_scalar(element: Any) -> bool:
    return np.isscalar(element) or (isinstance(element, ExtendedArray | Count) and np.ndim(element) == 0)


@dataclass(frozen=True)
class Joined:
    """``np.r_`` and ``np.c_``: arrays, scalars and ranges written between brackets."""

    in_columns: bool

    def __getitem__(self, parts: Any) -> Any:
        arrays = [self._part(part) for part in (parts if isinstance(parts, tuple) else (parts,))]
        return np.concatenate(arrays, axis=-1 if self.in_columns else 0)

    def _part(self, part: Any) -> Any:
        if isinstance(part, str):
            raise NotExtendable("np.r_ and np.c_ with directives are not supported on extended-precision numbers.")
        if isinstance(part, slice):
            part = _arange(part.start or 0, part.stop, 1 if part.step is None else part.step)
        array = np.atleast_1d(as_extended_array(part))
        return array[:, None] if self.in_columns and array.ndim == 1 else array


MADE: dict[Any, Any] = {
    np.zeros: _filling(np.zeros, 0),
    np.ones: _filling(np.ones, 1),
    np.empty: _filling(np.empty, 0),
    np.full: _full,
    np.eye: _eye,
    np.identity: lambda n, dtype=float, **_: _eye(n, dtype=dtype),
    np.tri: _tri,
    np.arange: _arange,
    np.linspace: _linspace,
    np.logspace: _logspace,
    np.geomspace: lambda start, stop, num=50, endpoint=True, **_: np.exp(
        _linspace(np.log(as_extended_array(start)), np.log(as_extended_array(stop)), num, endpoint)
    ),
    np.array: _array,
    np.asarray: _asarray,
    np.asanyarray: _asarray,
    np.asarray_chkfinite: _asarray,
    np.require: _asarray,
    np.asfortranarray: lambda a, dtype=None, **_: wrap(np.asarray(stripped(_asarray(a, dtype)), order="F")),
    np.ascontiguousarray: _contiguous,
    np.fromiter: _from_iterable,
    np.frombuffer: _from_buffer,
    np.fromfunction: _from_function,
    np.vectorize: _vectorize,
    np.frompyfunc: _from_python_function,
    np.ndenumerate: _enumerated,
    np.nditer: _iterated,
    np.broadcast_shapes: _broadcast_shapes,
    np.isscalar: _is_scalar,
    np.r_: Joined(in_columns=False),
    np.c_: Joined(in_columns=True),
    stride_tricks.as_strided: _as_strided,
}
