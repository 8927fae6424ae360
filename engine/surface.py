"""The surface of a NumPy array: operators and methods, for classes that record what is done to them.

A class becomes an array in the eyes of plain NumPy code when every operator and method says which NumPy
function it stands for. This table says so once, for all such classes.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from .primitives import converted, getitem, log_sum_exp, running_max

OPERATORS: dict[str, np.ufunc] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "truediv": np.true_divide,
    "floordiv": np.floor_divide,
    "mod": np.remainder,
    "pow": np.power,
    "matmul": np.matmul,
}
COMPARISONS: dict[str, np.ufunc] = {
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
}
UNARY: dict[str, np.ufunc] = {"neg": np.negative, "pos": np.positive, "abs": np.absolute, "invert": np.invert}
UFUNC_METHODS: dict[tuple[np.ufunc, str], Callable[..., Any]] = {
    (np.add, "reduce"): np.sum,
    (np.multiply, "reduce"): np.prod,
    (np.maximum, "reduce"): np.max,
    (np.minimum, "reduce"): np.min,
    (np.logaddexp, "reduce"): log_sum_exp,
    (np.add, "accumulate"): np.cumsum,
    (np.multiply, "accumulate"): np.cumprod,
    (np.maximum, "accumulate"): running_max,
}
METHODS: dict[str, Callable[..., Any]] = {
    name: getattr(np, name)
    for name in (
        *("sum", "mean", "prod", "max", "min", "var", "std", "cumsum", "cumprod", "argmax", "argmin", "argsort"),
        *("any", "all", "clip", "dot", "trace", "repeat", "take", "squeeze", "swapaxes", "ravel", "diagonal"),
        *("round", "copy", "nonzero"),
    )
}

Class = TypeVar("Class", bound=type)


def array_surface(record: Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]) -> Callable[[Class], Class]:
    """Give a class the operators and methods of an array; each calls ``record(function, arguments, keywords)``."""

    def binary(ufunc: np.ufunc) -> Callable[[Any, Any], Any]:
        return lambda self, other: record(ufunc, (self, other), {})

    def reflected(ufunc: np.ufunc) -> Callable[[Any, Any], Any]:
        return lambda self, other: record(ufunc, (other, self), {})

    def unary(ufunc: np.ufunc) -> Callable[[Any], Any]:
        return lambda self: record(ufunc, (self,), {})

    def method(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda self, *arguments, **keywords: record(function, (self, *arguments), keywords)

    def install(cls: Class) -> Class:
        for name, ufunc in OPERATORS.items():
            setattr(cls, f"__{name}__", binary(ufunc))
            setattr(cls, f"__r{name}__", reflected(ufunc))
        for name, ufunc in COMPARISONS.items():
            setattr(cls, f"__{name}__", binary(ufunc))
        for name, ufunc in UNARY.items():
            setattr(cls, f"__{name}__", unary(ufunc))
        for name, function in METHODS.items():
            setattr(cls, name, method(function))
        surface: dict[str, Any] = {
            "T": property(lambda self: record(np.transpose, (self,), {})),
            "mT": property(lambda self: record(np.matrix_transpose, (self,), {})),
            "real": property(lambda self: record(np.real, (self,), {}) if self.dtype.kind == "c" else self),
            "imag": property(lambda self: record(np.imag, (self,), {})),
            "conj": lambda self: record(np.conjugate, (self,), {}) if self.dtype.kind == "c" else self,
            "conjugate": lambda self: self.conj(),
            "astype": lambda self, dtype, *_, **__: record(converted, (self,), {"dtype": dtype}),
            "item": lambda self, *place: record(np.reshape, (self, (-1,)), {})[place[0] if place else 0],
            "reshape": lambda self, *shape: record(np.reshape, (self, _one_tuple(shape)), {}),
            "transpose": lambda self, *axes: record(np.transpose, (self, _one_tuple(axes) or None), {}),
            "flatten": lambda self: record(np.ravel, (self,), {}),
            "__getitem__": lambda self, index: record(getitem, (self, index), {}),
            "__iter__": lambda self: (self[i] for i in range(len(self))),
            "__hash__": object.__hash__,
        }
        for name, attribute in surface.items():
            setattr(cls, name, attribute)
        return cls

    return install


def _one_tuple(arguments: tuple[Any, ...]) -> Any:
    """Both ways of passing a shape: ``reshape(2, 3)`` and ``reshape((2, 3))``."""
    if len(arguments) != 1:
        return arguments
    try:
        return operator.index(arguments[0])
    except TypeError:
        return arguments[0]
