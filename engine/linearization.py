"""The derivative of a function that the tape has recorded: pushed forward, pulled back, or as one linear map.

Functions take arrays as positional arguments and return one array. Floating-point arguments are differentiated;
integer and boolean ones are constants, and their cotangent is None.
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
    tape, result, places = recorded(function, primals)
    if isinstance(result, tuple | list | dict):
        raise SpecError(
            f"the function returned a {type(result).__name__}, but should return one array. Differentiate one output "
            "at a time: lambda *arrays: function(*arrays)[0]."
        )
    return linearization_of(tape, result, places, primals)


Places = tuple[int | None, ...]


def recorded(function: Callable[..., Any], primals: Sequence[Array]) -> tuple[Tape, Any, Places]:
    """Run a function on tracers: the tape, what it returned, and where each primal stands on the tape."""
    with recording() as tape:
        inputs = [written(tape, as_array(primal), None) if is_floating(primal) else primal for primal in primals]
        result = function(*inputs)
    return tape, result, tuple([x.index if _is_on(x, tape) else None for x in inputs])


def linearization_of(tape: Tape, result: Any, places: Places, primals: Sequence[Array]) -> tuple[Array, Linearization]:
    """One result of a recorded function, and its derivative."""
    root, output = (result.index, result.value) if _is_on(result, tape) else (None, result)
    return output, Linearization(tape, output, root, places, tuple(primals))


def _is_on(value: Any, tape: Tape) -> bool:
    return type(value) is Tracer and value.tape is tape


def as_array(value: Any) -> Array:
    """The value itself if it is an array of any kind, else a NumPy array of it."""
    return value if hasattr(value, "dtype") else np.asarray(value)


def is_floating(value: Any) -> bool:
    """Whether a value has a derivative: floats and complex numbers have, integers and booleans do not."""
    kind: str = as_array(value).dtype.kind
    return kind in "fc"
