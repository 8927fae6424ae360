"""How NumPy's ufuncs, and those of scipy.special, act on extended arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import NotExtendable
from . import choices
from .arithmetic import Objects, active
from .compositions import COMPOSED, COMPOSED_SPECIAL
from .lifting import entered, filled, lifted

COMPARISONS = frozenset([np.less, np.less_equal, np.equal, np.not_equal, np.greater_equal, np.greater])
LOGICAL = frozenset([np.logical_and, np.logical_or, np.logical_not, np.logical_xor])
_CLASSIFYING = frozenset([np.isnan, np.isfinite, np.isinf, np.signbit])


def call(ufunc: np.ufunc, inputs: tuple[Any, ...]) -> Any:
    """A ufunc of arrays of any kind; of integers and booleans alone where NumPy's answer is exact."""
    plain = [entered(value) for value in inputs]
    kinds = {array.dtype.kind for array in plain}
    if kinds.isdisjoint("Of"):
        exact = ufunc(*plain)
        if not isinstance(exact, tuple) and exact.dtype.kind in "biu":
            return exact
    if not kinds.issubset("Ofbiu"):
        named = ", ".join(str(array.dtype) for array in plain)
        raise NotExtendable(f"np.{ufunc.__name__} of {named}: only real numbers are supported in extended precision.")
    if ufunc in LOGICAL:
        return ufunc(*(truth(array) for array in plain))
    numbers = [lifted(array) for array in plain]
    if ufunc in COMPARISONS:
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
