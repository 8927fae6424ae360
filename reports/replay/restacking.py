"""Building a stack anew from the record of its layers, their options and branches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES
from backproof.engine.subjects import (
    Member,
    Options,
    Stack,
    Subject,
    append,
    empty_stack,
    member,
    penalized,
    stack_subject,
)

from ..records.making import Record
from ..records.option_values import value_of

Shape = tuple[int, ...]


class NotRestacked(Exception):
    """The layers of a record make another stack today; the text says how."""


def restacked(
    stages: Sequence[Record], arguments: Sequence[str], shapes: Sequence[Shape], found: Callable[[Record], Subject]
) -> Subject:
    """The stack of these stages, whose arguments have these names and shapes; ``found`` looks up one's own layers.

    Raises NotRestacked where they do not fit together any more, and NotExact where an option cannot be made again.
    """
    stack = empty_stack(shapes[0])
    for stage in stages:
        added = _member(stage, found)
        declared = added.layer.options
        options = {
            name: value_of(value, getattr(declared.get(name), "values", ()))
            for name, value in stage["option_values"].items()
        }
        stack = _with(stack, added, stage, options, shapes)
    if list(stack.arguments) != list(arguments) or list(stack.shapes) != list(shapes):
        told = ", ".join(f"{name}{shape}" for name, shape in zip(stack.arguments, stack.shapes, strict=True))
        was = ", ".join(f"{name}{shape}" for name, shape in zip(arguments, shapes, strict=True))
        raise NotRestacked(f"its layers take {told} now, but took {was}")
    parts = zip(stack.parts, stages, strict=True)
    branched = tuple(replace(part, opens=stage["opens"], closes=stage["closes"]) for part, stage in parts)
    return stack_subject(replace(stack, parts=branched))


def _member(stage: Record, found: Callable[[Record], Subject]) -> Member:
    """The layer of the catalogue; else a subject under the name that it had in the stack."""
    room, _, name = (stage["target"] or "").partition(".")
    known = {"layers": LAYERS, "losses": LOSSES}.get(room, {})
    return member(known[name]) if name in known else member(replace(found(stage), name=stage["subject"]))


def _with(stack: Stack, added: Member, stage: Record, options: Options, shapes: Sequence[Shape]) -> Stack:
    """The stack with one more layer, of the width that gives its arguments the shapes they had."""
    name, takes = stage["subject"], stage["takes"]
    if not all(0 <= position < len(shapes) for position in takes):
        raise NotRestacked(f"{name} takes arguments {takes}, but there are {len(shapes)}")
    if stage["is_added"]:
        if len(added.layer.arguments) != 1 or len(takes) != 1 or takes[0] >= len(stack.arguments):
            raise NotRestacked(f"{name} is no penalty on one argument any more")
        return penalized(stack, added, takes[0], options)
    own = tuple(shapes[position] for position in takes)
    for width in dict.fromkeys((*(size for shape in own for size in shape), 1)):
        grown = append(stack, added, width, options)
        if grown is not None and grown.shapes[len(stack.shapes) :] == own:
            return grown
    raise NotRestacked(f"{name} does not take what stands before it any more, with arguments of shapes {list(own)}")
