"""How NumPy's ufuncs act on extended arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import NotExtendable
from . import choices
from .arithmetic import Objects, active
from .lifting import entered, filled, lifted, stores_numbers, stripped

_DECIDING: dict[np.ufunc, Callable[..., Any]] = {
    np.maximum: choices.select_larger,
    np.minimum: choices.select_smaller,
    np.absolute: choices.absolute,
    np.sign: choices.sign,
}
_COMPARISONS = frozenset([np.less, np.less_equal, np.equal, np.not_equal, np.greater_equal, np.greater])
_LOGICAL = frozenset([np.logical_and, np.logical_or, np.logical_not, np.logical_xor])
_EXACT_ON_INTEGERS = frozenset(
    [
        *(np.add, np.subtract, np.multiply, np.negative, np.positive, np.absolute, np.maximum, np.minimum),
        *(np.floor_divide, np.remainder, np.invert, np.bitwise_and, np.bitwise_or, np.bitwise_xor),
        *_COMPARISONS,
        *_LOGICAL,
    ]
)


def apply_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """The value of a ufunc, as a plain array; raises NotExtendable for what is not supported."""
    active()
    if method == "at" and ufunc is np.add:
        return _add_at(*inputs)
    if method != "__call__" or keywords:
        raise NotExtendable(
            f"np.{ufunc.__name__}{'' if method == '__call__' else '.' + method}"
            f"{' with ' + ', '.join(f'{key}=' for key in keywords) if keywords else ''} "
            "is not supported on extended-precision numbers."
        )
    plain = [entered(value) for value in inputs]
    if ufunc in _EXACT_ON_INTEGERS and not any(array.dtype.kind in "Of" for array in plain):
        return ufunc(*plain)
    if ufunc in _LOGICAL:
        return ufunc(*(truth(array) for array in plain))
    numbers = [lifted(array) for array in plain]
    if ufunc in _COMPARISONS:
        return choices.compare(ufunc, *numbers)
    if ufunc is np.matmul:
        return matmul(*numbers)
    if ufunc in (np.isnan, np.isfinite, np.isinf):
        return _classify(ufunc, numbers[0])
    function = _DECIDING.get(ufunc) or active().elementwise.get(ufunc)
    if function is None:
        raise NotExtendable(f"np.{ufunc.__name__} is not supported on extended-precision numbers.")
    return function(*numbers)


def _add_at(target: Any, index: Any, values: Any) -> None:
    array, added = stripped(target), entered(values)
    if stores_numbers(added) and not stores_numbers(array):
        raise NotExtendable("np.add.at of extended-precision numbers into a float array would round them.")
    places = tuple(map(_plain_index, index)) if isinstance(index, tuple) else _plain_index(index)
    np.add.at(array, places, lifted(added) if stores_numbers(array) else added)


def _plain_index(index: Any) -> Any:
    return stripped(index) if isinstance(index, np.ndarray) else index


def truth(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The truth of each element: a comparison with zero."""
    if array.dtype.kind not in "Of":
        return array.astype(bool)
    numbers = lifted(array)
    return choices.compare(np.not_equal, numbers, filled(numbers.shape, 0))


def _classify(ufunc: np.ufunc, numbers: Objects) -> np.ndarray[Any, Any]:
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
