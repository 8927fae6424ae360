"""Arrays that remember how they are written, so that a linear map can say ``[A.T @ . @ C.T]``.

An `Expression` is a value with a text. Plain NumPy code runs on it, and what comes out is written with the
names of what went in. Masks and long texts get a name of their own, kept in a `Legend`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ..linear import Array
from ..notation import texts
from ..notation.naming import core_of
from ..primitives import converted, getitem
from ..surface import COMPARISONS, UFUNC_METHODS, array_surface
from .writing import LONGEST, PRODUCTS, Legend, constant_text, of_arrays, of_elements, opened


def record(function: Callable[..., Any], arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Apply a function to the values, and write it with the texts."""
    if not _all_plain(arguments):
        return NotImplemented  # Python asks the other operand next
    value = function(*map(_value, arguments), **{name: _value(given) for name, given in keywords.items()})
    if isinstance(value, int | tuple):
        return value  # a shape or a count
    operands = list(_operands(arguments))
    legend, constant = operands[0].legend, all(operand.constant for operand in operands)
    if function in (np.broadcast_to, converted) or (
        function in (np.reshape, getitem) and operands[0].size == np.size(value) == 1
    ):
        return Expression(value, operands[0].core, legend, operands[0].natural, constant)
    if constant and function not in PRODUCTS and (text := constant_text(value)):
        return Expression(value, text, legend, () if texts.is_constant(text) else np.shape(value), constant)
    if function is np.where or (isinstance(function, np.ufunc) and function.signature is None):
        natural = np.broadcast_shapes(*(getattr(a, "natural", np.shape(a)) for a in arguments))
        text = of_elements(function, [opened(core_of(a), legend, function) for a in arguments], legend)
    else:
        natural, text = np.shape(value), of_arrays(function, arguments, keywords, value)
    if function in COMPARISONS.values():
        text = legend.name("mask", text)
    elif len(text) > LONGEST:
        text = legend.name("t", text)
    return Expression(value, text, legend, natural, constant)


def _operands(arguments: Sequence[Any]) -> Iterator[Expression]:
    for argument in arguments:
        if isinstance(argument, Expression):
            yield argument
        elif isinstance(argument, list | tuple):
            yield from _operands(argument)


def _value(part: Any) -> Any:
    if isinstance(part, tuple | list):
        return type(part)(map(_value, part))
    return part.value if isinstance(part, Expression) else part


@array_surface(record)
class Expression:
    """An array with a text: that of its ``core``, of the shape ``natural``, which is repeated to make the array."""

    def __init__(
        self, value: Array, core: str, legend: Legend, natural: tuple[int, ...] | None = None, constant: bool = False
    ) -> None:
        self.value = value
        self.core = core
        self.legend = legend
        self.natural = np.shape(value) if natural is None else natural
        self.constant = constant  # made of numbers alone

    shape = property(lambda self: np.shape(self.value))
    ndim = property(lambda self: np.ndim(self.value))
    size = property(lambda self: np.size(self.value))
    dtype = property(lambda self: np.asarray(self.value).dtype)

    @property
    def text(self) -> str:
        """The array written out."""
        if self.natural == self.shape:
            return self.core
        if texts.is_constant(self.core):
            return texts.product(self.core, f"ones{self.shape}")
        return f"broadcast_to({self.core}, {self.shape})"

    def __len__(self) -> int:
        return len(self.value)

    def astype(self, dtype: Any) -> Expression:
        """The same text, of another dtype."""
        return Expression(self.value.astype(dtype), self.core, self.legend, self.natural, self.constant)

    def __array__(self, *arguments: Any, **keywords: Any) -> Array:
        if self.dtype.kind == "f":
            raise TypeError("an array with a text was about to become a plain float array, which has none.")
        return np.array(self.value, *arguments, **keywords)

    def __or__(self, other: Any) -> Any:
        return record(np.logical_or, (self, other), {})

    def __and__(self, other: Any) -> Any:
        return record(np.logical_and, (self, other), {})

    def __index__(self) -> int:
        return operator.index(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __repr__(self) -> str:
        return f"Expression({self.text})"

    @staticmethod
    def record(function: Callable[..., Any], arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        return record(function, arguments, keywords)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        if not _all_plain(inputs):
            return NotImplemented
        function = ufunc if method == "__call__" else UFUNC_METHODS.get((ufunc, method))
        return NotImplemented if function is None else record(function, inputs, keywords)

    def __array_function__(self, function: Callable[..., Any], types: Any, arguments: Any, keywords: Any) -> Any:
        return record(function, arguments, keywords)


def _all_plain(arguments: Sequence[Any]) -> bool:
    """Whether no other class of arrays wants a say."""
    return all(
        _all_plain(a)
        if isinstance(a, list | tuple)
        else not hasattr(type(a), "__array_ufunc__") or isinstance(a, np.ndarray | np.generic | Expression)
        for a in arguments
    )
