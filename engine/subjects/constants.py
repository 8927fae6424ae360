"""Constants that float64 has rounded: why a right formula may agree to 16 digits, and no further."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

_EXACT_BITS = 20  # multiples of 2^-20 mean what they say, such as 0.5 and 0.125
_IRRATIONAL = frozenset(["pi", "e", "euler_gamma", "tau"])


def rounded_constants(*functions: Callable[..., Any] | None) -> bool:
    """Whether functions use floats that stand for something else: ``0.044715``, ``1 / 3``, ``np.pi``.

    Looks at the literals of the code, the names of mathematical constants, and floats among the globals and
    closures that it reads.
    """
    return any(_is_rounded(value) for function in functions for value in _constants(function))


def _is_rounded(value: Any) -> bool:
    return isinstance(value, float) and value - value == 0 and (value * 2**_EXACT_BITS) % 1 != 0


def _constants(function: Callable[..., Any] | None) -> Iterator[Any]:
    if isinstance(function, FunctionType):
        yield from (cell.cell_contents for cell in function.__closure__ or ())
        for code in _codes(function.__code__):
            yield from code.co_consts
            if _IRRATIONAL & set(code.co_names) and any(_is_module(function, name) for name in code.co_names):
                yield 0.1  # read off a module: as rounded as any literal
            yield from (function.__globals__.get(name) for name in code.co_names)


def _is_module(function: FunctionType, name: str) -> bool:
    return isinstance(function.__globals__.get(name), ModuleType)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
