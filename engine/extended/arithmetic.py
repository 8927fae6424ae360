"""What an extended-precision arithmetic must offer, and which one is in force.

Two independent arithmetics stand behind this interface: balls (`backproof.engine.extended.balls`), which
do the work, and mpmath (`backproof.engine.extended.arbiter`), which confirms what they find.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import BackproofError

Number = Any  # one extended-precision number
Objects = np.ndarray[Any, Any]  # a plain NumPy array of such numbers, dtype object


@dataclass(frozen=True)
class Arithmetic:
    """An extended-precision arithmetic on plain object arrays.

    Elementwise functions follow IEEE 754 at division by zero, log 0 and outside a domain (infinity or nan,
    no exception).
    """

    name: str
    lift: Callable[[Any], Number]  # exact, from a float, an integer or a boolean
    elementwise: Mapping[np.ufunc, Callable[..., Objects]]
    special: Mapping[str, Callable[..., Objects]]  # scipy.special's ufuncs by their own names: SciPy is not imported
    pi: Callable[[], Number]
    floor: Callable[[Number], int]  # of a finite number's midpoint
    multiply_matrices: Callable[[Objects, Objects], Objects]  # two 2-d arrays
    solve: Callable[[Objects, Objects], Objects]  # a 2-d matrix and 2-d right-hand sides
    is_zero: Callable[[Objects], np.ndarray[Any, Any]]  # exactly zero
    is_nan: Callable[[Objects], np.ndarray[Any, Any]]
    radius: Callable[[Number], Number]  # a bound of the rounding error so far, or 0 where none is kept
    midpoint: Callable[[Number], Number]
    size: Callable[[Number], Number]  # the absolute value of the midpoint
    decimal: Callable[[Number, int], str]  # to that many significant digits
    working: Callable[[int], AbstractContextManager[None]]  # sets the precision in bits
    rounded: Callable[[Objects], Objects] | None = None  # what becomes of each operation's result, where not nothing


# Both libraries keep their precision in one place for the whole process.
_precision_lock = threading.RLock()
_active: ContextVar[Arithmetic | None] = ContextVar("backproof_arithmetic", default=None)


@contextmanager
def computing(arithmetic: Arithmetic, bits: int) -> Iterator[Arithmetic]:
    """Compute with extended arrays in this arithmetic at this precision (bits) until the block ends."""
    with _precision_lock, arithmetic.working(bits):
        token = _active.set(arithmetic)
        try:
            yield arithmetic
        finally:
            _active.reset(token)


def active() -> Arithmetic:
    """The arithmetic in force. Raises BackproofError outside a `computing` block."""
    arithmetic = _active.get()
    if arithmetic is None:
        raise BackproofError(
            "an extended array was used outside `with computing(arithmetic, bits):`, where its precision is defined. "
            "Convert results with to_float or decimals before the block ends."
        )
    return arithmetic
