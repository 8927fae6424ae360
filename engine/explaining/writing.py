"""How NumPy's functions are written, and the names that masks and long texts are given."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..maps.indexing import spelled
from ..notation import brackets, texts
from ..notation.brackets import ATOM, PRODUCT, SUM, binding, inside
from ..notation.factors import turning
from ..notation.naming import text_of
from ..primitives import getitem

# How a ufunc is written; a comparison, with its sign between its operands.
_WRITTEN: dict[Any, Callable[..., str]] = {
    np.add: texts.total,
    np.subtract: texts.difference,
    np.multiply: texts.product,
    np.true_divide: texts.quotient,
    np.negative: texts.negative,
    np.square: lambda one: texts.power(one, "2"),
    np.power: texts.power,
    np.invert: lambda one: f"~{brackets.grouped(one)}",
}
PRODUCTS = (np.multiply, np.true_divide)
_SIGNS = {"less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">=", "equal": "==", "not_equal": "!="}
_NAMES = {"absolute": "abs", "log_sum_exp": "logsumexp", "root_of_squares": "norm"}
LONGEST = 36  # characters that an operand may have before it gets a name


@dataclass
class Legend:
    """The names given to masks and long texts, none of which is ``taken``, and what they stand for."""

    taken: frozenset[str] = frozenset()
    definitions: dict[str, str] = field(default_factory=dict)

    def name(self, stem: str, text: str) -> str:
        """The name of a text: an old one if it has one, else the next free one."""
        for name, definition in self.definitions.items():
            if definition == text:
                return name
        first = stem if stem == "mask" else f"{stem}1"
        free = itertools.chain([first], (f"{stem}{number}" for number in itertools.count(2)))
        name = next(name for name in free if name not in self.taken and name not in self.definitions)
        self.definitions[name] = text
        return name


def opened(text: str, legend: Legend, function: Callable[..., Any]) -> str:
    """A product that has a name is written out where it is multiplied on: something may cancel."""
    written = legend.definitions.get(text, text)
    return written if function in PRODUCTS and binding(written) == PRODUCT else text


def constant_text(value: Any) -> str:
    """The number that all elements are, or ``I``, or a multiple of it; nothing where it is another array."""
    elements = np.ravel(value)
    if elements.dtype.kind != "f" or not elements.size:
        return ""
    text = f"{elements[0]:g}"
    if np.all(elements == elements[0]):
        return text
    square = np.ndim(value) == 2 and np.shape(value)[0] == np.shape(value)[1]
    return texts.product(text, "I") if square and np.all(value == elements[0] * np.eye(len(value))) else ""


def of_elements(function: Callable[..., Any], parts: Sequence[str], legend: Legend) -> str:
    """A function that acts on each element by itself, of operands that are written so."""
    name = function.__name__
    if function in _WRITTEN:
        return _WRITTEN[function](*parts)
    if name in _SIGNS:
        return f" {_SIGNS[name]} ".join(inside(part, SUM) for part in parts)
    if function is np.where and parts[1] == "1" and legend.definitions.get(parts[0]) == f"{parts[2]} == 0":
        return parts[2]  # what is guarded against a division by zero is read as it is
    return f"{_NAMES.get(name, name)}({', '.join(parts)})"


def of_arrays(function: Callable[..., Any], arguments: Sequence[Any], keywords: dict[str, Any], value: Any) -> str:
    """A function of whole arrays, and what it made of them; vectors are columns."""
    parts, ranks = [text_of(a) for a in arguments], [getattr(a, "ndim", 0) for a in arguments]
    if function is np.matmul:
        first, second = parts
        if _is_number(arguments[1]):
            return texts.product(first, _number(arguments[1]))
        if _is_number(arguments[0]):
            return texts.product(_number(arguments[0]), second)
        if ranks[0] == 1:
            first, second = (texts.transposed(second), first) if ranks[1] > 1 else (texts.transposed(first), second)
        return texts.matrix_product(first, second)
    if function in (np.transpose, np.matrix_transpose) and ranks[0] <= 2 and all(a is None for a in arguments[1:]):
        return texts.transposed(parts[0]) if ranks[0] == 2 else parts[0]
    if function is np.reshape and max(ranks[0], np.ndim(value)) <= 2:
        turned = turning(np.shape(arguments[0]), np.shape(value))
        if turned is not None:
            return texts.transposed(parts[0]) if turned else parts[0]
    if function is getitem:
        return f"{inside(parts[0], ATOM)}{spelled(keywords['index'] if keywords else arguments[1])}"
    if function is np.linalg.inv:
        return f"{inside(parts[0], ATOM)}^-1"
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


def _is_number(part: Any) -> bool:
    """Whether a matrix product with this is one with a number: with a single element, or with a multiple of ``I``."""
    return getattr(part, "constant", False) and (part.size == 1 or texts.fraction(part.core).up == ("I",))


def _number(part: Any) -> str:
    return texts.joined(texts.fraction(part.core)._replace(up=()))
