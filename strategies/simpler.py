"""Stacks that are simpler than one that is there: what a failing stack is shrunk to, where no single step leads.

Some of them are that stack itself without one of its parts, the others any stacks of its layers.
"""

from __future__ import annotations

from backproof.engine.subjects import Subject

from .stacks import CLOSE, OPEN, WIDTHS, Layers, Outline, StackPoints, stack_points


def with_fewer_layers(stack: Subject, layers: Layers, required: str | None) -> StackPoints | None:
    """Stacks of a stack's own layers with fewer of them than it has; None where there are none."""
    own, outline = _own(stack, layers), _outline(stack, layers)
    places = [place for place, name in enumerate(outline) if name in own]
    if len(places) <= bool(required):
        return None
    return stack_points(own, len(places) - 1, required=required, outlines=[_without(outline, p) for p in places])


def with_fewer_branches(stack: Subject, layers: Layers, required: str | None) -> StackPoints | None:
    """Stacks of no more of a stack's own layers with fewer branches than it has; None where there are none."""
    own, outline = _own(stack, layers), _outline(stack, layers)
    pairs = _pairs(outline)
    if not pairs:
        return None
    return stack_points(
        own,
        sum(name in own for name in outline),
        branches=len(pairs) - 1,
        required=required,
        outlines=[_without(outline, *pair) for pair in pairs],
    )


def alike(stack: Subject, layers: Layers, required: str | None) -> StackPoints:
    """Stacks of no more of a stack's own layers, with no more branches: the stack itself, and simpler ones."""
    return _alike(stack, layers, required, WIDTHS[-1])


def with_sizes_up_to_two(stack: Subject, layers: Layers, required: str | None) -> StackPoints | None:
    """Stacks of no more of a stack's own layers, with no size above 2; None where it has none above."""
    return _alike(stack, layers, required, 2) if _largest(stack) > 2 else None


def with_sizes_of_one(stack: Subject, layers: Layers, required: str | None) -> StackPoints | None:
    """Stacks of no more of a stack's own layers, with no size above 1; None where it has none above."""
    return _alike(stack, layers, required, 1) if _largest(stack) > 1 else None


def _largest(stack: Subject) -> int:
    return max((size for shape in stack.signature.inputs for size in shape if isinstance(size, int)), default=0)


def _alike(stack: Subject, layers: Layers, required: str | None, widest: int) -> StackPoints:
    own, outline = _own(stack, layers), _outline(stack, layers)
    return stack_points(
        own,
        sum(name in own for name in outline),
        branches=len(_pairs(outline)),
        widest=widest,
        required=required,
        outlines=[outline],
    )


def _own(stack: Subject, layers: Layers) -> Layers:
    return {name: layers[name] for name in (stage.subject.name for stage in stack.stages) if name in layers}


def _outline(stack: Subject, layers: Layers) -> Outline:
    """The layers of a stack, and its brackets; without its loss and penalty."""
    return tuple(
        token
        for stage in stack.stages
        if stage.subject.name in layers
        for token in (*[OPEN] * stage.opens, stage.subject.name, *[CLOSE] * stage.closes)
    )


def _without(outline: Outline, *places: int) -> Outline:
    return tuple(token for place, token in enumerate(outline) if place not in places)


def _pairs(outline: Outline) -> list[tuple[int, int]]:
    """The places of brackets that belong together."""
    begun: list[int] = []
    found: list[tuple[int, int]] = []
    for place, token in enumerate(outline):
        if token == OPEN:
            begun.append(place)
        elif token == CLOSE and begun:
            found.append((begun.pop(), place))
    return found
