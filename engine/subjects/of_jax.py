"""jax functions as subjects: run by jax on floats, and by an evaluation of its programs in extended precision."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Unpack

import numpy as np

from ..domains import Labels, Mask
from ..errors import NotExtendable
from ..extended import ExtendedArray
from ..linear import Array
from ..options import first_values
from ..programs.jaxprs import (
    in_double_precision,
    jax_itself,
    of_the_moving,
    one_array,
    primitives_of,
    programs_of,
    traced,
)
from ..signatures import fill
from .arguments import Trial
from .declared import Declarations, Described, described
from .pairs import hand_written
from .structure import on_leaves
from .subject import Pullback, Subject

Options = Mapping[str, Any]

_NO_PUSHFORWARD = "jax has no pushforward of a function with a custom_vjp inside"


def jax_function(
    function: Callable[..., Any], signature: str | None = None, **declared: Unpack[Declarations]
) -> Subject:
    """The subject of a jax function: plain, ``jax.custom_vjp``, ``jax.custom_jvp``, jitted or not.

    ``function(*arrays, **options)`` returns one array. Its pullback and pushforward are what ``jax.vjp`` and
    ``jax.jvp`` make of it, in the dtype that comes in (float64 is float64, whatever jax's configuration says). In
    extended precision the programs that jax traces are evaluated, with a custom backward as it is written. Raises
    SpecError where jax is not installed, or where the declarations do not fit the function.
    """
    jax_itself()

    def tried(given: Sequence[Any], options: Options) -> Any:
        return one_array(function(*given, **options), getattr(function, "__name__", "function"))

    with in_double_precision(True):
        about = described(function, signature, None, declared, trial=Trial(tried, jax_itself().numpy.asarray))
    written_in, function = inspect.unwrap(function), on_leaves(function, about.structure)
    moving = [i for i in range(len(about.arguments)) if about.has_cotangent(i)]
    programs = programs_of(function, moving, len(about.arguments), about.name)

    def forward(*primals: Array, **options: Any) -> Array:
        if _any_extended(*primals, *options.values()):
            return programs.forward(primals, options)[0]
        with _in_the_precision_of(primals):
            return np.array(one_array(function(*_arrays(primals), **options), about.name))

    def vjp(*primals: Array, **options: Any) -> tuple[Array, Pullback]:
        def by_programs(ct: Array) -> Sequence[Array | None]:
            return _at(moving, programs.vjp((*primals, ct), options), len(primals))

        if _any_extended(*primals, *options.values()):
            return programs.forward(primals, options)[0], by_programs
        with _in_the_precision_of(primals):
            held, at = still(primals, options)
            output, pull = jax_itself().vjp(held, *at)

        def natively(ct: Array) -> Sequence[Array | None]:
            if isinstance(ct, ExtendedArray):
                return by_programs(ct)
            with _in_the_precision_of(primals):
                cotangents = pull(*_arrays([np.asarray(ct, dtype=output.dtype)]))
                return _at(moving, [np.array(cotangent) for cotangent in cotangents], len(primals))

        return np.array(output), natively

    def jvp(primals: Sequence[Array], tangents: Sequence[Array | None], **options: Any) -> Array:
        given = [(primals[i], tangents[i]) for i in moving]
        along = [np.zeros(np.shape(p)) if t is None else t for p, t in given]
        if _any_extended(*primals, *along, *options.values()):
            return programs.jvp((*primals, *along), options)[0]
        with _in_the_precision_of(primals):
            held, at = still(primals, options)
            typed = [np.asarray(t, dtype=p.dtype) for t, p in zip(along, at, strict=True)]
            return np.array(jax_itself().jvp(held, at, tuple(_arrays(typed)))[1])

    def still(primals: Sequence[Array], options: Options) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return of_the_moving(function, moving, _arrays(primals), options, about.name)

    reason = _why_not_forwards(function, moving, about)
    subject = hand_written(about, forward, vjp, written_in)
    return replace(subject, jvp=None if reason else jvp, untraceable=reason, code=())


def _any_extended(*values: Any) -> bool:
    return any(isinstance(value, ExtendedArray) for value in values)


def _arrays(arrays: Sequence[Array]) -> list[Any]:
    """Copies as jax's arrays: what it keeps for later must not change with the caller's."""
    return [jax_itself().numpy.array(np.ascontiguousarray(array).reshape(np.shape(array))) for array in arrays]


def _in_the_precision_of(primals: Sequence[Array]) -> AbstractContextManager[Any]:
    return in_double_precision(any(np.asarray(primal).dtype == np.float64 for primal in primals))


def _at(places: Sequence[int], cotangents: Sequence[Array], count: int) -> Sequence[Array | None]:
    """Cotangents at the places of their arguments, None at all others."""
    found = dict(zip(places, cotangents, strict=True))
    return tuple(found.get(i) for i in range(count))


def _why_not_forwards(function: Callable[..., Any], moving: Sequence[int], about: Described) -> str:
    """Why there is no pushforward, "" where there is one: some tangent waits for a cotangent."""

    def pushed(*arrays: Any) -> Any:
        held, at = of_the_moving(function, moving, arrays, first_values(about.options), about.name)
        return jax_itself().jvp(held, at, at)[1]

    for size in (2, 3, 4):
        sizes = dict.fromkeys(about.signature.names, size)
        types = [
            (fill(dimensions, sizes), _dtype_in(domain))
            for dimensions, domain in zip(about.signature.inputs, about.domains, strict=True)
        ]
        try:
            program = traced(pushed, types, about.name)
        except NotExtendable:
            continue  # not every function takes arrays of this size
        return _NO_PUSHFORWARD if "custom_lin" in primitives_of(program) else ""
    return ""


def _dtype_in(domain: Any) -> str:
    return "int64" if isinstance(domain, Labels) else "bool" if isinstance(domain, Mask) else "float64"
