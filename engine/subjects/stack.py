"""Stacks: layers one after the other, a loss at the end, perhaps a penalty added to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..domains import Domain, Labels, real
from ..errors import SpecError
from ..linear import Array
from ..signatures import Shape, Signature, fill
from ..transforms import jvp, vjp
from .layer import Layer, layer_subject
from .subject import Options, Pullback, Stage, Subject


@dataclass(frozen=True)
class Part:
    """One layer of a stack: which of the stack's arguments it takes behind the value that runs through.

    A penalty does not take the running value; what it returns is added to it.
    """

    layer: Layer
    takes: tuple[int, ...]
    options: Options
    is_penalty: bool = False


@dataclass(frozen=True)
class Stack:
    """The parts of a stack, with the shapes and domains of the arguments they share."""

    parts: tuple[Part, ...]
    arguments: tuple[str, ...]
    shapes: tuple[Shape, ...]
    domains: tuple[Domain, ...]
    output: Shape

    @property
    def name(self) -> str:
        """The layers' names, in order."""
        return "-".join(part.layer.name for part in self.parts)

    def forward(self, *arrays: Array) -> Array:
        """The value that comes out when the first argument runs through all parts."""
        running = arrays[0]
        for part in self.parts:
            own = [arrays[position] for position in part.takes]
            if part.is_penalty:
                running = running + part.layer(*own, **part.options)
            else:
                running = part.layer(running, *own, **part.options)
        return running


def append(stack: Stack, layer: Layer, width: int, options: Options) -> Stack | None:
    """The stack with one more layer; None where the layer does not take what the stack puts out.

    Dimensions of the layer that its first argument leaves open get the size ``width``.
    """
    signature = layer.signature
    if signature.output is None or signature.broadcasts:
        return None
    try:
        sizes, leading = Signature(signature.text, signature.inputs[:1], None).bind([stack.output])
    except SpecError:
        return None
    sizes = {name: sizes.get(name, width) for name in signature.names}
    shapes = tuple(fill(dimensions, sizes, leading) for dimensions in signature.inputs[1:])
    number = len(stack.parts) + 1
    first = len(stack.arguments)
    return Stack(
        parts=(*stack.parts, Part(layer, tuple(range(first, first + len(shapes))), options)),
        arguments=(*stack.arguments, *(f"{layer.name}{number}.{name}" for name in layer.arguments[1:])),
        shapes=stack.shapes + shapes,
        domains=stack.domains + tuple(_resolved(domain, sizes) for domain in layer.domains[1:]),
        output=fill(signature.output, sizes, leading),
    )


def _resolved(domain: Domain, sizes: dict[str, int]) -> Domain:
    return Labels(sizes[str(domain.dimension)]) if isinstance(domain, Labels) else domain


def penalized(stack: Stack, penalty: Layer, argument: int, options: Options) -> Stack:
    """The stack with a penalty on one of its arguments added to its (scalar) output."""
    part = Part(penalty, (argument,), options, is_penalty=True)
    return Stack((*stack.parts, part), stack.arguments, stack.shapes, stack.domains, stack.output)


def empty_stack(shape: Shape) -> Stack:
    """A stack of no layers, whose output is its only argument ``x``."""
    return Stack((), ("x",), (shape,), (real,), shape)


def stack_subject(stack: Stack) -> Subject:
    """The subject that a stack is; its shapes are fixed numbers."""

    def vjp_of_stack(*primals: Array) -> tuple[Array, Pullback]:
        return vjp(stack.forward, *primals)

    def jvp_of_stack(primals: Sequence[Array], tangents: Sequence[Array | None]) -> Any:
        return jvp(stack.forward, primals, tangents)[1]

    text = ",".join(f"({','.join(map(str, shape))})" for shape in stack.shapes)
    return Subject(
        name=f"stacks.{stack.name}",
        signature=Signature(f"{text}->({','.join(map(str, stack.output))})", stack.shapes, stack.output),
        arguments=stack.arguments,
        domains=stack.domains,
        options={},
        forward=stack.forward,
        vjp=vjp_of_stack,
        jvp=jvp_of_stack,
        code=tuple(function for p in stack.parts for function in (p.layer.function, p.layer.fused) if function),
        stages=tuple(Stage(layer_subject(p.layer), p.takes, p.options, p.is_penalty) for p in stack.parts),
    )
