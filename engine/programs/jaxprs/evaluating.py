"""Evaluating a jaxpr with NumPy: its floats are extended numbers, its integers and booleans plain arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ...errors import NotExtendable
from ...extended import ExtendedArray, extended, stores_numbers, stripped, wrap
from . import control, elementwise, indexing, linalg, products, reductions, shapes, windows
from .values import is_floating, is_whole

# What only moves numbers about works on the arrays behind extended ones: nothing is rounded there.
MOVING: Mapping[str, Any] = {**shapes.SHAPES, **indexing.INDEXING}
COMPUTING: Mapping[str, Any] = {
    **elementwise.ELEMENTWISE,
    **reductions.REDUCTIONS,
    **products.PRODUCTS,
    **windows.WINDOWS,
    **linalg.FACTORIZATIONS,
}
CONTROL: Mapping[str, Any] = control.CONTROL
# What they are called elsewhere in jax, or in older versions of it.
OTHER_NAMES: Mapping[str, str] = {
    "closed_call": "jit",
    "core_call": "jit",
    "pjit": "jit",
    "checkpoint": "remat2",
    "custom_vjp_call_jaxpr": "custom_vjp_call",
    "copy_p": "copy",
}


def evaluate(program: Any, inputs: Sequence[Any]) -> list[Any]:
    """The outputs of a closed jaxpr, for arrays of any kind: extended arrays, or plain ones of integers and booleans.

    Numbers are lifted exactly. Raises NotExtendable where a primitive is not among those above.
    """
    jaxpr = program.jaxpr
    values: dict[Any, Any] = {}
    _write(values, jaxpr.constvars, program.consts)
    _write(values, jaxpr.invars, inputs)
    for equation in _needed(jaxpr):
        _write(values, equation.outvars, _results(equation, [_read(values, atom) for atom in equation.invars]))
    return [_read(values, atom) for atom in jaxpr.outvars]


def _results(equation: Any, inputs: Sequence[Any]) -> Iterable[Any]:
    name, params = equation.primitive.name, equation.params
    name = OTHER_NAMES.get(name, name)
    if name in MOVING:
        found = MOVING[name](*map(stripped, inputs), **params)
    elif name in COMPUTING:
        found = COMPUTING[name](*inputs, **params)
    elif name in CONTROL:
        found = CONTROL[name](evaluate, *inputs, **params)
    else:
        raise NotExtendable(f"jax's primitive {name!r} is not among those that are evaluated in extended precision.")
    return found if equation.primitive.multiple_results else (found,)


def _needed(jaxpr: Any) -> list[Any]:
    """The equations that lead to an output: a vjp computes more than its cotangents need."""
    wanted = {atom for atom in jaxpr.outvars if not _is_literal(atom)}
    kept = []
    for equation in reversed(jaxpr.eqns):
        if wanted.intersection(equation.outvars):
            kept.append(equation)
            wanted.update(atom for atom in equation.invars if not _is_literal(atom))
    return kept[::-1]


def _is_literal(atom: Any) -> bool:
    return hasattr(atom, "val")


def _read(values: Mapping[Any, Any], atom: Any) -> Any:
    return settled(atom.val, atom.aval) if _is_literal(atom) else values[atom]


def _write(values: dict[Any, Any], variables: Sequence[Any], found: Iterable[Any]) -> None:
    for variable, value in zip(variables, found, strict=True):
        values[variable] = settled(value, variable.aval)


def settled(value: Any, aval: Any) -> Any:
    """A value as its type says it is: extended where it is of floats, a plain array where of integers or booleans."""
    dtype = getattr(aval, "dtype", None)
    if is_floating(dtype):
        if isinstance(value, ExtendedArray) and stores_numbers(stripped(value)):
            return value
        plain = np.asarray(value)
        if stores_numbers(plain):
            return wrap(plain)
        return extended(plain if plain.dtype.kind in "fiub" else plain.astype(np.float64))
    if is_whole(dtype):
        return np.asarray(stripped(value), dtype=dtype)
    raise NotExtendable(f"jax's program has values of type {aval}: only real numbers are evaluated.")
