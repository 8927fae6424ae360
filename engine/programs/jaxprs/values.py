"""What kinds of values a jaxpr has, by their dtypes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...errors import NotExtendable
from ...extended import stripped, wrap
from ...extended.ufuncs import call

# The operations by which arrays are reduced, by the names of jax's primitives.
COMBINING: Mapping[str, np.ufunc] = {
    "add": np.add,
    "mul": np.multiply,
    "max": np.maximum,
    "min": np.minimum,
    "and": np.bitwise_and,
    "or": np.bitwise_or,
    "xor": np.bitwise_xor,
}


def combining(jaxpr: Any, called: str) -> np.ufunc:
    """The operation that a reduction's own program stands for. Raises NotExtendable where it is no single one."""
    names = [equation.primitive.name for equation in jaxpr.eqns]
    if len(names) != 1 or names[0] not in COMBINING:
        raise NotExtendable(f"jax's {called!r} by a program of {names} is not evaluated in extended precision.")
    return COMBINING[names[0]]


def is_floating(dtype: Any) -> bool:
    """Whether a dtype is one of real floating-point numbers; bfloat16 and float8, which NumPy does not know, are."""
    return isinstance(dtype, np.dtype) and (dtype.kind == "f" or dtype.name.startswith(("bfloat", "float8")))


def is_whole(dtype: Any) -> bool:
    """Whether a dtype is one of integers or booleans."""
    return isinstance(dtype, np.dtype) and dtype.kind in "biu"


def chosen(ufunc: np.ufunc, *operands: Any) -> Any:
    """A ufunc that picks one of its operands: no rounding happens, not even in an arithmetic that makes errors.

    The vjp of a maximum asks which element equals it.
    """
    return wrap(call(ufunc, tuple(map(stripped_or_extended, operands))))


def stripped_or_extended(value: Any) -> Any:
    """Integers and booleans as plain arrays, numbers as they are."""
    return stripped(value) if is_whole(value.dtype) else value
