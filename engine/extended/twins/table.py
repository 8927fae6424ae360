"""Twins of NumPy, of math, and of a few builtins, for what code makes itself: extended from the start.

``np.zeros(n)`` knows nothing of what will be assigned into it, nor ``np.log(2.0)`` of what it will be multiplied
with. A twin does what its original does, after lifting the floats that it is handed, and makes extended arrays
where its original would make float ones.
"""

from __future__ import annotations

import builtins
import types
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ..array import ExtendedArray, extended, wrap
from ..counts import Count
from ..functions.dispatching import is_implemented, numbers_only
from .creation import MADE, as_extended_array, lift_floats
from .floats import FLOATS
from .scalars import math_twin
from .softmax import OF_SCIPY

_JOINING = frozenset(
    [
        *(np.concatenate, np.stack, np.vstack, np.hstack, np.dstack, np.column_stack, np.block, np.select),
        *(np.linalg.multi_dot, np.meshgrid, np.broadcast_arrays),
    ]
)


@dataclass(frozen=True)
class UfuncTwin:
    """A ufunc whose float and integer arguments are lifted; its methods are twins too."""

    original: np.ufunc

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return _wrapped(self.original(*map(_operand, arguments), **_lifted_keywords(keywords)))

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self.original, name)
        if not callable(attribute):
            return attribute

        def method(array: Any, *arguments: Any, **keywords: Any) -> Any:
            given = (lift_floats(argument) for argument in arguments)
            return _wrapped(attribute(_operand(array), *given, **_lifted_keywords(keywords)))

        return method


def _operand(value: Any) -> Any:
    """An argument of a ufunc, as an extended array if it is numeric at all."""
    if isinstance(value, np.ndarray | np.generic | Count | int | float | complex | list | tuple):
        return as_extended_array(value)
    return value


def _wrapped(result: Any) -> Any:
    """Arrays and numbers in the class; a dtype, a string or whatever else as it is."""
    if type(result) is np.ndarray:
        return wrap(numbers_only(result))  # compiled code of SciPy's may have made floats of objects
    return wrap(result) if isinstance(result, np.ndarray | np.generic | float | tuple | list) else result


def _lifted_keywords(keywords: dict[str, Any]) -> dict[str, Any]:
    return {key: value if key == "dtype" else lift_floats(value) for key, value in keywords.items()}


def _function_twin(function: Callable[..., Any]) -> Callable[..., Any]:
    takes_an_array = is_implemented(function) and function not in _JOINING

    def twin(*arguments: Any, **keywords: Any) -> Any:
        given = [lift_floats(argument) for argument in arguments]
        if given and takes_an_array and isinstance(given[0], list | tuple | int | Count):
            given[0] = as_extended_array(given[0])
        return _wrapped(function(*given, **_lifted_keywords(keywords)))

    return twin


@dataclass(frozen=True)
class ModuleTwin:
    """A module whose functions are twins, and whose pi and e are extended."""

    original: types.ModuleType

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.original, name)
        if type(value) is float:
            return _constant(name, value)
        return twin_of(value)


def _constant(name: str, value: float) -> Any:
    """pi, tau and e to full precision; infinity, nan and the rest are what they are."""
    if name == "e":
        return np.exp(extended(1.0))
    pi = {"pi": 1, "tau": 2}.get(name)
    return value if pi is None else np.deg2rad(extended(180.0 * pi))


_BUILTINS: dict[Any, Any] = {
    len: lambda value: Count(builtins.len(value), wrap) if isinstance(value, ExtendedArray) else builtins.len(value),
}
_MODULES = frozenset(
    ["numpy", "numpy.linalg", "numpy.fft", "numpy.lib", "numpy.lib.stride_tricks", "math", "scipy", "scipy.special"]
)


def twin_of(original: Any) -> Any:
    """The twin of NumPy, of math, or of one of their functions; the thing itself where it has none."""
    try:
        return _twin(original)
    except TypeError:  # unhashable: nothing that has a twin
        return original


@cache
def _twin(original: Any) -> Any:
    for table in (FLOATS, MADE, _BUILTINS):
        if original in table:
            return table[original]
    if isinstance(original, types.ModuleType):
        return ModuleTwin(original) if original.__name__ in _MODULES else original
    if isinstance(original, np.ufunc):
        return UfuncTwin(original)
    home = getattr(original, "__module__", None) or ""
    name = getattr(original, "__name__", "")
    if home.startswith("scipy.special") and name in OF_SCIPY:
        return OF_SCIPY[name]
    if home == "math":
        return math_twin(original)
    is_function = callable(original) and name != ""  # operators and interpolants can be called too
    if isinstance(original, type) or not is_function or home.partition(".")[0] not in ("numpy", "scipy"):
        return original
    if home.startswith(("numpy.random", "numpy.testing")):
        return original
    return _function_twin(original)


SHADOWED = {"float": twin_of(float), "len": twin_of(len)}  # builtins, found in a module's globals once they stand there
