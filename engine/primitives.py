"""Operations that NumPy has no function for, which traced arrays record as they record NumPy's own."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from .signatures import Shape


def primitive(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let arrays that record what is done to them (those with a ``record`` method) record ``function``."""

    @functools.wraps(function)
    def dispatching(array: Any, *arguments: Any, **keywords: Any) -> Any:
        if hasattr(array, "record"):
            return array.record(dispatching, (array, *arguments), keywords)
        return function(array, *arguments, **keywords)

    return dispatching


@primitive
def getitem(array: Any, index: Any) -> Any:
    """``array[index]``"""
    return array[index]


@primitive
def scatter_add(array: Any, index: Any, shape: Shape) -> Any:
    """Zeros of the given shape, with ``array`` added at ``index``; repeated indices accumulate."""
    total = np.zeros_like(array, shape=shape)
    np.add.at(total, index, array)
    return total
