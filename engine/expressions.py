"""Arrays that remember how they are written, so that a linear map can say ``[A.T @ . @ C.T]``.

An `Expression` is a value with a text. Plain NumPy code runs on it, and what comes out is written with the
names of what went in. Masks and long texts get a name of their own, kept in a `Legend`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .linear import Array
from .maps.indexing import spelled
from .notation import grouped, text_of, transposed
from .primitives import getitem
from .surface import COMPARISONS, array_surface

# How a ufunc is written between its operands, and how tightly it binds them.
_INFIX = {
    np.less: ("<", 0),
    np.less_equal: ("<=", 0),
    np.greater: (">", 0),
    np.greater_equal: (">=", 0),
    np.equal: ("==", 0),
    np.not_equal: ("!=", 0),
    np.add: ("+", 1),
    np.subtract: ("-", 1),
    np.multiply: ("*", 2),
    np.true_divide: ("/", 2),
    np.matmul: ("@", 2),
    np.negative: ("-", 3),
    np.power: ("**", 4),
}
_ATOM = 9  # binds tighter than any operator
LONGEST = 28  # characters that an operand may have before it gets a name


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


def _written(function: Callable[..., Any], arguments: tuple[Any, ...], keywords: dict[str, Any]) -> str:
    texts = [text_of(a) for a in arguments]
    if function in _INFIX:
        sign, strength = _INFIX[function]
        parts = [_inside(a, strength + (i > 0 and sign in "-/")) for i, a in enumerate(arguments)]
        return f" {sign} ".join(parts) if len(parts) > 1 else f"{sign}{parts[0]}"
    if function is np.invert:
        return f"~{grouped(texts[0])}"
    if function is np.transpose and arguments[0].ndim == 2 and len(arguments) == 1:
        return transposed(texts[0])
    if function is getitem:
        return f"{grouped(texts[0])}{spelled(arguments[1])}"
    given = [f"{key}={value}" for key, value in keywords.items() if key != "dtype" and value not in (None, False)]
    return f"{getattr(function, '__name__', 'f')}({', '.join([*texts, *given])})"


def _inside(operand: Any, strength: int) -> str:
    """An operand's text, in parentheses where the operator around it binds tighter."""
    binding = operand.binding if isinstance(operand, Expression) else _ATOM
    return text_of(operand) if binding >= strength else f"({text_of(operand)})"


def record(function: Callable[..., Any], arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Apply a function to the values, and write it with the texts."""
    value = function(*(a.value if isinstance(a, Expression) else a for a in arguments), **keywords)
    if isinstance(value, int | tuple):
        return value  # a shape or a count
    legend = next(a.legend for a in arguments if isinstance(a, Expression))
    text = _written(function, arguments, keywords)
    if function in COMPARISONS.values():
        return Expression(value, legend.name("mask", text), legend)
    if len(text) > LONGEST:
        return Expression(value, legend.name("t", text), legend)
    binding = _INFIX[function][1] if function in _INFIX else _ATOM
    return Expression(value, text, legend, binding)


@array_surface(record)
class Expression:
    """An array with a text."""

    def __init__(self, value: Array, text: str, legend: Legend, binding: int = _ATOM) -> None:
        self.value = value
        self.text = text
        self.legend = legend
        self.binding = binding

    shape = property(lambda self: np.shape(self.value))
    ndim = property(lambda self: np.ndim(self.value))
    size = property(lambda self: np.size(self.value))
    dtype = property(lambda self: np.asarray(self.value).dtype)

    def __len__(self) -> int:
        return len(self.value)

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


def _all_plain(arguments: tuple[Any, ...]) -> bool:
    """Whether no other class of arrays wants a say."""
    return not any(
        hasattr(type(a), "__array_ufunc__") and not isinstance(a, np.ndarray | np.generic | Expression)
        for a in arguments
    )
