"""Conjugates of complex numbers that are forgotten, or one too many."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .programs import Edit, Program


def with_a_conjugate_less(program: Program) -> Iterator[Edit]:
    """One conjugate left out."""
    yield from (Edit(skipped=frozenset([i])) for i in program.reached() if program.name(i) in ("conjugate", "conj"))


def with_a_conjugate_more(program: Program) -> Iterator[Edit]:
    """One complex operand conjugated, or one value wherever it is used."""
    edges = [edge for edge in program.edges() if np.iscomplexobj(program.operand(edge))]
    edges = [edge for edge in edges if program.name(edge[0]) not in ("conjugate", "conj", "absolute", "real")]
    yield from (Edit({edge: "conj"}) for edge in edges)
    for parent in dict.fromkeys(program.parent(edge) for edge in edges):
        same = [edge for edge in edges if program.parent(edge) == parent and parent >= 0]
        if len(same) > 1:
            yield Edit(dict.fromkeys(same, "conj"))
