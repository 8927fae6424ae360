"""A probe for leaks: numbers that refuse to become float64, and so name the line that asks them to.

An object array leaks to float64 without a word wherever code assigns into a buffer of its own
(``out = np.zeros(n); out[i] = x[i]``), calls `float` or `math.exp`: the derivative is lost there, and right
code looks wrong. The probe computes like the balls do, several times slower, and raises `Leak` instead.
"""

from __future__ import annotations

import operator
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from ..errors import BackproofError
from .arithmetic import Objects
from .balls import balls
from .lifting import each


class Leak(BackproofError, RuntimeError):
    """An extended-precision number was about to become a float64.

    Not a TypeError: NumPy replaces those by its own.
    """


_refused: ContextVar[list[str] | None] = ContextVar("backproof_refused_conversions", default=None)


class Guarded:
    """A number that does arithmetic, and refuses every conversion."""

    __slots__ = ("number",)

    def __init__(self, number: Any) -> None:
        self.number = number

    def _refuse(self, *_: Any) -> NoReturn:
        refused = _refused.get()
        if refused is not None:  # compiled code may replace the exception by one of its own
            refused.append(_users_line(traceback.extract_stack()))
        raise Leak("an extended-precision number was about to become a float64 or an integer")

    __float__ = __int__ = __index__ = __complex__ = __bool__ = __round__ = _refuse
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"Guarded({self.number})"


def _binary(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return _on_numbers(lambda one, other: Guarded(operation(one.number, _number(other))))


def _reflected(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return _on_numbers(lambda one, other: Guarded(operation(_number(other), one.number)))


def _unary(operation: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda one: Guarded(operation(one.number))


def _comparison(operation: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return _on_numbers(lambda one, other: operation(one.number, _number(other)))


def _on_numbers(compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """An operator that leaves arrays to NumPy."""
    return lambda one, other: NotImplemented if isinstance(other, np.ndarray) else compute(one, other)


def _number(value: Any) -> Any:
    return value.number if isinstance(value, Guarded) else value


for _name in ("add", "sub", "mul", "truediv", "pow"):
    setattr(Guarded, f"__{_name}__", _binary(getattr(operator, _name)))
    setattr(Guarded, f"__r{_name}__", _reflected(getattr(operator, _name)))
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Guarded, f"__{_name}__", _comparison(getattr(operator, _name)))
for _name in ("neg", "abs", "pos"):
    setattr(Guarded, f"__{_name}__", _unary(getattr(operator, _name)))


def _bare(array: Any) -> Objects:
    return each(_number, array)


def _guarded(function: Callable[..., Any]) -> Callable[..., Objects]:
    return lambda *arrays: each(Guarded, function(*(_bare(array) for array in arrays)))[()]


def _all_guarded(functions: Mapping[np.ufunc, Callable[..., Objects]]) -> Mapping[np.ufunc, Callable[..., Objects]]:
    return {ufunc: _guarded(function) for ufunc, function in functions.items()}


probe = replace(
    balls,
    name="probe",
    lift=lambda value: Guarded(balls.lift(value)),
    elementwise=_all_guarded(balls.elementwise),
    special={name: _guarded(function) for name, function in balls.special.items()},
    pi=lambda: Guarded(balls.pi()),
    floor=lambda number: balls.floor(number.number),
    multiply_matrices=_guarded(balls.multiply_matrices),
    solve=_guarded(balls.solve),
    is_zero=lambda numbers: balls.is_zero(_bare(numbers)),
    is_nan=lambda numbers: balls.is_nan(_bare(numbers)),
    radius=lambda number: balls.radius(number.number),
    midpoint=lambda number: Guarded(balls.midpoint(number.number)),
    size=lambda number: Guarded(balls.size(number.number)),
    decimal=lambda number, digits: balls.decimal(_number(number), digits),
)


_ENGINE = Path(__file__).parents[1]
_ASKING = _ENGINE.parent / "properties" / "references"
_USERS = (_ENGINE / "layers", _ENGINE / "losses")


@contextmanager
def leaking_lines() -> Iterator[list[str]]:
    """The lines at which numbers of the probe refuse a conversion until the block ends, whoever swallows it."""
    lines: list[str] = []
    token = _refused.set(lines)
    try:
        yield lines
    finally:
        _refused.reset(token)


def _users_line(frames: Sequence[traceback.FrameSummary]) -> str:
    """The innermost line that is neither NumPy's nor the engine's machinery, inside of the run that was asked for."""
    for frame in reversed(frames):
        if Path(frame.filename).parent == _ASKING:
            break
        if _is_users(Path(frame.filename)):
            return f"{frame.filename}:{frame.lineno}: {frame.line}"
    return "in compiled code"


def _is_users(file: Path) -> bool:
    inside = set(file.parents)
    return bool(inside & set(_USERS)) or not (_ENGINE in inside or Path(np.__file__).parent in inside)
