"""One array that is taken for another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from .programs import Edge, Edit, Program

MOST = 300  # exchanges that are tried


def with_other_operands(program: Program) -> Iterator[Edit]:
    """One operand exchanged for another array of its shape that is known by then."""
    found: dict[int, Edge] = {}
    for index in sorted(index for index, node in enumerate(program.nodes) if node is not None):
        for k in range(len(program.call(index).values)):
            found.setdefault(program.parent((index, k)), (index, k))
    found.pop(-1, None)
    shapes = {parent: np.shape(program.operand(edge)) for parent, edge in found.items()}
    named_first = sorted(found, key=lambda parent: (parent not in program.names, parent))
    exchanges = (
        Edit({}, {edge: found[parent]})
        for parent in named_first
        for edge in program.edges()
        if program.parent(edge) not in (-1, parent) and parent < edge[0]
        if shapes[parent] == shapes[program.parent(edge)] and not _doubles(program, edge, parent)
    )
    yield from islice(exchanges, MOST)


def _doubles(program: Program, edge: Edge, parent: int) -> bool:
    """Whether a sum would be of an array and itself: nobody means that."""
    return program.name(edge[0]) in ("add", "subtract") and parent in program.call(edge[0]).parents
