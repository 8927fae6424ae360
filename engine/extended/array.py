"""Arrays of extended-precision numbers on which unmodified NumPy code runs.

An `ExtendedArray` stores numbers of the arithmetic in force as objects, and presents itself as float64.
Before any of NumPy's own code runs, it is stripped to a plain object array, so that NumPy's internals never
meet the pretended dtype. Masks and counts that come out of it stay in the class, with their own dtype: so
``mask / mask.sum()`` is computed in extended precision too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..errors import NotExtendable
from ..surface import METHODS, OPERATORS
from .counts import Count
from .functions import apply_function
from .lifting import lifted, stores_numbers, stripped
from .ufuncs import apply_ufunc, truth

_FLOAT = np.dtype(np.float64)


class ExtendedArray(np.ndarray[Any, Any]):
    """An array of extended-precision numbers (stored as objects), or of booleans or integers made from them."""

    @property
    def dtype(self) -> np.dtype[Any]:
        stored = stripped(self).dtype
        return _FLOAT if stored.hasobject else stored

    @property  # type: ignore[misc]  # NumPy lets the shape be assigned; these arrays are reshaped instead
    def shape(self) -> tuple[Any, ...]:
        """Sizes that divide in extended precision."""
        return tuple(Count(size, wrap) for size in stripped(self).shape)

    @property
    def size(self) -> Any:
        return Count(stripped(self).size, wrap)

    def __bool__(self) -> bool:
        if stripped(self).size != 1:
            raise ValueError("the truth of an array with more than one element is ambiguous; use any() or all()")
        return bool(truth(stripped(self)).reshape(())[()])

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        if any(_decides_itself(value) for value in inputs):
            return NotImplemented
        out = keywords.pop("out", None)
        result = apply_ufunc(ufunc, method, inputs, keywords)
        if out is None:
            return wrap(result)
        if not isinstance(out[0], ExtendedArray):
            raise NotExtendable(f"np.{ufunc.__name__} into a float array would round extended-precision numbers.")
        out[0][...] = wrap(result)
        return out[0]

    def __array_function__(self, function: Callable[..., Any], types: Any, arguments: Any, keywords: Any) -> Any:
        if not all(issubclass(kind, np.ndarray | np.generic) for kind in types):
            return NotImplemented
        result = apply_function(function, arguments, keywords)
        if function is np.shape:
            return tuple(Count(size, wrap) for size in result)
        return Count(result, wrap) if function is np.size else wrap(result)

    def __getitem__(self, index: Any) -> Any:
        return wrap(super().__getitem__(index))

    def __setitem__(self, index: Any, value: Any) -> None:
        if stores_numbers(stripped(self)):
            numbers = np.asarray(lifted(value), dtype=object)
            value = numbers if numbers.ndim else numbers[()]
        super().__setitem__(index, value)

    def fill(self, value: Any) -> None:
        self[...] = value

    def put(self, indices: Any, values: Any, mode: Any = "raise") -> None:
        stripped(self).put(indices, lifted(values) if stores_numbers(stripped(self)) else values, mode=mode)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __repr__(self) -> str:
        return f"ExtendedArray({np.array2string(stripped(self))})"

    def astype(self, dtype: Any, *arguments: Any, **keywords: Any) -> Any:
        """A copy for floating dtypes; a mask for bool. Integers would be decisions, which are refused here."""
        kind, plain = np.dtype(dtype).kind, stripped(self)
        if kind == "f":
            return wrap(lifted(plain).copy())
        if kind == "b" or not stores_numbers(plain):
            return self != 0 if kind == "b" else wrap(plain.astype(dtype))
        raise NotExtendable(
            f"astype({np.dtype(dtype)}) on extended-precision numbers is not supported; keep indices apart from values."
        )


def _decides_itself(value: Any) -> bool:
    return hasattr(type(value), "__array_ufunc__") and not isinstance(value, np.ndarray | np.generic)


def _as_method(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, *arguments, **keywords: function(self, *arguments, **keywords)


# ndarray's own methods go past __array_function__; those that compute are sent through it.
for _name in set(METHODS) - {"repeat", "squeeze", "swapaxes", "ravel", "diagonal", "copy"}:
    setattr(ExtendedArray, _name, _as_method(METHODS[_name]))


def _refused(name: str) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> Any:
        raise NotExtendable(f"ndarray.{name} is not supported on extended-precision numbers.")

    return refuse


# ndarray's own code for these would compare or convert the numbers behind our back.
for _name in ("sort", "partition", "argpartition", "searchsorted", "choose", "compress", "tofile", "byteswap"):
    setattr(ExtendedArray, _name, _refused(_name))


def _in_place(ufunc: np.ufunc) -> Callable[[Any, Any], Any]:
    """An in-place operator; on a 0-d array it makes a new one, as on the scalar that it stands for."""
    return lambda self, other: ufunc(self, other) if self.ndim == 0 else ufunc(self, other, out=(self,))


for _name, _ufunc in OPERATORS.items():
    setattr(ExtendedArray, f"__i{_name}__", _in_place(_ufunc))


def wrap(result: Any) -> Any:
    """What plain code returned, back in the class; numbers become 0-d arrays, and Python's own integers stay."""
    if isinstance(result, ExtendedArray | int) or result is None:
        return result
    if isinstance(result, np.ndarray):
        return result.view(ExtendedArray)
    if isinstance(result, tuple | list):
        return type(result)(wrap(part) for part in result)
    array = np.empty((), dtype=getattr(result, "dtype", object))
    array[()] = result
    return array.view(ExtendedArray)


def extended(value: Any) -> ExtendedArray:
    """A new `ExtendedArray` with exactly the given values."""
    return lifted(value).copy().view(ExtendedArray)
