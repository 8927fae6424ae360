"""Shapes: sizes that matter, and the shapes of a subject's arguments from its signature."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import hypothesis.strategies as st

from backproof.engine.domains import Labels
from backproof.engine.signatures import Shape, fill
from backproof.engine.subjects import Subject

Draw = Callable[[st.SearchStrategy[Any]], Any]

MOST_LEADING = 4  # axes that "..." or broadcasting may stand for


@cache
def sizes(least: int = 0) -> st.SearchStrategy[int]:
    """The size of one dimension; shrinks towards 1, then 2, 3 and 0."""
    return st.sampled_from([size for size in (1, 2, 3, 0, 2, 3, 4, 5, 7, 2, 3, 4, 5, 2, 3, 9, 17) if size >= least])


@cache
def leading_shapes() -> st.SearchStrategy[Shape]:
    """What ``...`` stands for; shrinks towards no axes, then towards few and small ones."""
    return st.lists(st.sampled_from((1, 2, 3, 0, 2, 5)), max_size=MOST_LEADING).map(tuple)


def draw_shapes(draw: Draw, subject: Subject) -> tuple[tuple[Shape, ...], dict[str, int]]:
    """Shapes for all arguments of a subject, and the sizes of its named dimensions."""
    signature = subject.signature
    if signature.broadcasts:
        common = draw(leading_shapes())
        if len(signature.inputs) == 1:
            return (common,), {}
        return tuple(draw(broadcastable_shapes(common)) for _ in signature.inputs), {}
    labelled = {domain.dimension for domain in subject.domains if isinstance(domain, Labels)}
    bound = {name: draw(sizes(least=int(name in labelled))) for name in signature.names}
    leading = draw(leading_shapes()) if signature.has_leading else ()
    return tuple(fill(dimensions, bound, leading) for dimensions in signature.inputs), bound


@lru_cache(maxsize=256)
def broadcastable_shapes(common: Shape) -> st.SearchStrategy[Shape]:
    """Shapes that broadcast to a common one; shrinks towards the common shape itself."""
    kept = st.tuples(*(st.booleans() for _ in common))
    dropped = st.integers(0, len(common))

    def shape(parts: tuple[int, tuple[bool, ...]]) -> Shape:
        drop, narrowed = parts
        return tuple(1 if narrow else size for size, narrow in zip(common, narrowed, strict=True))[drop:]

    return st.tuples(dropped, kept).map(shape)
