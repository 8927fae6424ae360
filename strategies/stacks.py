"""Random stacks: flat lists of layers that know no shapes; those that do not fit are dropped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import hypothesis.strategies as st

from backproof.engine.domains import is_differentiable
from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES
from backproof.engine.subjects import Layer, Subject, append, empty_stack, penalized, stack_subject

from .options import values_of
from .points import Point, draw_point
from .shapes import Draw, sizes

MOST_LAYERS = 6


@st.composite
def stacks(draw: Draw, layers: Mapping[str, Layer] = LAYERS, most: int = MOST_LAYERS) -> Subject:
    """Stacks that end in a loss; shrinks towards fewer layers, then smaller widths, without a penalty."""
    specs = draw(st.lists(st.tuples(st.sampled_from(sorted(layers)), sizes(least=1)), max_size=most))
    ends = [name for name, loss in LOSSES.items() if len(loss.arguments) > 1]
    end = draw(st.sampled_from(ends))
    penalty = draw(st.none() | st.sampled_from([name for name in LOSSES if name not in ends]))
    stack = empty_stack((draw(sizes(least=1)), draw(sizes(least=1))))
    for name, width in [*specs, (end, 1)]:
        layer = layers[name] if name in layers else LOSSES[name]
        stack = append(stack, layer, width, _options(draw, layer)) or stack
    weights = [i for i, domain in enumerate(stack.domains) if i > 0 and is_differentiable(domain)]
    if penalty and weights:
        stack = penalized(stack, LOSSES[penalty], weights[0], _options(draw, LOSSES[penalty]))
    return stack_subject(stack)


def _options(draw: Draw, layer: Layer) -> dict[str, Any]:
    return {name: draw(values_of(option, [()])) for name, option in layer.options.items()}


@st.composite
def stack_points(draw: Draw, layers: Mapping[str, Layer] = LAYERS, most: int = MOST_LAYERS) -> tuple[Subject, Point]:
    """Stacks together with a point of each; shrinks as `stacks` and `points` do, in this order."""
    subject = draw(stacks(layers, most))
    return subject, draw_point(draw, subject)
