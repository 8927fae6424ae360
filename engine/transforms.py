"""Derivatives of whole functions: `vjp`, `jvp`, `grad`, `jacobian`, `hvp`, `hessian`, `derivative`.

Functions take arrays as positional arguments and return one array. Floating-point arguments are
differentiated; integer and boolean ones are constants, and their cotangent is None. No Jacobian is formed
except by `jacobian`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .errors import SpecError
from .linear import Array, LinearMap
from .linearization import Function, is_floating, linearization_of, linearize, recorded


def vjp(function: Function, *primals: Array) -> tuple[Array, Callable[[Array], tuple[Array | None, ...]]]:
    """The output, and the pullback: a cotangent of the output to a tuple of cotangents, one a primal."""
    output, linearization = linearize(function, *primals)
    return output, linearization.apply_transpose


def jvp(function: Function, primals: Sequence[Array], tangents: Sequence[Array | None]) -> tuple[Array, Array]:
    """The output, and its tangent for the given tangents of the primals (None is zero)."""
    output, linearization = linearize(function, *primals)
    return output, linearization.apply(*tangents)


def grad(function: Function, argument: int = 0) -> Callable[..., Array]:
    """The function that returns the gradient of a scalar function with respect to one argument."""

    def gradient(*primals: Array) -> Array:
        return grads(function, *primals)[argument]

    return gradient


def grads(function: Function, *primals: Array) -> tuple[Array | None, ...]:
    """The gradients of a scalar function with respect to all its arguments, from one pullback.

    Raises SpecError if the output is not a scalar.
    """
    output, linearization = linearize(function, *primals)
    if np.shape(output) != ():
        raise SpecError(
            f"the function's output has shape {np.shape(output)}, but only a scalar has a gradient. "
            "Use vjp with a cotangent, or jacobian."
        )
    one = np.float64(1.0) if type(output) is np.float64 else np.ones_like(output)  # which takes ten times as long
    return linearization.apply_transpose(one)


def jacobian(function: Function, *primals: Array, argument: int = 0, mode: str = "reverse") -> Array:
    """The matrix of partial derivatives, shape (*output, *argument): by pullbacks or by pushforwards.

    ``mode="reverse"`` costs one pullback an output, ``mode="forward"`` one pushforward an input.
    """
    output, linearization = linearize(function, *primals)
    primal = primals[argument]
    if mode == "reverse":
        rows = [linearization.apply_transpose(basis)[argument] for basis in _basis(output)]
        return np.reshape(np.array(rows), (*np.shape(output), *np.shape(primal)))
    if mode == "forward":
        tangents: list[Array | None] = [None] * len(primals)
        columns = []
        for basis in _basis(primal):
            tangents[argument] = basis
            columns.append(linearization.apply(*tangents))
        stacked = np.reshape(np.array(columns), (np.size(primal), np.size(output)))
        return np.reshape(stacked.T, (*np.shape(output), *np.shape(primal)))
    raise SpecError(f"mode={mode!r} is not a mode; write 'reverse' or 'forward'.")


HVP_MODES = ("forward over reverse", "reverse over forward")


def hvp(
    function: Function,
    primals: Sequence[Array],
    tangents: Sequence[Array | None],
    mode: str = "forward over reverse",
) -> tuple[Array | None, ...]:
    """The Hessian of a scalar function times a tangent, one array a primal, at the cost of a few gradients.

    H v is the derivative of the gradient along v, so the pushforward of the gradient (forward over reverse), and it is
    the gradient of ``<gradient, v>``, so that of the pushforward along v (reverse over forward). Raises SpecError for
    any other mode.
    """
    _must_be_a_way_to_a_hessian(mode)
    if mode == "reverse over forward":
        return grads(lambda *at: jvp(function, at, tangents)[1], *primals)
    tape, gradients, places = recorded(lambda *at: grads(function, *at), primals)
    return tuple(
        linearization_of(tape, gradient, places, primals)[1].apply(*tangents) if is_floating(primal) else None
        for gradient, primal in zip(gradients, primals, strict=True)
    )


def _must_be_a_way_to_a_hessian(mode: str) -> None:
    if mode not in HVP_MODES:
        raise SpecError(f"mode={mode!r} is not a way to a Hessian; write {' or '.join(map(repr, HVP_MODES))}.")


def hessian(function: Function, *primals: Array, argument: int = 0, mode: str = "forward over reverse") -> Array:
    """The matrix of second derivatives with respect to one argument, shape (*argument, *argument).

    Costs one Hessian-vector product an entry of the argument. Raises SpecError if the function is not scalar.
    """
    _must_be_a_way_to_a_hessian(mode)
    if mode == "forward over reverse":  # the gradient is traced once, however many entries there are
        return jacobian(grad(function, argument), *primals, argument=argument, mode="forward")
    primal = primals[argument]
    tangents: list[Array | None] = [None] * len(primals)
    columns = []
    for basis in _basis(primal):
        tangents[argument] = basis
        columns.append(hvp(function, primals, tangents, mode)[argument])
    return np.reshape(np.array(columns), (*np.shape(primal), *np.shape(primal)))


def derivative(function: Function, *primals: Array) -> tuple[LinearMap | None, ...]:
    """The derivative with respect to each argument as one composed `LinearMap`, whose notation can be read."""
    return linearize(function, *primals)[1].maps()


def _basis(like: Array) -> list[Array]:
    identity_matrix = np.eye(np.size(like))
    return [np.reshape(row, np.shape(like)) for row in identity_matrix]
