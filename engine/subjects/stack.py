"""Stacks: layers one after the other, some of them in branches, a loss at the end, perhaps a penalty added to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..domains import Domain, Labels, real
from ..errors import SpecError
from ..linear import Array
from ..signatures import Shape, Signature, fill
from ..transforms import jvp, vjp
from .layer import Layer
from .member import Member, identifier, member
from .subject import Options, Pullback, Stage, Subject


@dataclass(frozen=True)
class Part:
    """One layer of a stack: which of the stack's arguments it takes behind the value that runs through.

    A penalty does not take the running value; what it returns is added to it. In front of the part so many
    branches begin as ``opens`` says, and behind it ``closes`` of them end: there, what came into the branch is
    added to what comes out of it.
    """

    layer: Layer
    takes: tuple[int, ...]
    options: Options
    is_penalty: bool = False
    opens: int = 0
    closes: int = 0


@dataclass(frozen=True)
class Stack:
    """The parts of a stack, with the shapes and domains of the arguments they share."""

    parts: tuple[Part, ...]
    arguments: tuple[str, ...]
    shapes: tuple[Shape, ...]
    domains: tuple[Domain, ...]
    output: Shape
    subjects: tuple[Subject, ...] = ()  # what each part is when it is judged alone

    @property
    def name(self) -> str:
        """The layers' names in order, with brackets around branches: ``affine-[relu-affine]+-mean_squared_error``."""
        return "-".join("[" * part.opens + part.layer.name + "]+" * part.closes for part in self.parts)

    @property
    def constants(self) -> frozenset[int]:
        """The positions of arguments that are real numbers and yet have no cotangent."""
        found: set[int] = set()
        for part, subject in zip(self.parts, self.subjects, strict=True):
            behind = len(subject.arguments) - len(part.takes)
            found.update(place for number, place in enumerate(part.takes, start=behind) if number in subject.constants)
        return frozenset(found)

    def forward(self, *arrays: Array) -> Array:
        """The value that comes out when the first argument runs through all parts."""
        running = arrays[0]
        skipping: list[Array] = []
        for part in self.parts:
            skipping += [running] * part.opens
            own = [arrays[position] for position in part.takes]
            if part.is_penalty:
                running = running + part.layer(*own, **part.options)
            else:
                running = part.layer(running, *own, **part.options)
            for _ in range(part.closes):
                running = running + skipping.pop()
        return running


def append(stack: Stack, layer: Layer | Subject | Member, width: int, options: Options) -> Stack | None:
    """The stack with one more layer; None where the layer does not take what the stack puts out.

    Dimensions of the layer that its first argument leaves open get the size ``width``.
    """
    added = member(layer)
    fitted = _fitted(added.layer.signature, stack.output, width)
    if fitted is None:
        return None
    shapes, output, sizes = fitted
    first, arguments = len(stack.arguments), added.layer.arguments[1:]
    named = f"{identifier(added.layer.name)}{len(stack.parts) + 1}"
    return Stack(
        parts=(*stack.parts, Part(added.layer, tuple(range(first, first + len(shapes))), options)),
        arguments=(*stack.arguments, *(f"{named}.{name}" for name in arguments)),
        shapes=stack.shapes + shapes,
        domains=stack.domains + tuple(_resolved(domain, sizes) for domain in added.layer.domains[1:]),
        output=output,
        subjects=(*stack.subjects, added.subject),
    )


def _fitted(signature: Signature, running: Shape, width: int) -> tuple[tuple[Shape, ...], Shape, dict[str, int]] | None:
    """The shapes of a layer's further arguments, of its output, and all sizes; None where it does not fit."""
    if signature.output is None or (signature.broadcasts and signature.output):
        return None
    if signature.broadcasts:
        return (running,) * (len(signature.inputs) - 1), running, {}
    try:
        sizes, leading = Signature(signature.text, signature.inputs[:1], None).bind([running])
    except SpecError:
        return None
    sizes = {name: sizes.get(name, width) for name in signature.names}
    shapes = tuple(fill(dimensions, sizes, leading) for dimensions in signature.inputs[1:])
    return shapes, fill(signature.output, sizes, leading), sizes


def _resolved(domain: Domain, sizes: dict[str, int]) -> Domain:
    return Labels(sizes[domain.dimension]) if isinstance(domain, Labels) and domain.dimension in sizes else domain


def with_skip(stack: Stack, before: Stack) -> Stack:
    """The stack with a skip connection: what it put out as it once was, ``before``, is added to what it puts out now.

    The stack itself where the shapes differ, or where nothing stands between.
    """
    first = len(before.parts)
    if first == len(stack.parts) or stack.output != before.output:
        return stack
    parts = list(stack.parts)
    parts[first] = replace(parts[first], opens=parts[first].opens + 1)
    parts[-1] = replace(parts[-1], closes=parts[-1].closes + 1)
    return replace(stack, parts=tuple(parts))


def penalized(stack: Stack, penalty: Layer | Member, argument: int, options: Options) -> Stack:
    """The stack with a penalty on one of its arguments added to its (scalar) output."""
    added = member(penalty)
    part = Part(added.layer, (argument,), options, is_penalty=True)
    return replace(stack, parts=(*stack.parts, part), subjects=(*stack.subjects, added.subject))


def empty_stack(shape: Shape) -> Stack:
    """A stack of no layers, whose output is its only argument ``x``."""
    return Stack((), ("x",), (shape,), (real,), shape)


def stack_subject(stack: Stack) -> Subject:
    """The subject that a stack is; its shapes are fixed numbers.

    It has a pushforward if all of its layers have one; conventions of one layer are those of the stack.
    """

    def vjp_of_stack(*primals: Array) -> tuple[Array, Pullback]:
        return vjp(stack.forward, *primals)

    def jvp_of_stack(primals: Sequence[Array], tangents: Sequence[Array | None]) -> Any:
        return jvp(stack.forward, primals, tangents)[1]

    text = ",".join(f"({','.join(map(str, shape))})" for shape in stack.shapes)
    opaque = [subject.name for subject in stack.subjects if subject.jvp is None]
    return Subject(
        name=f"stacks.{stack.name}",
        signature=Signature(f"{text}->({','.join(map(str, stack.output))})", stack.shapes, stack.output),
        arguments=stack.arguments,
        domains=stack.domains,
        options={},
        forward=stack.forward,
        vjp=vjp_of_stack,
        jvp=None if opaque else jvp_of_stack,
        constants=stack.constants,
        untraceable=f"there is no pushforward of {opaque[0]}" if opaque else "",
        code=tuple(dict.fromkeys(function for subject in stack.subjects for function in subject.code)),
        stages=tuple(
            Stage(subject, p.takes, p.options, p.is_penalty, p.opens, p.closes)
            for p, subject in zip(stack.parts, stack.subjects, strict=True)
        ),
        at_kink="any" if any(subject.at_kink != "between" for subject in stack.subjects) else "between",
        accuracy="any" if any(subject.accuracy == "any" for subject in stack.subjects) else "normwise",
    )
