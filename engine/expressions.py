"""Arrays that remember how they are written, so that a linear map can say ``[A.T @ . @ C.T]``.

An `Expression` is a value with a text. Plain NumPy code runs on it, and what comes out is written with the
names of what went in. Masks and long texts get a name of their own, kept in a `Legend`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import texts
from .linear import Array
from .maps.indexing import spelled
from .notation import core_of, text_of, turning
from .primitives import getitem
from .surface import COMPARISONS, array_surface

# How a ufunc is written; a comparison, with its sign between its operands.
_WRITTEN: dict[Any, Callable[..., str]] = {
    np.add: texts.total,
    np.subtract: texts.difference,
    np.multiply: texts.product,
    np.true_divide: texts.quotient,
    np.negative: texts.negative,
    np.square: lambda one: texts.power(one, "2"),
    np.power: texts.power,
    np.invert: lambda one: f"~{texts.grouped(one)}",
}
_PRODUCTS = (np.multiply, np.true_divide)
_SIGNS = {"less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">=", "equal": "==", "not_equal": "!="}
_NAMES = {"absolute": "abs", "log_sum_exp": "logsumexp", "root_of_squares": "norm"}
LONGEST = 36  # characters that an operand may have before it gets a name


@dataclass
class Legend:
    """The names given to masks and long texts, and what they stand for."""

    definitions: dict[str, str] = field(default_factory=dict)

    def name(self, stem: str, text: str) -> str:
        """The name of a text: an old one if it has one, else the next free one."""
        for name, definition in self.definitions.items():
            if definition == text:
                return name
        number = sum(name.rstrip("0123456789") == stem for name in self.definitions) + 1
        name = stem if number == 1 and stem == "mask" else f"{stem}{number}"
        self.definitions[name] = text
        return name


def record(function: Callable[..., Any], arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Apply a function to the values, and write it with the texts."""
    value = function(*map(_value, arguments), **{name: _value(given) for name, given in keywords.items()})
    if isinstance(value, int | tuple):
        return value  # a shape or a count
    operands = list(_operands(arguments))
    legend, constant = operands[0].legend, all(operand.constant for operand in operands)
    if function is np.broadcast_to or (function in (np.reshape, getitem) and operands[0].size == np.size(value) == 1):
        return Expression(value, operands[0].core, legend, operands[0].natural, constant)
    if constant and function not in _PRODUCTS and (text := _constant(value)):
        return Expression(value, text, legend, () if texts.is_constant(text) else np.shape(value), constant)
    if function is np.where or (isinstance(function, np.ufunc) and function.signature is None):
        natural = np.broadcast_shapes(*(getattr(a, "natural", np.shape(a)) for a in arguments))
        text = _of_elements(function, [_opened(core_of(a), legend, function) for a in arguments], legend)
    else:
        natural, text = np.shape(value), _of_arrays(function, arguments, keywords, value)
    if function in COMPARISONS.values():
        text = legend.name("mask", text)
    elif len(text) > LONGEST:
        text = legend.name("t", text)
    return Expression(value, text, legend, natural, constant)


def _opened(text: str, legend: Legend, function: Callable[..., Any]) -> str:
    """A product that has a name is written out where it is multiplied on: something may cancel."""
    written = legend.definitions.get(text, text)
    return written if function in _PRODUCTS and texts.binding(written) == texts.PRODUCT else text


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


def _constant(value: Any) -> str:
    """The number that all elements are, or ``I``, or a multiple of it; nothing where it is another array."""
    elements = np.ravel(value)
    if elements.dtype.kind != "f" or not elements.size:
        return ""
    text = f"{elements[0]:g}"
    if np.all(elements == elements[0]):
        return text
    square = np.ndim(value) == 2 and np.shape(value)[0] == np.shape(value)[1]
    return texts.product(text, "I") if square and np.all(value == elements[0] * np.eye(len(value))) else ""


def _of_elements(function: Callable[..., Any], parts: Sequence[str], legend: Legend) -> str:
    name = function.__name__
    if function in _WRITTEN:
        return _WRITTEN[function](*parts)
    if name in _SIGNS:
        return f" {_SIGNS[name]} ".join(texts.inside(part, texts.SUM) for part in parts)
    if function is np.where and parts[1] == "1" and legend.definitions.get(parts[0]) == f"{parts[2]} == 0":
        return parts[2]  # what is guarded against a division by zero is read as it is
    return f"{_NAMES.get(name, name)}({', '.join(parts)})"


def _of_arrays(function: Callable[..., Any], arguments: Sequence[Any], keywords: dict[str, Any], value: Any) -> str:
    parts, ranks = [text_of(a) for a in arguments], [np.ndim(a) for a in arguments]
    if function is np.matmul:
        first, second = parts
        if _is_number(arguments[1]):
            return texts.product(first, _number(arguments[1]))
        if _is_number(arguments[0]):
            return texts.product(_number(arguments[0]), second)
        if ranks[0] == 1:
            first, second = (texts.transposed(second), first) if ranks[1] > 1 else (texts.transposed(first), second)
        return texts.matrix_product(first, second)
    if function in (np.transpose, np.matrix_transpose) and ranks[0] <= 2 and set(arguments[1:]) <= {None}:
        return texts.transposed(parts[0]) if ranks[0] == 2 else parts[0]
    if function is np.reshape and max(ranks[0], np.ndim(value)) <= 2:
        turned = turning(np.shape(arguments[0]), np.shape(value))
        if turned is not None:
            return texts.transposed(parts[0]) if turned else parts[0]
    if function is getitem:
        return f"{texts.inside(parts[0], texts.ATOM)}{spelled(keywords['index'] if keywords else arguments[1])}"
    if function is np.linalg.inv:
        return f"{texts.inside(parts[0], texts.ATOM)}^-1"
    axis = keywords.get("axis")
    if function is np.sum and axis == ():
        return parts[0]
    axes = axis if isinstance(axis, tuple) else (axis,)
    axis = None if len(axes) == ranks[0] else axes[0] if len(axes) == 1 else axes
    is_column = axis is None or (axis in (1, -1) and np.ndim(value) == 2)
    given = {
        name: part for name, part in keywords.items() if name != "dtype" and not (name == "keepdims" and is_column)
    }
    given |= {"axis": axis} if "axis" in given else {}
    options = [f"{name}={part}" for name, part in given.items() if part is not None and part is not False]
    name = getattr(function, "__name__", "f")
    return f"{_NAMES.get(name, name)}({', '.join([*parts, *options])})"


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
        return record(ufunc, inputs, keywords) if method == "__call__" and _all_plain(inputs) else NotImplemented

    def __array_function__(self, function: Callable[..., Any], types: Any, arguments: Any, keywords: Any) -> Any:
        return record(function, arguments, keywords) if _all_plain(arguments) else NotImplemented


def _is_number(part: Any) -> bool:
    """Whether a matrix product with this is one with a number: with a single element, or with a multiple of ``I``."""
    if not isinstance(part, Expression):
        return False
    return part.constant and (part.size == 1 or texts.fraction(part.core).up == ("I",))


def _number(part: Expression) -> str:
    return texts.joined(texts.fraction(part.core)._replace(up=()))


def _all_plain(arguments: tuple[Any, ...]) -> bool:
    """Whether no other class of arrays wants a say."""
    return not any(
        hasattr(type(a), "__array_ufunc__") and not isinstance(a, np.ndarray | np.generic | Expression)
        for a in arguments
    )
