"""What `explain` is asked: a function, and its arguments by name; SpecError says what is wrong with them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..errors import SpecError, listed, nearest
from ..linear import Array


def ordered(function: Callable[..., Array], arguments: Mapping[str, Any]) -> list[str]:
    """The names of the arguments in the order in which the function takes them.

    Raises SpecError where there is no function or no argument, or where the names are not the function's.
    """
    if not callable(function):
        raise SpecError(
            f"explain was given a {type(function).__name__}, but takes a function: explain(lambda A: A @ A, A=(3, 3))."
        )
    if not arguments:
        raise SpecError(
            "explain was given no arguments. Name each with an array or its shape: "
            "explain(lambda A, B: A @ B, A=(2, 3), B=(3, 4))."
        )
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return list(arguments)
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters.values()):
        return list(arguments)
    for name in arguments:
        if name not in parameters:
            raise SpecError(
                f"argument {name!r} is not a parameter of the function, which takes {listed(parameters)}."
                f"{nearest(name, parameters)} Rename it."
            )
    names = [name for name in parameters if name in arguments]
    for name, parameter in list(parameters.items())[: len(names) + 1]:
        if name not in arguments and (parameter.default is parameter.empty or name != list(parameters)[len(names)]):
            raise SpecError(f"argument {name!r} of the function is not given. Name it, with an array or its shape.")
    return names


def sampled(name: str, value: Any, number: int) -> Array:
    """The array that an argument is, or a random one of the shape that it is; ``number`` seeds it.

    Raises SpecError where it is neither.
    """
    if isinstance(value, tuple):
        if not all(isinstance(size, int) and size >= 0 for size in value):
            raise SpecError(f"the shape {name}={value!r} should be sizes, none of them below 0, such as {name}=(2, 3).")
        return np.random.default_rng(number).uniform(0.5, 1.5, value)
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise SpecError(f"{name}={value!r} is no array of numbers. Give one, or its shape, such as {name}=(2, 3).")
    return array
