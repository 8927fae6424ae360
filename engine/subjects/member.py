"""What can be one of the layers of a stack: a layer, or any other subject with its own pullback."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..domains import real
from ..linear import Array
from ..options import Choice, Real
from .layer import Layer, layer_subject
from .subject import Subject


@dataclass(frozen=True)
class Member:
    """A layer as stacks use it: what is called, on traced arrays too, and the subject that is judged alone."""

    layer: Layer
    subject: Subject


def member(layer: Layer | Subject | Member) -> Member:
    """The member of stacks that a layer or a subject is; a subject's own pullback is what the tape records."""
    if isinstance(layer, Member):
        return layer
    if isinstance(layer, Layer):
        return Member(layer, layer_subject(layer))
    return Member(_layer_of(layer), layer)


def _layer_of(subject: Subject) -> Layer:
    def forward(*arrays: Array, **options: Any) -> Array:
        return subject.forward(*arrays, **options)

    forward.__name__ = subject.name
    return Layer(
        forward,
        subject.signature,
        subject.arguments,
        subject.domains,
        subject.options,
        lambda *a, **o: subject.vjp(*a, **o),
    )


def not_stackable(subject: Subject) -> str | None:
    """The reason why a subject cannot be one of the layers of a stack, None where it can."""
    signature, first = subject.signature, subject.arguments[0]
    if subject.stages:
        return "it is a stack itself"
    if signature.output is None:
        return "its signature leaves the shape of its output open"
    if signature.broadcasts and signature.output:
        return "its output has another shape than the arguments, which broadcast"
    if not subject.is_differentiated(0):
        return f"its first argument, {first}, has no cotangent"
    if subject.domains[0] != real:
        return f"its first argument, {first}, cannot be any real numbers, which is what other layers put out"
    for name, option in subject.options.items():
        if not isinstance(option, Choice | Real):
            return f"its option {name} depends on shapes"
    if subject.state:
        return "it keeps state between its runs, and a stack may run it twice"
    if subject.randomness is not None:
        return "it draws random numbers"
    if subject.reference is not None:
        return "its forward is opaque, and has a reference instead"
    if subject.derivative_of is not None or subject.cotangent_map is not None:
        return "its pullback is declared to be another than that of its forward"
    return None


def identifier(name: str) -> str:
    """A name of a layer as the names of arguments begin with it: the last of its words, without what no name has."""
    return re.sub(r"\W", "_", name.rpartition(".")[2])
