"""Arrays that are made: plain ones, which the run lifts where torch's dtype says that they hold real numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ...extended import extended
from .operands import is_extended, shape_of


def _zeros(size: Sequence[int], *_: Any) -> Any:
    return np.zeros(tuple(size))


def _new_zeros(_: Any, size: Sequence[int], *__: Any) -> Any:
    return np.zeros(tuple(size))


def _new_ones(_: Any, size: Sequence[int]) -> Any:
    return np.ones(tuple(size))


def _new_full(_: Any, size: Sequence[int], value: Any) -> Any:
    return np.full(tuple(size), value)


def _filled(x: Any, value: Any) -> Any:
    return np.copy(np.broadcast_to(value, shape_of(x)))


def _arange(first: Any, end: Any = None, step: Any = 1) -> Any:
    start, end = (0, first) if end is None else (first, end)
    steps = np.arange(max(int(np.ceil((end - start) / step)), 0))
    if all(isinstance(part, int) for part in (start, step)):
        return start + steps * step
    return extended(start) + extended(steps) * step


def _linspace(start: Any, end: Any, steps: int) -> Any:
    first, last = extended(start), extended(end)
    return (
        np.reshape(first, (1,)) if steps == 1 else first + extended(np.arange(steps)) * ((last - first) / (steps - 1))
    )


def _copied(source: Any, *_: Any) -> Any:
    return np.copy(source) if not is_extended(source) else source.copy()


CREATION: Mapping[str, Callable[..., Any]] = {
    "zeros": _zeros,
    "empty": _zeros,
    "empty_strided": _zeros,
    "ones": lambda size: np.ones(tuple(size)),
    "full": lambda size, value: np.full(tuple(size), value),
    "zeros_like": lambda x: np.zeros(shape_of(x)),
    "empty_like": lambda x: np.zeros(shape_of(x)),
    "ones_like": lambda x: np.ones(shape_of(x)),
    "full_like": lambda x, value: np.full(shape_of(x), value),
    "new_zeros": _new_zeros,
    "new_empty": _new_zeros,
    "new_empty_strided": _new_zeros,
    "new_ones": _new_ones,
    "new_full": _new_full,
    "scalar_tensor": lambda value: np.asarray(value),
    "eye": lambda n, m=None: np.eye(n, m),
    "arange": _arange,
    "linspace": _linspace,
    "fill": _filled,
    "zero": lambda x: np.zeros(shape_of(x)),
    "copy": lambda x, source, *_: _filled(x, source),
    "clone": _copied,
    "lift_fresh_copy": _copied,
    "_to_copy": _copied,
}
