"""Numbers in the place of sizes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from numbers import Real

from ..claims import Claim
from ..quantities import Quantity, powers, quantities
from .programs import Edge, Edit, Program

OPERATIONS = ("multiply", "divide", "true_divide")
PLAIN_POWERS = 6  # a size, its square and its root, and one divided by them


def with_sizes_for_numbers(program: Program) -> Iterator[Edit]:
    """A size, or its root, in the place of a number that something is multiplied or divided with."""
    sizes = list(_sizes(program))
    for edge in program.edges():
        if _is_number(program, edge):
            yield from (Edit(sizes={edge: size}) for size in sizes)


def _is_number(program: Program, edge: Edge) -> bool:
    value = program.call(edge[0]).values[edge[1]]
    return program.name(edge[0]) in OPERATIONS and program.parent(edge) == -1 and isinstance(value, Real)


def _sizes(program: Program) -> Iterator[Quantity]:
    case = program.case
    for quantity in quantities(Claim(case.subject, case.position, "", (case,))):
        if quantity.name in case.subject.signature.names:
            yield from islice(powers(quantity), PLAIN_POWERS)
