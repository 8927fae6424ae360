"""How NumPy's functions act on extended arrays: implemented, listed as safe, or refused by name.

No function is handed on to NumPy's own Python code unchecked: many convert to float64 somewhere inside,
without a word.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from ...errors import NotExtendable
from ..arithmetic import active
from ..lifting import each, entered, lifted, stores_numbers

Function = Callable[..., Any]

_IMPLEMENTED: dict[Function, Function] = {}
_MOVING: dict[Function, str] = {}
_LOOKING = frozenset([np.shape, np.ndim, np.size, np.may_share_memory, np.shares_memory])


def implements(*functions: Function) -> Callable[[Function], Function]:
    """Register what computes these NumPy functions on extended arrays; it has NumPy's parameters, less ``out``."""

    def register(implementation: Function) -> Function:
        for function in functions:
            _IMPLEMENTED[function] = implementation
        return implementation

    return register


def moves_elements(*functions: Function) -> None:
    """List functions that only move elements about: NumPy's own code may run on plain arrays of numbers."""
    _MOVING.update((function, function.__name__) for function in functions)


def is_implemented(function: Function) -> bool:
    """Whether a NumPy function has an implementation of its own, which takes an array first."""
    return function in _IMPLEMENTED


def apply_function(function: Function, arguments: Any, keywords: Mapping[str, Any]) -> Any:
    """The value of a NumPy function, in plain arrays; raises NotExtendable for what is not supported.

    ``out`` is written to by the caller, and must not be among the keywords.
    """
    active()
    given = {key: value for key, value in keywords.items() if value is not np._NoValue}
    implementation = _IMPLEMENTED.get(function)
    if implementation is not None:
        if any(value is not None for value in arguments[_place_of_out(implementation) :][:1]):
            raise NotExtendable(f"np.{function.__name__} with out by position is not supported; write out=.")
        try:
            return implementation(*arguments, **given)
        except TypeError:
            _must_take(implementation, function, arguments, given)
            raise
    if function in _LOOKING:
        return function(*plainly(arguments), **given)
    if function in _MOVING:
        return numbers_only(function(*plainly(arguments), **plainly(given)))
    parts = plainly(arguments)
    if not _holds_numbers((parts, plainly(given))):
        exact = function(*parts, **plainly(given))
        if not _holds_floats(exact):
            return exact
    raise NotExtendable(f"np.{function.__name__} is not supported on extended-precision numbers.")


@implements(np.result_type)
def result_type(*arrays_and_dtypes: Any) -> Any:
    return np.result_type(*(_seen_dtype(value) for value in arrays_and_dtypes))


def _seen_dtype(value: Any) -> Any:
    return value.dtype if isinstance(value, np.ndarray) else value


@implements(np.can_cast)
def can_cast(from_: Any, to: Any, casting: Any = "safe") -> bool:
    return np.can_cast(_seen_dtype(from_), to, casting)


_signature = cache(inspect.signature)


@cache
def _place_of_out(implementation: Function) -> int:
    """Where among the arguments by position ``out`` stands; after all of them where there is none."""
    parameters = _signature(implementation).parameters
    by_position = [name for name, parameter in parameters.items() if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
    return by_position.index("out") if "out" in by_position else sys.maxsize


def _must_take(implementation: Function, function: Function, arguments: Any, keywords: Mapping[str, Any]) -> None:
    try:
        _signature(implementation).bind(*arguments, **keywords)
    except TypeError as error:
        raise NotExtendable(f"np.{function.__name__} called like this is not supported: {error}") from error


def plainly(value: Any) -> Any:
    """A nest of arguments with plain arrays in it; floats among them are lifted, to sit beside extended numbers."""
    if isinstance(value, np.ndarray):
        return lifted(value) if value.dtype.kind == "f" else entered(value)
    if isinstance(value, dict):
        return {key: plainly(part) for key, part in value.items()}
    return type(value)(plainly(part) for part in value) if type(value) in (tuple, list) else value


def numbers_only(result: Any) -> Any:
    """Object arrays whose every entry is a number of the arithmetic in force: NumPy fills in zeros of its own."""
    if isinstance(result, tuple | list):
        return type(result)(numbers_only(part) for part in result)
    if not isinstance(result, np.ndarray) or not stores_numbers(result):
        return result
    lift, native = active().lift, (bool, int, float, np.generic)
    if not any(issubclass(kind, native) for kind in set(map(type, result.ravel().tolist()))):
        return result
    return each(lambda number: lift(number) if isinstance(number, native) else number, result)


def _holds_numbers(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_numbers, value.values()))
    if isinstance(value, tuple | list):
        return any(map(_holds_numbers, value))
    return isinstance(value, np.ndarray) and value.dtype.kind in "Of"


def _holds_floats(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return any(map(_holds_floats, value))
    return getattr(value, "dtype", np.dtype(int)).kind in "fc" or isinstance(value, float)
