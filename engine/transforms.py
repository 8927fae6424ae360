"""Derivatives of whole functions: `linearize`, `vjp`, `jvp`, `grad`, `jacobian`, `hvp`, `hessian`, `derivative`.

Functions take arrays as positional arguments and return one array. Floating-point arguments are
differentiated; integer and boolean ones are constants, and their cotangent is None. No Jacobian is formed
except by `jacobian`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .errors import SpecError
from .linear import Array, LinearMap, identity
from .tape import Node, Tape, Tracer, recording, written

Function = Callable[..., Array]


@dataclass(frozen=True)
class Linearization:
    """The derivative of a function at a point: ``apply`` is the pushforward, ``apply_transpose`` the pullback."""

    tape: Tape
    output: Array
    root: int | None  # where the output stands on the tape; None if it does not depend on the inputs
    inputs: tuple[int | None, ...]  # where each primal stands on the tape; None for constants
    primals: tuple[Array, ...]

    def apply(self, *tangents: Array | None) -> Array:
        """Push one tangent a primal forward (None is zero)."""
        if self.root is None:
            return np.zeros_like(self.output)
        flow: list[Array | None] = [None] * (self.root + 1)
        for index, tangent in zip(self.inputs, tangents, strict=True):
            if index is not None and index <= self.root:
                flow[index] = tangent
        for index, node in enumerate(self.tape.nodes[: self.root + 1]):
            if node is not None:
                flow[index] = _pushed(node, flow)
        result = flow[self.root]
        return np.zeros_like(self.output) if result is None else result

    def apply_transpose(self, ct: Array) -> tuple[Array | None, ...]:
        """Pull a cotangent of the output back to one a primal (None for constants)."""
        nodes = self.tape.nodes
        flow: list[Array | None] = [None] * len(nodes)
        if self.root is not None:
            flow[self.root] = ct
            sums: set[int] = set()
            for index in range(self.root, -1, -1):
                node, arriving = nodes[index], flow[index]
                if node is not None and arriving is not None:
                    _pull(node, arriving, flow, sums)
        return tuple(
            None if index is None else np.zeros_like(primal) if flow[index] is None else flow[index]
            for index, primal in zip(self.inputs, self.primals, strict=True)
        )

    def maps(self) -> tuple[LinearMap | None, ...]:
        """The derivative with respect to each primal, composed into one linear map; None for constants."""
        flow: list[LinearMap | None] = [None] * len(self.tape.nodes)
        if self.root is not None:
            flow[self.root] = identity
            for index in range(self.root, -1, -1):
                node, after = self.tape.nodes[index], flow[index]
                if node is not None and after is not None:
                    for parent, linear in zip(node.parents, node.maps(), strict=False):
                        if parent >= 0 and linear is not None:
                            path = linear if after is identity else after if linear is identity else after @ linear
                            before = flow[parent]
                            flow[parent] = path if before is None else before + path
        return tuple(None if index is None else flow[index] for index in self.inputs)


def _pushed(node: Node, flow: Sequence[Array | None]) -> Array | None:
    total: Array | None = None
    if all(parent < 0 or flow[parent] is None for parent in node.parents):
        return None
    for parent, linear in zip(node.parents, node.maps(), strict=False):
        if parent >= 0 and linear is not None and flow[parent] is not None:
            pushed = linear.apply(flow[parent])
            total = pushed if total is None else total + pushed
    return total


def _pull(node: Node, ct: Array, flow: list[Array | None], sums: set[int]) -> None:
    """Pull a node's cotangent back and add what comes to that of its parents; ``sums`` are those added up so far."""
    for parent, cotangent in _pulled(node, ct):
        if parent < 0 or cotangent is None:
            continue
        total = flow[parent]
        if total is None:
            flow[parent] = cotangent
        elif parent in sums and _alike(total, cotangent):
            total += cotangent  # a sum made here is nobody else's, and large arrays are slow to make
            flow[parent] = total
        else:
            flow[parent] = total + cotangent
            sums.add(parent)


def _pulled(node: Node, ct: Array) -> Iterable[tuple[int, Array | None]]:
    if node.joint_pull is not None:
        cotangents = node.joint_pull(ct)
        if len(cotangents) != len(node.parents):
            raise SpecError(
                f"a function given to .pullback returned {len(cotangents)} cotangents for {len(node.parents)} "
                "arguments. Return one for each of them, and None for what has no derivative."
            )
        return zip(node.parents, cotangents, strict=True)
    return (
        (parent, linear.apply_transpose(ct))
        for parent, linear in zip(node.parents, node.maps(), strict=False)
        if parent >= 0 and linear is not None
    )


def _alike(one: Array, other: Array) -> bool:
    return type(one) is type(other) and one.shape == other.shape and one.dtype == other.dtype


def linearize(function: Function, *primals: Array) -> tuple[Array, Linearization]:
    """Run the function once; return its output and its derivative at that point."""
    tape, result, places = _recorded(function, primals)
    if isinstance(result, tuple | list | dict):
        raise SpecError(
            f"the function returned a {type(result).__name__}, but should return one array. Differentiate one output "
            "at a time: lambda *arrays: function(*arrays)[0]."
        )
    return _linearization(tape, result, places, primals)


Places = tuple[int | None, ...]


def _recorded(function: Callable[..., Any], primals: Sequence[Array]) -> tuple[Tape, Any, Places]:
    """Run a function on tracers: the tape, what it returned, and where each primal stands on the tape."""
    with recording() as tape:
        inputs = [written(tape, as_array(primal), None) if is_floating(primal) else primal for primal in primals]
        result = function(*inputs)
    return tape, result, tuple([x.index if _is_on(x, tape) else None for x in inputs])


def _linearization(tape: Tape, result: Any, places: Places, primals: Sequence[Array]) -> tuple[Array, Linearization]:
    """One result of a recorded function, and its derivative."""
    root, output = (result.index, result.value) if _is_on(result, tape) else (None, result)
    return output, Linearization(tape, output, root, places, tuple(primals))


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
    tape, gradients, places = _recorded(lambda *at: grads(function, *at), primals)
    return tuple(
        _linearization(tape, gradient, places, primals)[1].apply(*tangents) if is_floating(primal) else None
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


def _is_on(value: Any, tape: Tape) -> bool:
    return type(value) is Tracer and value.tape is tape


def as_array(value: Any) -> Array:
    """The value itself if it is an array of any kind, else a NumPy array of it."""
    return value if hasattr(value, "dtype") else np.asarray(value)


def is_floating(value: Any) -> bool:
    """Whether a value has a derivative: floats and complex numbers have, integers and booleans do not."""
    kind: str = as_array(value).dtype.kind
    return kind in "fc"
