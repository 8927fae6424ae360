"""How NumPy's ufuncs, and those of scipy.special, act on extended arrays."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import NotExtendable
from . import choices, orderings
from .arithmetic import Objects, active
from .compositions import COMPOSED, COMPOSED_SPECIAL
from .lifting import Plain, entered, filled, lifted, stores_numbers, stripped

_COMPARISONS = frozenset([np.less, np.less_equal, np.equal, np.not_equal, np.greater_equal, np.greater])
_LOGICAL = frozenset([np.logical_and, np.logical_or, np.logical_not, np.logical_xor])
_CLASSIFYING = frozenset([np.isnan, np.isfinite, np.isinf, np.signbit])
_IGNORED = frozenset(["dtype", "casting", "order", "subok"])  # numbers have one dtype, and order is memory's business
_EXTREMA = {np.maximum: orderings.largest, np.minimum: orderings.smallest}


def apply_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """The value of a ufunc or of one of its methods, as plain arrays; NotExtendable for what is not supported.

    Arrays of ``out`` are written to by the caller; here they only supply what ``where`` leaves untouched.
    """
    active()
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


def call(ufunc: np.ufunc, inputs: tuple[Any, ...]) -> Any:
    """A ufunc of arrays of any kind; of integers and booleans alone where NumPy's answer is exact."""
    plain = [entered(value) for value in inputs]
    if not any(array.dtype.kind in "Of" for array in plain):
        exact = ufunc(*plain)
        if not isinstance(exact, tuple) and exact.dtype.kind in "biu":
            return exact
    if any(array.dtype.kind not in "Ofbiu" for array in plain):
        kinds = ", ".join(str(array.dtype) for array in plain)
        raise NotExtendable(f"np.{ufunc.__name__} of {kinds}: only real numbers are supported in extended precision.")
    if ufunc in _LOGICAL:
        return ufunc(*(truth(array) for array in plain))
    numbers = [lifted(array) for array in plain]
    if ufunc in _COMPARISONS:
        return choices.compare(ufunc, *numbers)
    if ufunc is np.matmul:
        return matmul(*numbers)
    if ufunc in _CLASSIFYING:
        return _classify(ufunc, numbers[0])
    if ufunc.signature is not None:
        return _products(ufunc, *numbers)
    result = _function(ufunc)(*numbers)
    if "raise" in np.geterr().values():
        _raise_as_asked(ufunc, numbers, result)
    return result


def _raise_as_asked(ufunc: np.ufunc, numbers: list[Objects], result: Any) -> None:
    """FloatingPointError where `numpy.errstate` asks for it and finite numbers gave none."""
    is_nan, modes = active().is_nan, np.geterr()
    for part in result if isinstance(result, tuple) else (result,):
        given = np.zeros(np.shape(part), dtype=bool)
        for array in numbers:
            given = given | is_nan(array - array)
        undefined = is_nan(np.asarray(part, dtype=object)) & ~given
        infinite = is_nan(np.asarray(part - part, dtype=object)) & ~undefined & ~given
        if modes["invalid"] == "raise" and undefined.any():
            raise FloatingPointError(f"invalid value encountered in {ufunc.__name__}")
        if modes["divide"] == "raise" and infinite.any():
            raise FloatingPointError(f"divide by zero encountered in {ufunc.__name__}")


def _products(ufunc: np.ufunc, a: Objects, b: Objects) -> Objects:
    """vecdot, matvec and vecmat: products over core axes, the others broadcast."""
    name = ufunc.__name__
    if name == "vecdot":
        return np.asarray(matmul(a[..., None, :], b[..., :, None]), dtype=object)[..., 0, 0]
    if name == "matvec":
        return matmul(a, b[..., :, None])[..., 0]
    if name == "vecmat":
        return matmul(a[..., None, :], b)[..., 0, :]
    raise NotExtendable(f"np.{name} is not supported on extended-precision numbers.")


def call_by_name(name: str, value: Any) -> Any:
    """A function of scipy.special, which need not be installed for it."""
    return (active().special.get(name) or COMPOSED_SPECIAL[name])(lifted(entered(value)))


def _function(ufunc: np.ufunc) -> Callable[..., Any]:
    arithmetic = active()
    function = arithmetic.elementwise.get(ufunc) or COMPOSED.get(ufunc)
    if function is None and ufunc is not getattr(np, ufunc.__name__, None):
        function = arithmetic.special.get(ufunc.__name__) or COMPOSED_SPECIAL.get(ufunc.__name__)
        namesake = getattr(np, ufunc.__name__, None)  # SciPy has functions such as log1p of its own
        if function is None and namesake is not None:
            function = arithmetic.elementwise.get(namesake) or COMPOSED.get(namesake)
    if function is None:
        raise NotExtendable(f"np.{ufunc.__name__} is not supported on extended-precision numbers.")
    return function


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
    rows, reduced = rows_of(truth(plain) if ufunc in _LOGICAL else lifted(plain), axis)
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
    return value if ufunc in _LOGICAL else active().lift(float(value) if isinstance(value, float) else int(value))


def _reduced(ufunc: np.ufunc, rows: Plain) -> Plain:
    """The reduction over the last axis."""
    if ufunc in (np.add, np.multiply):
        return lifted(ufunc.reduce(rows, axis=-1, initial=active().lift(ufunc.identity)))
    if ufunc in _LOGICAL:
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


def truth(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The truth of each element: a comparison with zero."""
    if array.dtype.kind not in "Of":
        return array.astype(bool)
    numbers = lifted(array)
    return choices.compare(np.not_equal, numbers, filled(numbers.shape, 0))


def _classify(ufunc: np.ufunc, numbers: Objects) -> np.ndarray[Any, Any]:
    if ufunc is np.signbit:
        return choices.compare(np.less, numbers, filled(np.shape(numbers), 0))
    nan = active().is_nan(numbers)
    if ufunc is np.isnan:
        return nan
    infinite = active().is_nan(numbers - numbers) & ~nan
    return infinite if ufunc is np.isinf else ~(nan | infinite)


def matmul(a: Objects, b: Objects) -> Objects:
    """`numpy.matmul` of object arrays in any rank."""
    multiply = active().multiply_matrices
    if a.ndim == b.ndim == 2 and a.shape[1] == b.shape[0]:
        return multiply(a, b)
    row = a[None, :] if a.ndim == 1 else a
    column = b[:, None] if b.ndim == 1 else b
    if min(row.ndim, column.ndim) < 2 or row.shape[-1] != column.shape[-2]:
        raise ValueError(f"matmul: shapes {a.shape} and {b.shape} do not fit")
    stack = np.broadcast_shapes(row.shape[:-2], column.shape[:-2])
    rows = np.broadcast_to(row, (*stack, *row.shape[-2:]))
    columns = np.broadcast_to(column, (*stack, *column.shape[-2:]))
    product = np.empty((*stack, row.shape[-2], column.shape[-1]), dtype=object)
    for position in np.ndindex(stack):
        product[position] = multiply(rows[position], columns[position])
    kept = (*stack, *(row.shape[-2:-1] if a.ndim > 1 else ()), *(column.shape[-1:] if b.ndim > 1 else ()))
    return product.reshape(kept)
