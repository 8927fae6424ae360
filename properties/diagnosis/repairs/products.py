"""Products with an operand transposed, or with operands in another order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from .programs import Edge, Edit, Program

PRODUCTS = ("matmul", "dot")
OTHERS = ("multiply", "divide", "solve", "inv", "inner", "tensordot", "reshape")  # reshape is what einsum begins with
MOST_EDGES = 8  # of which two are changed at once


def with_other_products(program: Program) -> Iterator[Edit]:
    """One operand transposed, one product turned round, or both of these at two products."""
    edges = [edge for edge in program.edges() if program.name(edge[0]) in (*PRODUCTS, *OTHERS)]
    matrices = [edge for edge in edges if _is_square(program, edge)]
    factors = [edge for edge in matrices if program.name(edge[0]) in PRODUCTS]
    yield from (Edit({edge: "T"}) for edge in factors)
    yield from _turned(program, set(factors))
    yield from _two(program, factors)
    yield from (Edit({edge: "T"}) for edge in matrices if edge not in factors)


def _turned(program: Program, factors: set[Edge]) -> Iterator[Edit]:
    for index in program.reached():
        left, right = (index, 0), (index, 1)
        if left in factors and right in factors:
            order = {left: right, right: left}
            yield Edit({}, order)
            yield Edit({left: "T"}, order)
            yield Edit({right: "T"}, order)
            yield Edit({left: "T", right: "T"})


def _two(program: Program, factors: list[Edge]) -> Iterator[Edit]:
    """Two matrices that do not depend on ct, each in the other's place, transposed, or both."""
    downstream = program.downstream()
    fixed = [edge for edge in factors if program.parent(edge) not in downstream][:MOST_EDGES]
    for one, other in itertools.combinations(fixed, 2):
        if one[0] != other[0] and program.name(one[0]) in PRODUCTS and program.name(other[0]) in PRODUCTS:
            exchanged, both = {one: other, other: one}, {one: "T", other: "T"}
            yield Edit({}, exchanged)
            yield Edit(both)
            yield Edit(both, exchanged)


def _is_square(program: Program, edge: Edge) -> bool:
    array = program.operand(edge)
    return isinstance(array, np.ndarray) and array.ndim > 1 and array.shape[-1] == array.shape[-2]
