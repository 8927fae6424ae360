"""The methods of NumPy's ufuncs on extended arrays: calls with masks, reductions, running forms, and ``at``."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ..errors import NotExtendable
from . import orderings
from .arithmetic import Objects, active
from .lifting import Plain, entered, filled, lifted, stores_numbers, stripped
from .ufuncs import LOGICAL, call, truth

_IGNORED = frozenset(["dtype", "casting", "order", "subok"])  # numbers have one dtype, and order is memory's business
_EXTREMA = {np.maximum: orderings.largest, np.minimum: orderings.smallest}


def apply_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """The value of a ufunc or of one of its methods, as plain arrays; NotExtendable for what is not supported.

    Arrays of ``out`` are written to by the caller; here they only supply what ``where`` leaves untouched.
    """
    active()
    if method == "__call__" and not keywords:
        return call(ufunc, inputs)
    given = {key: value for key, value in keywords.items() if key not in _IGNORED and value is not np._NoValue}
    if method == "at":
        return _at(ufunc, *inputs)
    if method == "__call__":
        where, out = given.pop("where", True), given.pop("out", None) or ()
        _must_be_empty(ufunc, given)
        return _masked(call(ufunc, inputs), where, out)
    given.pop("out", None)
    if method == "outer":
        one, two = (entered(value) for value in inputs)
        return call(ufunc, (one.reshape(one.shape + (1,) * two.ndim), two))
    if method == "reduce":
        return reduce(ufunc, *inputs, **given)
    if method == "accumulate":
        return accumulate(ufunc, *inputs, **given)
    if method == "reduceat":
        return _reduce_segments(ufunc, *inputs, **given)
    raise NotExtendable(f"np.{ufunc.__name__}.{method} is not supported on extended-precision numbers.")


def _must_be_empty(ufunc: np.ufunc, keywords: dict[str, Any]) -> None:
    if keywords:
        raise NotExtendable(f"np.{ufunc.__name__} with {', '.join(keywords)} is not supported on extended arrays.")


def _masked(result: Any, where: Any, out: tuple[Any, ...]) -> Any:
    """What ``where`` leaves out keeps what stands in ``out``, or is zero (NumPy leaves it undefined)."""
    if where is True:
        return result
    mask = truth(entered(where))
    if isinstance(result, tuple):
        return tuple(_masked(part, mask, out[i : i + 1]) for i, part in enumerate(result))
    shape = np.broadcast_shapes(np.shape(result), mask.shape)
    rest = lifted(out[0]) if out and out[0] is not None else filled(shape, 0)
    return np.where(mask, result, rest)


def reduce(
    ufunc: np.ufunc, a: Any, axis: Any = 0, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    """``ufunc.reduce`` over one axis, several, or all (None)."""
    plain = entered(a)
    if not stores_numbers(plain) and plain.dtype.kind in "biu" and ufunc is not np.true_divide:
        more = {} if initial is None else {"initial": initial}
        return ufunc.reduce(plain, axis=axis, keepdims=keepdims, where=where, **more)
    if where is True and ufunc in (np.add, np.multiply):
        start = active().lift(ufunc.identity) if initial is None else lifted(entered(initial))[()]
        by_numpy: Any = ufunc.reduce  # its overloads know no keepdims that is not written down
        return lifted(by_numpy(lifted(plain), axis=axis, keepdims=keepdims, initial=start))
    rows, reduced = rows_of(truth(plain) if ufunc in LOGICAL else lifted(plain), axis)
    if where is not True:
        mask = rows_of(np.broadcast_to(truth(entered(where)), plain.shape), axis)[0]
        rows = np.where(mask, rows, _neutral(ufunc, initial))
    result = _reduced(ufunc, rows)
    if initial is not None:
        result = call(ufunc, (result, initial))
    return np.expand_dims(result, reduced) if keepdims else result


def rows_of(plain: Plain, axis: Any) -> tuple[Plain, tuple[int, ...]]:
    """The array with the given axes (None: all) gathered into one last axis, and which axes these are."""
    axes = range(plain.ndim) if axis is None else np.atleast_1d(np.asarray(axis, dtype=int)).tolist()
    for one in axes:
        if not -plain.ndim <= one < plain.ndim:
            raise np.exceptions.AxisError(one, plain.ndim)
    reduced = tuple(sorted(one % plain.ndim for one in axes))
    kept = tuple(one for one in range(plain.ndim) if one not in reduced)
    count = int(np.prod([plain.shape[one] for one in reduced], dtype=int))
    return np.transpose(plain, kept + reduced).reshape(*(plain.shape[one] for one in kept), count), reduced


def _neutral(ufunc: np.ufunc, initial: Any) -> Any:
    value = ufunc.identity if ufunc.identity is not None else initial
    if value is None:
        raise ValueError(f"reduction operation {ufunc.__name__} does not have an identity, so where= needs initial=")
    return value if ufunc in LOGICAL else active().lift(float(value) if isinstance(value, float) else int(value))


def _reduced(ufunc: np.ufunc, rows: Plain) -> Plain:
    """The reduction over the last axis."""
    if ufunc in (np.add, np.multiply):
        return lifted(ufunc.reduce(rows, axis=-1, initial=active().lift(ufunc.identity)))
    if ufunc in LOGICAL:
        return np.asarray(ufunc.reduce(rows, axis=-1))
    if rows.shape[-1] == 0:
        if ufunc.identity is None:
            raise ValueError(f"zero-size array to reduction operation {ufunc.__name__} which has no identity")
        return filled(rows.shape[:-1], 0) + _neutral(ufunc, None)
    if ufunc in _EXTREMA:
        return np.asarray(_EXTREMA[ufunc](rows), dtype=object)
    result = rows[..., 0]
    for i in range(1, rows.shape[-1]):
        result = call(ufunc, (lifted(result), rows[..., i]))
    return lifted(result)


def accumulate(ufunc: np.ufunc, a: Any, axis: int = 0) -> Any:
    """``ufunc.accumulate`` along one axis."""
    plain = entered(a)
    if not stores_numbers(plain) and plain.dtype.kind in "biu":
        return ufunc.accumulate(plain, axis=axis)
    rows = np.moveaxis(lifted(plain), axis, 0)
    if ufunc in (np.add, np.multiply) and rows.size:
        return np.moveaxis(ufunc.accumulate(rows, axis=0), 0, axis)
    result = rows.copy()
    for i in range(1, rows.shape[0]):
        result[i] = lifted(call(ufunc, (lifted(result[i - 1]), rows[i])))[()]
    return np.moveaxis(result, 0, axis)


def _reduce_segments(ufunc: np.ufunc, a: Any, indices: Any, axis: int = 0) -> Any:
    rows = np.moveaxis(lifted(entered(a)), axis, -1)
    ends = [*np.asarray(stripped(indices)).tolist(), rows.shape[-1]]
    pieces = [
        _reduced(ufunc, rows[..., start:end]) if start < end else rows[..., start]
        for start, end in itertools.pairwise(ends)
    ]
    return np.moveaxis(np.stack(pieces, axis=-1), -1, axis)


def _at(ufunc: np.ufunc, target: Any, index: Any, values: Any = None) -> None:
    """``ufunc.at``: unbuffered, so that a repeated index counts every time."""
    array = stripped(target)
    added = None if values is None else entered(values)
    if added is not None and stores_numbers(added) and not stores_numbers(array):
        raise NotExtendable(f"np.{ufunc.__name__}.at of extended-precision numbers into a float array rounds them.")
    places = tuple(map(_plain_index, index)) if isinstance(index, tuple) else _plain_index(index)
    if not stores_numbers(array):
        ufunc.at(array, places, *(() if added is None else (added,)))
    elif ufunc in (np.add, np.subtract, np.multiply) and added is not None:
        ufunc.at(array, places, lifted(added))
    else:
        _at_one_by_one(ufunc, array, places, added)


def _at_one_by_one(ufunc: np.ufunc, array: Objects, places: Any, values: Plain | None) -> None:
    positions = np.arange(array.size).reshape(array.shape)[places]
    operands = None if values is None else np.broadcast_to(lifted(values), positions.shape)
    for here in np.ndindex(positions.shape):
        place = np.unravel_index(positions[here], array.shape)
        more = () if operands is None else (lifted(operands[here]),)
        array[place] = lifted(call(ufunc, (lifted(array[place]), *more)))[()]


def _plain_index(index: Any) -> Any:
    return stripped(index) if isinstance(index, np.ndarray) else index
