"""Random stacks: flat lists of layers and brackets that know no shapes; what does not fit is dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import hypothesis.strategies as st

from backproof.engine.domains import is_differentiable
from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES
from backproof.engine.signatures import Dimensions, Shape, Signature, fill
from backproof.engine.subjects import (
    Layer,
    Member,
    Stack,
    Subject,
    append,
    empty_stack,
    member,
    not_stackable,
    penalized,
    stack_subject,
    with_skip,
)

from .options import values_of
from .points import Point, draw_point
from .shapes import Draw

MOST_LAYERS = 6
MOST_BRANCHES = 3
DEEPEST = 3  # branches within each other
OPEN, CLOSE, NOTHING = "[", "]", ""
WIDTHS = (1, 2, 3, 4, 5, 7, 17)


Layers = Mapping[str, Layer | Subject]
Outline = tuple[str, ...]
StackPoints = st.SearchStrategy[tuple[Subject, Point]]


@dataclass(frozen=True)
class _Token:
    """A bracket, or a layer with the size of what its first argument leaves open."""

    name: str
    width: int
    options: Mapping[str, Any]


@dataclass(frozen=True)
class _Ingredients:
    """What stacks are made of, and the strategies that are the same for all of them."""

    members: Mapping[str, Member]
    most: int
    branches: int
    required: str | None
    tokens: st.SearchStrategy[list[tuple[str, int]]]  # names and widths
    sizes: st.SearchStrategy[int]
    ends: st.SearchStrategy[tuple[str | None, str | None]]
    begins: Dimensions


@cache
def _registered_members() -> Mapping[str, Member]:
    return {name: member(layer) for name, layer in (*LOSSES.items(), *LAYERS.items())}


def _ingredients(
    layers: Layers,
    most: int,
    branches: int = MOST_BRANCHES,
    widest: int = WIDTHS[-1],
    required: str | None = None,
    outlines: Sequence[Outline] = (),
) -> _Ingredients:
    registered = _registered_members()
    known = {name: registered[name] for name in LOSSES}
    known |= {name: registered[name] if LAYERS.get(name) is each else member(each) for name, each in layers.items()}
    members = {name: each for name, each in known.items() if name == required or not_stackable(each.subject) is None}
    signatures = {name: members[name].layer.signature for name in sorted(layers) if name in members}
    # Whatever draws other options than its neighbour shifts all that is drawn behind it, and shrinks badly.
    losses = [name for name, loss in LOSSES.items() if name in members and _ends_any_stack(loss)]
    penalties = [name for name, loss in LOSSES.items() if len(loss.arguments) == 1 and len(loss.options) == 1]
    ends = [None, *losses] if required else losses
    widths = [width for width in WIDTHS if width <= widest]
    first = signatures[required] if required else None
    return _Ingredients(
        members=members,
        most=most,
        branches=branches,
        required=required,
        tokens=_tokens(
            _table(signatures, widths, branches > 0, required), most + min(4, 2 * branches), outlines, widths
        ),
        sizes=st.sampled_from(widths),
        ends=st.sampled_from([(end, penalty) for penalty in (None, *penalties) for end in ends]),
        begins=("n", "i") if first is None or first.broadcasts else first.inputs[0],
    )


def _ends_any_stack(loss: Layer) -> bool:
    sizes = [size for dimensions in loss.signature.inputs for size in dimensions]
    return len(loss.arguments) > 1 and not loss.options and not any(isinstance(size, int) for size in sizes)


def _tokens(
    table: Sequence[tuple[str, int]], length: int, outlines: Sequence[Outline], widths: Sequence[int]
) -> st.SearchStrategy[list[tuple[str, int]]]:
    of_all = st.binary(min_size=length, max_size=length).map(lambda drawn: [table[byte] for byte in drawn])
    if not outlines:
        return of_all
    longest = max(map(len, outlines))

    def outlined(drawn: tuple[Outline, bytes]) -> list[tuple[str, int]]:
        return [(name, widths[byte % len(widths)]) for name, byte in zip(*drawn, strict=False)]

    return st.tuples(st.sampled_from(outlines), st.binary(min_size=longest, max_size=longest)).map(outlined) | of_all


def _table(
    signatures: Mapping[str, Signature], widths: Sequence[int], branches: bool, required: str | None
) -> list[tuple[str, int]]:
    """What 256 bytes stand for: nothing, then each token with each width, then all of these again and again.

    Structure is drawn as one string of bytes, as values are: one choice, which shrinks towards nothing.
    """
    names = [*([required] if required else []), *(name for name in signatures if name != required)]
    each = [(name, width) for name in names for width in (widths if _has_width(signatures[name]) else widths[:1])]
    again = [*names, *([required] * len(names) if required else [])]
    brackets = [OPEN, OPEN, CLOSE, CLOSE, CLOSE] if branches else []  # what is not closed is closed at the end
    again += brackets * (-(-len(again) // 5))
    again += [NOTHING] * (len(again) // 3)
    table = [(NOTHING, 1), *each, *((bracket, 1) for bracket in dict.fromkeys(brackets))][:128]
    return table + [(again[place % len(again)], widths[place % len(widths)]) for place in range(256 - len(table))]


def _has_width(signature: Signature) -> bool:
    """Whether a layer's first argument leaves open some of its sizes."""
    return not set(signature.names) <= set(signature.inputs[0])


def stacks(
    layers: Layers = LAYERS,
    most: int = MOST_LAYERS,
    *,
    branches: int = MOST_BRANCHES,
    widest: int = WIDTHS[-1],
    required: str | None = None,
) -> st.SearchStrategy[Subject]:
    """Stacks that end in a loss, some layers in branches around which a skip connection leads.

    ``layers`` are known by the names of their subjects. A stack has so many of them and so many ``branches`` at
    ``most``, no size above ``widest``, and the ``required`` layer at least once; then it need not end in a loss.
    Shrinks towards fewer layers and branches, then smaller sizes, without a penalty.
    """
    return _stacks(_ingredients(layers, most, branches, widest, required))


def stack_points(
    layers: Layers = LAYERS,
    most: int = MOST_LAYERS,
    *,
    branches: int = MOST_BRANCHES,
    widest: int = WIDTHS[-1],
    required: str | None = None,
    outlines: Sequence[Outline] = (),
) -> StackPoints:
    """Stacks together with a point of each; shrinks as `stacks` and `points` do, in this order.

    About half of them are as one of the ``outlines`` says, if there are any: names of layers, and brackets.
    """
    return _stack_points(_ingredients(layers, most, branches, widest, required, outlines))


@st.composite
def _stack_points(draw: Draw, ingredients: _Ingredients) -> tuple[Subject, Point]:
    subject = _drawn(draw, ingredients)
    return subject, draw_point(draw, subject)


@st.composite
def _stacks(draw: Draw, ingredients: _Ingredients) -> Subject:
    return _drawn(draw, ingredients)


def _drawn(draw: Draw, ingredients: _Ingredients) -> Subject:
    tokens = [_Token(name, width, _options(draw, ingredients, name)) for name, width in draw(ingredients.tokens)]
    end, penalty = draw(ingredients.ends)
    begun = empty_stack(_beginning(draw, ingredients))
    stack = _grown(ingredients, begun, tokens)
    if ingredients.required and all(subject.name != ingredients.required for subject in stack.subjects):
        # Where it begins it always fits.
        first = _Token(ingredients.required, 1, _options(draw, ingredients, ingredients.required))
        stack = _grown(ingredients, begun, [first, *tokens])
    if end:
        stack = append(stack, ingredients.members[end], 1, _options(draw, ingredients, end)) or stack
    weights = [i for i, domain in enumerate(stack.domains) if i > 0 and is_differentiable(domain)]
    weights = [i for i in weights if i not in stack.constants]
    if penalty and weights and stack.output == ():
        stack = penalized(stack, ingredients.members[penalty], weights[0], _options(draw, ingredients, penalty))
    return stack_subject(stack)


def _options(draw: Draw, ingredients: _Ingredients, name: str) -> dict[str, Any]:
    if name not in ingredients.members:
        return {}
    options = ingredients.members[name].layer.options
    return {option: draw(values_of(described, [()])) for option, described in options.items()}


def _beginning(draw: Draw, ingredients: _Ingredients) -> Shape:
    """A shape for the first argument; what ``...`` stands for makes a matrix of it."""
    dimensions = ingredients.begins
    sized = {d: draw(ingredients.sizes) for d in dict.fromkeys(dimensions) if isinstance(d, str) and d != "..."}
    more = 3 - len(dimensions) if "..." in dimensions else 0
    return fill(dimensions, sized, tuple(draw(ingredients.sizes) for _ in range(more)))


def _grown(ingredients: _Ingredients, stack: Stack, tokens: Sequence[_Token]) -> Stack:
    """The stack that tokens describe: layers that do not fit are dropped, and skip connections that do not fit too.

    Brackets need no partner: what is not closed closes at the end. In a branch all layers keep the width with which
    it began, so that most skip connections fit.
    """
    begun: list[Stack] = []  # the stack as it was where each open branch began
    left = ingredients.branches
    for token in tokens:
        if token.name == OPEN:
            if left and len(begun) < DEEPEST:
                begun.append(stack)
                left -= 1
        elif token.name == CLOSE:
            if begun:
                stack = with_skip(stack, begun.pop())
        elif token.name != NOTHING and len(stack.parts) < ingredients.most:
            width = begun[-1].output[-1] if begun and begun[-1].output else token.width
            stack = append(stack, ingredients.members[token.name], width, token.options) or stack
    for before in reversed(begun):
        stack = with_skip(stack, before)
    return stack
