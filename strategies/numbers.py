"""Numbers that the code under test speaks of: thresholds and windows lie at them, and points should too."""

from __future__ import annotations

from collections.abc import Iterator
from types import CodeType
from typing import Any

from backproof.engine.subjects import Subject

MOST_NUMBERS = 12
EVERYWHERE = frozenset([0.0, 1.0, 2.0, 3.0, 4.0, 0.5])  # in the table of values as it is
LARGEST = 1e6


def numbers_of(subject: Subject) -> tuple[float, ...]:
    """Literals in a subject's code, and the scalars that it reaches by name; positive, the first ones met."""
    found: dict[float, None] = {}
    for function in subject.code:
        for number in _numbers(function):
            size = abs(float(number))
            if 0 < size <= LARGEST and size not in EVERYWHERE:
                found[size] = None
    return tuple(found)[:MOST_NUMBERS]


def _numbers(function: Any) -> Iterator[float]:
    function = getattr(function, "__func__", function)
    code = getattr(function, "__code__", None)
    if code is None:
        return
    yield from _literals(code)
    yield from filter(_is_number, getattr(function, "__defaults__", None) or ())
    yield from filter(_is_number, (getattr(function, "__kwdefaults__", None) or {}).values())
    for name in code.co_names:
        value = function.__globals__.get(name)
        if _is_number(value):
            yield value
    for cell in function.__closure__ or ():
        yield from _held(cell)


def _held(cell: Any) -> Iterator[float]:
    try:
        value = cell.cell_contents
    except ValueError:  # not filled yet
        return
    if _is_number(value):
        yield value


def _literals(code: CodeType) -> Iterator[float]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _literals(constant)
        elif isinstance(constant, tuple):
            yield from filter(_is_number, constant)
        elif _is_number(constant):
            yield constant


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
