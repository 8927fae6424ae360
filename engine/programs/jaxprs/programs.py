"""The programs of a jax function: itself, its vjp and its jvp, traced once for each kind of call and then evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from ...errors import NotExtendable, SpecError
from ...extended import ExtendedArray, stores_numbers, stripped, to_float
from .evaluating import evaluate
from .tracing import Type, jax_itself, traced

Options = Mapping[str, Any]
Program = Callable[[Sequence[Any], Options], list[Any]]  # outputs of extended arrays and options
MOST_KEPT = 256  # programs of one kind


@dataclass(frozen=True)
class Programs:
    """Evaluators of a function, its vjp and its jvp.

    ``vjp`` takes the arguments and a cotangent, ``jvp`` the arguments and a tangent for each one that moves.
    """

    forward: Program
    vjp: Program
    jvp: Program


@dataclass(frozen=True)
class _Fixed:
    """Options that are no arrays to the program, and what tells them from others."""

    key: Any
    options: Options = field(compare=False)


def programs_of(function: Callable[..., Any], moving: Sequence[int], count: int, called: str) -> Programs:
    """The programs of a function of ``count`` arrays, differentiated in those at the ``moving`` positions."""

    def forward(arrays: Sequence[Any], options: Options) -> Any:
        return one_array(function(*arrays, **options), called)

    def vjp(arrays: Sequence[Any], options: Options) -> Any:
        still, at = of_the_moving(function, moving, arrays[:count], options, called)
        return jax_itself().vjp(still, *at)[1](arrays[count])

    def jvp(arrays: Sequence[Any], options: Options) -> Any:
        still, at = of_the_moving(function, moving, arrays[:count], options, called)
        return jax_itself().jvp(still, at, tuple(arrays[count:]))[1]

    return Programs(*(_kept(each, called) for each in (forward, vjp, jvp)))


def of_the_moving(
    function: Callable[..., Any], moving: Sequence[int], arrays: Sequence[Any], options: Options, called: str
) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """The function of the arguments that move alone, and where they are."""

    def still(*at: Any) -> Any:
        given = dict(zip(moving, at, strict=True))
        return one_array(function(*(given.get(i, array) for i, array in enumerate(arrays)), **options), called)

    return still, tuple(arrays[i] for i in moving)


def one_array(result: Any, called: str) -> Any:
    """What a function returned. Raises SpecError where that is no single array."""
    if isinstance(result, tuple | list | dict) or result is None:
        raise SpecError(
            f"{called} returned a {type(result).__name__}, but should return one array. "
            "Verify a function that returns one of its parts, or all of them in one array."
        )
    return result


def _kept(run: Callable[[Sequence[Any], Options], Any], called: str) -> Program:
    """What traces a run and evaluates the program; programs are kept for the next call like this one."""

    @lru_cache(maxsize=MOST_KEPT)
    def program_of(types: tuple[Type, ...], numbers: tuple[str, ...], fixed: _Fixed) -> Any:
        def told(*everything: Any) -> Any:
            arrays = everything[: len(types)]
            return run(arrays, {**fixed.options, **dict(zip(numbers, everything[len(types) :], strict=True))})

        return traced(told, (*types, *(((), "float64") for _ in numbers)), called)

    def evaluated(arrays: Sequence[Any], options: Options) -> list[Any]:
        types = tuple(map(_type, arrays))
        numbers = tuple(name for name, value in options.items() if isinstance(value, ExtendedArray))
        rest = {name: value for name, value in options.items() if name not in numbers}
        try:
            program = program_of(types, numbers, _fixed(rest))
        except NotExtendable:
            if not numbers:
                raise
            # The function looks at the value of an option while it is traced: then it is a constant.
            values = {name: to_float(options[name]).item() for name in numbers}
            numbers, program = (), program_of(types, (), _fixed({**rest, **values}))
        return evaluate(program, (*arrays, *(options[name] for name in numbers)))

    return evaluated


def _type(array: Any) -> Type:
    plain = stripped(array)
    return plain.shape, "float64" if stores_numbers(plain) or plain.dtype.kind == "f" else plain.dtype.name


def _fixed(options: Options) -> _Fixed:
    return _Fixed(tuple((name, _key(value)) for name, value in sorted(options.items())), options)


def _key(value: Any) -> Any:
    """What an option's value is known by: 1, 1.0 and True are three values."""
    if isinstance(value, np.ndarray):
        return "array", value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, tuple | list):
        return type(value), tuple(map(_key, value))
    if isinstance(value, slice):
        return slice, value.start, value.stop, value.step
    return type(value), value
