"""Complex numbers in extended precision: a pair of extended arrays, the real and the imaginary part.

Whatever NumPy does with a complex array is done here by real operations on the pair, so that decisions, error bounds
and rounding errors come along by themselves. What none of the modules beside it
lists is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from ..errors import NotExtendable
from ..primitives import converted
from ..surface import OPERATORS, array_surface
from .array import ExtendedArray, extended, wrap
from .lifting import entered, lifted, stripped

Function = Callable[..., Any]

COMPLEX: dict[Function, Function] = {}  # what computes a NumPy function of complex numbers
_IGNORED = frozenset(["dtype", "casting", "order", "subok", "out", "optimize"])


def computes(*functions: Function) -> Callable[[Function], Function]:
    """Register what computes these NumPy functions where an argument is complex; it has NumPy's parameters."""

    def register(implementation: Function) -> Function:
        COMPLEX.update((function, implementation) for function in functions)
        return implementation

    return register


def compute(function: Function, arguments: Any, keywords: Any) -> Any:
    """The value of a NumPy function of complex numbers. Raises NotExtendable for what is not supported.

    Arrays that record what is done to them are asked first.
    """
    if any(hasattr(argument, "record") for argument in arguments):
        return NotImplemented
    ignored = frozenset(["out"]) if function is converted else _IGNORED
    given = {key: value for key, value in keywords.items() if value is not np._NoValue and key not in ignored}
    implementation = COMPLEX.get(function)
    if implementation is None:
        name = getattr(function, "__name__", repr(function))
        raise NotExtendable(f"np.{name} of complex numbers is not supported in extended precision.")
    result = implementation(*arguments, **given)
    out = keywords.get("out")
    target = out[0] if isinstance(out, tuple) else out
    if target is None:
        return result
    target[...] = result
    return target


@array_surface(compute)
class ComplexArray:
    """An array of complex numbers, as two extended arrays of one shape."""

    __slots__ = ("im", "re")

    def __init__(self, re: Any, im: Any) -> None:
        self.re: ExtendedArray = re
        self.im: ExtendedArray = im

    @property
    def dtype(self) -> np.dtype[Any]:
        """That of NumPy's complex numbers."""
        return np.dtype(complex)

    @property
    def shape(self) -> tuple[Any, ...]:
        """Sizes that divide in extended precision."""
        return self.re.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.re.ndim

    @property
    def size(self) -> Any:
        """The number of elements."""
        return self.re.size

    def __len__(self) -> int:
        return len(self.re)

    def __bool__(self) -> bool:
        return bool(self.re != 0) or bool(self.im != 0)

    def __repr__(self) -> str:
        return f"ComplexArray({self.re!r}, {self.im!r})"

    def __getitem__(self, index: Any) -> Any:
        return ComplexArray(self.re[index], self.im[index])

    def __setitem__(self, index: Any, value: Any) -> None:
        given = as_complex(value)
        self.re[index], self.im[index] = given.re, given.im

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        if method == "__call__":
            return compute(ufunc, inputs, keywords)
        if method == "at" and ufunc is np.add and isinstance(inputs[0], ComplexArray):
            target, index, added = inputs[0], inputs[1], as_complex(inputs[2])
            np.add.at(target.re, index, added.re)
            np.add.at(target.im, index, added.im)
            return None
        if method == "reduce" and ufunc in (np.add, np.multiply):
            return compute(np.sum if ufunc is np.add else np.prod, inputs, {"axis": 0, **keywords})
        raise NotExtendable(f"np.{ufunc.__name__}.{method} of complex numbers is not supported in extended precision.")

    def __array_function__(self, function: Function, types: Any, arguments: Any, keywords: Any) -> Any:
        return (
            NotImplemented if any(hasattr(kind, "record") for kind in types) else compute(function, arguments, keywords)
        )

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise NotExtendable("complex numbers of extended precision were about to become a plain array.")

    __float__ = __complex__ = __int__ = __array__


def _part(name: str) -> property:
    """The real or the imaginary part: a view, and what is assigned to it is written into the array."""
    return property(
        lambda self: getattr(self, name), lambda self, value: getattr(self, name).__setitem__(Ellipsis, value)
    )


def _in_place(ufunc: np.ufunc) -> Callable[[Any, Any], Any]:
    def assign(self: Any, other: Any) -> Any:
        result = ufunc(self, other)
        if not self.ndim:
            return result
        self[...] = result
        return self

    return assign


for _name, _whole in {"real": "re", "imag": "im"}.items():
    setattr(ComplexArray, _name, _part(_whole))
for _name, _ufunc in OPERATORS.items():
    setattr(ComplexArray, f"__i{_name}__", _in_place(_ufunc))


def as_complex(value: Any) -> ComplexArray:
    """A value of any kind as a complex array; the imaginary part of a real one is zero."""
    if isinstance(value, ComplexArray):
        return value
    if is_complex(value):
        return ComplexArray(extended(np.real(value)), extended(np.imag(value)))
    real = as_real(value)
    return ComplexArray(real, np.zeros_like(real))


def as_real(value: Any) -> ExtendedArray:
    """A real value of any kind as an extended array."""
    if isinstance(value, ExtendedArray) and stripped(value).dtype.hasobject:
        return value
    real: ExtendedArray = wrap(lifted(entered(value)))
    return real


@computes(converted)
def _converted(array: Any, dtype: Any) -> Any:
    """A copy, for complex dtypes; NumPy would drop the imaginary part for others."""
    if np.dtype(dtype).kind != "c":
        raise NotExtendable(f"astype({np.dtype(dtype)}) would drop the imaginary part of complex numbers.")
    return ComplexArray(array.re.copy(), array.im.copy())


def is_complex(value: Any) -> bool:
    """Whether a value holds complex numbers, of NumPy's or of this module's kind."""
    if isinstance(value, np.ndarray):
        return type(value) is np.ndarray and value.dtype.kind == "c"
    return isinstance(value, complex | ComplexArray)
