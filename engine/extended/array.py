"""Arrays of extended-precision numbers on which unmodified NumPy code runs.

An `ExtendedArray` stores numbers of the arithmetic in force as objects, and presents itself as float64.
Before any of NumPy's own code runs, it is stripped to a plain object array, so that NumPy's internals never
meet the pretended dtype. Masks and counts that come out of it stay in the class, with their own dtype: so
``mask / mask.sum()`` is computed in extended precision too.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..errors import NotExtendable
from ..surface import METHODS, OPERATORS
from .arithmetic import active
from .counts import Count
from .functions import apply_function
from .lifting import lifted, stores_numbers, stripped, to_float
from .rounding import integers
from .ufunc_methods import apply_ufunc
from .ufuncs import truth

_FLOAT = np.dtype(np.float64)
_NUMPYS = (np.ndarray, np.generic)
_AS_IT_IS = (Count, int, str, type, np.dtype)


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
        others = [value for value in inputs if type(value) is not ExtendedArray]
        if others and any(map(_decides_itself, others)):
            return NotImplemented
        if others and any(map(_is_complex, others)):
            return _of_complex(ufunc, method, inputs, keywords)
        result = _rounded(apply_ufunc(ufunc, method, inputs, keywords))
        out = keywords.get("out")
        if out is None:
            return wrap(result)
        if len(out) == 1:
            return _written(ufunc, out[0], result)
        return tuple(_written(ufunc, *each) for each in zip(out, result, strict=True))

    def __array_function__(self, function: Callable[..., Any], types: Any, arguments: Any, keywords: Any) -> Any:
        if function is np.shape and type(arguments[0]) is ExtendedArray:
            return arguments[0].shape
        if not all(issubclass(kind, _NUMPYS) for kind in types):
            return NotImplemented
        out = keywords.get("out")
        if out is not None:
            keywords = {key: value for key, value in keywords.items() if key != "out"}
            return _written(function, out, _rounded(apply_function(function, arguments, keywords)))
        result = apply_function(function, arguments, keywords)
        if _decides_itself(result):
            return result
        result = _rounded(result)
        return Count(result, wrap) if function is np.size else wrap(result)

    def __getitem__(self, index: Any) -> Any:
        return wrap(super().__getitem__(index))

    def __setitem__(self, index: Any, value: Any) -> None:
        if stores_numbers(stripped(self)):
            numbers = np.asarray(lifted(value), dtype=object)
            value = numbers if numbers.ndim else numbers[()]
        super().__setitem__(index, value)

    def __int__(self) -> int:
        if stripped(self).size != 1:
            raise TypeError("only arrays of one element can be converted to an integer")
        plain = stripped(self).reshape(())
        return int(integers("trunc", plain)[()]) if stores_numbers(plain) else int(plain)

    __trunc__ = __int__

    def __floor__(self) -> int:
        return int(integers("floor", stripped(self).reshape(()))[()])

    def __ceil__(self) -> int:
        return int(integers("ceil", stripped(self).reshape(()))[()])

    def __round__(self, digits: int | None = None) -> Any:
        rounded = np.round(self, digits or 0)
        return int(rounded) if digits is None else rounded

    def __contains__(self, value: Any) -> bool:
        return bool(np.any(self == value))

    def __format__(self, specification: str) -> str:
        if self.ndim or not stores_numbers(stripped(self)):
            return format(stripped(self), specification)
        return format(float(to_float(self)[()]), specification)

    @property
    def flat(self) -> Any:
        """The elements in C order: a view where the memory allows it."""
        return self.reshape(-1)

    @property  # type: ignore[misc]  # NumPy lets the real part be assigned
    def real(self) -> Any:
        return self

    @property  # type: ignore[misc]  # see real
    def imag(self) -> Any:
        return np.zeros_like(self)

    def item(self, *place: Any) -> Any:
        """One element, as a 0-d array: a Python float could not hold it."""
        flat = self.reshape(-1)
        if not place:
            if self.size != 1:
                raise ValueError("can only convert an array of size 1 to a Python scalar")
            return _scalar(flat[0])
        return _scalar(flat[place[0]] if len(place) == 1 and not isinstance(place[0], tuple) else self[place])

    def tolist(self) -> Any:
        return [_scalar(part) if part.ndim == 0 else part.tolist() for part in self] if self.ndim else _scalar(self)

    def sort(self, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> None:
        self[...] = np.sort(self, axis=axis)

    def partition(self, kth: Any, axis: Any = -1, kind: Any = None, order: Any = None) -> None:
        self[...] = np.sort(self, axis=axis)

    def view(self, *kinds: Any) -> Any:  # type: ignore[override]  # of all that NumPy's takes, only classes mean something here
        if any(kind not in (np.ndarray, ExtendedArray) for kind in kinds):
            raise NotExtendable(f"ndarray.view({kinds[0]}) of extended-precision numbers is not supported.")
        return super().view(ExtendedArray)

    def conj(self) -> Any:
        return self

    def fill(self, value: Any) -> None:
        self[...] = value

    def put(self, indices: Any, values: Any, mode: Any = "raise") -> None:
        stripped(self).put(indices, lifted(values) if stores_numbers(stripped(self)) else values, mode=mode)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __repr__(self) -> str:
        return f"ExtendedArray({np.array2string(stripped(self))})"

    def astype(self, dtype: Any, *arguments: Any, **keywords: Any) -> Any:
        """A copy for floating dtypes; a mask for bool; truncation, which is a decision, for integers."""
        kind, plain = np.dtype(dtype).kind, stripped(self)
        if kind == "f":
            return wrap(lifted(plain).copy())
        if kind == "b" or not stores_numbers(plain):
            return self != 0 if kind == "b" else wrap(plain.astype(dtype))
        if kind in "iu":
            return wrap(integers("trunc", plain).astype(dtype))
        if kind == "c":
            return _pairs().as_complex(self.copy())
        raise NotExtendable(f"astype({np.dtype(dtype)}) on extended-precision numbers is not supported.")


def _rounded(result: Any) -> Any:
    """A result, with the rounding errors of the arithmetic in force, if it is one that makes any."""
    rounding = active().rounded
    if rounding is None or result is None:
        return result
    if isinstance(result, tuple | list):
        return (
            type(result)(map(_rounded, result)) if not hasattr(result, "_make") else result._make(map(_rounded, result))
        )
    numbers = np.asarray(result)
    return rounding(numbers) if numbers.dtype.hasobject else result


def _written(function: Callable[..., Any], out: Any, result: Any) -> Any:
    """``out``, with the result written into it."""
    target = out[0] if isinstance(out, tuple) else out
    if target is None:
        return wrap(result)
    if not isinstance(target, ExtendedArray):
        raise NotExtendable(f"np.{function.__name__} into a float array would round extended-precision numbers.")
    if np.ndim(result) > target.ndim:
        raise ValueError(f"an output operand of shape {target.shape} does not take a result of {np.shape(result)}")
    target[...] = wrap(result)
    return target


def _scalar(element: Any) -> Any:
    """An element as Python would have it, where that loses nothing."""
    return element if stores_numbers(stripped(element)) else stripped(element).item()


def _decides_itself(value: Any) -> bool:
    return not isinstance(value, _NUMPYS) and hasattr(type(value), "__array_ufunc__")


def _is_complex(value: Any) -> bool:
    return isinstance(value, complex) or (type(value) is np.ndarray and value.dtype.kind == "c")


def _of_complex(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    if keywords.get("out"):
        raise TypeError(f"np.{ufunc.__name__}: complex numbers cannot be written into an array of real ones")
    pairs = _pairs()
    converted = [pairs.as_complex(value) if _is_complex(value) else value for value in inputs]
    return getattr(ufunc, method)(*converted, **keywords)


def _pairs() -> Any:
    return importlib.import_module(".pairs", __package__)  # which is made of these arrays, and so comes after them


def _as_method(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, *arguments, **keywords: function(self, *arguments, **keywords)


# ndarray's own methods go past __array_function__; those that compute are sent through it.
for _name in set(METHODS) - {"repeat", "squeeze", "swapaxes", "ravel", "diagonal", "copy"}:
    setattr(ExtendedArray, _name, _as_method(METHODS[_name]))


for _function in (np.argpartition, np.searchsorted, np.choose, np.compress, np.ptp):
    setattr(ExtendedArray, _function.__name__, _as_method(_function))


def _refused(name: str) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> Any:
        raise NotExtendable(f"ndarray.{name} is not supported on extended-precision numbers.")

    return refuse


# ndarray's own code for these would compare or convert the numbers behind our back.
for _name in ("tofile", "byteswap", "dump", "dumps", "tobytes", "newbyteorder", "getfield", "setfield"):
    setattr(ExtendedArray, _name, _refused(_name))

# What stands in memory are pointers: whoever reads them as floats would compute with garbage.
for _name in ("data", "ctypes"):
    setattr(ExtendedArray, _name, property(_refused(_name)))


def _in_place(ufunc: np.ufunc) -> Callable[[Any, Any], Any]:
    """An in-place operator; on a 0-d array it makes a new one, as on the scalar that it stands for."""
    return lambda self, other: ufunc(self, other) if _stands_for_a_scalar(self) else ufunc(self, other, out=(self,))


def _stands_for_a_scalar(array: ExtendedArray) -> bool:
    """Whether a 0-d array is a number by itself, and no view of an array's element."""
    return array.ndim == 0 and (array.base is None or array.base.ndim == 0)


for _name, _ufunc in OPERATORS.items():
    setattr(ExtendedArray, f"__i{_name}__", _in_place(_ufunc))


def wrap(result: Any) -> Any:
    """What plain code returned, back in the class; numbers become 0-d arrays, and Python's own integers stay."""
    if isinstance(result, np.ndarray):
        return result if isinstance(result, ExtendedArray) else result.view(ExtendedArray)
    if result is None or isinstance(result, _AS_IT_IS):
        return result
    if isinstance(result, tuple) and hasattr(result, "_make"):
        return result._make(wrap(part) for part in result)
    if isinstance(result, tuple | list):
        return type(result)(wrap(part) for part in result)
    array = np.empty((), dtype=getattr(result, "dtype", object))
    array[()] = result
    return array.view(ExtendedArray)


def extended(value: Any) -> ExtendedArray:
    """A new `ExtendedArray` with exactly the given values."""
    return lifted(value).copy().view(ExtendedArray)
