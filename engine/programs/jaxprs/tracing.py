"""jax itself: imported when it is first used, asked for double precision for a while, and for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Any

import numpy as np

from ...errors import NotExtendable, SpecError

Type = tuple[tuple[int, ...], str]  # the shape and the dtype of an array


def jax_itself() -> Any:
    """The module. Raises SpecError where it is not installed."""
    try:
        import jax
    except ImportError as error:
        raise SpecError("jax is not installed, which this subject needs: pip install 'backproof[jax]'") from error
    return jax


def in_double_precision(wanted: bool = True) -> AbstractContextManager[Any]:
    """A block in which float64 is float64 to jax, whatever the configuration says; nothing if it is not wanted."""
    if not wanted:
        return nullcontext()
    jax = jax_itself()
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(True)
    return import_module("jax.experimental").enable_x64()  # where jax had it before 0.8


def traced(function: Callable[..., Any], types: Sequence[Type], called: str) -> Any:
    """The closed jaxpr of a function of arrays of these types, in double precision.

    Raises NotExtendable where jax cannot trace the function without values.
    """
    jax = jax_itself()
    with in_double_precision():
        arrays = [jax.ShapeDtypeStruct(shape, np.dtype(dtype)) for shape, dtype in types]
        try:
            return jax.make_jaxpr(function)(*arrays)
        except SpecError:
            raise
        except Exception as error:  # whatever a person's code raises under tracing
            first = str(error).strip().partition("\n")[0]
            raise NotExtendable(f"jax cannot trace {called}: {type(error).__name__}: {first}") from error


def primitives_of(jaxpr: Any) -> Iterator[str]:
    """The names of all primitives in a jaxpr, those inside of its calls, branches and loops included."""
    for equation in getattr(jaxpr, "jaxpr", jaxpr).eqns:
        yield equation.primitive.name
        for value in equation.params.values():
            for part in value if isinstance(value, tuple | list) else (value,):
                if hasattr(part, "eqns") or hasattr(part, "jaxpr"):
                    yield from primitives_of(part)
