"""Linear maps to and from a single number, which needs no transpose, and is multiplied with a gradient."""

from __future__ import annotations

from collections.abc import Iterable

from . import texts
from .brackets import SUM, binding
from .factors import TRANSPOSE, Notation, Sandwich, Sum, compose


def of_number(notation: Notation) -> Notation:
    """The notation of a map of matrices of a single element, which are their own transposes: none is needed there."""
    *others, last = notation or ((),)
    if isinstance(last, Sum):
        return compose(tuple(others), _sum_of(of_number(term) for term in last.terms))
    if last == TRANSPOSE:
        return of_number(tuple(others))
    if isinstance(last, Sandwich) and others and others[-1] == TRANSPOSE:
        return of_number((*others[:-1], _turned(last)))
    return notation


def to_number(notation: Notation) -> Notation:
    """The notation of a map to matrices of a single element: none of them is transposed."""
    first, *others = notation or ((),)
    if isinstance(first, Sum):
        return compose(_sum_of(to_number(term) for term in first.terms), tuple(others))
    if first == TRANSPOSE:
        return to_number(tuple(others))
    if isinstance(first, Sandwich) and others and others[0] == TRANSPOSE:
        return to_number((_turned(first), *others[1:]))
    return notation


def _turned(factor: Sandwich) -> Sandwich:
    """What ``[transpose] o factor o [transpose]`` is."""
    left, right = (tuple(texts.transposed(part) for part in reversed(side)) for side in (factor.right, factor.left))
    return Sandwich(left, right, factor.sign)


def is_product(notation: Notation) -> bool:
    """Whether a notation is a product of matrices around the dot, or a sum of such products."""
    if len(notation) == 1 and isinstance(notation[0], Sum):
        return all(map(is_product, notation[0].terms))
    return len(notation) == 1 and isinstance(notation[0], Sandwich)


def _sum_of(terms: Iterable[Notation]) -> Notation:
    """The notation of the sum of maps."""
    return (Sum(tuple(terms)),)


def functional(gradient: str, rank: int) -> str:
    """``dX -> tr(G^T dX)`` as it is usually written for arrays of that many axes."""
    parts = texts.fraction(gradient)
    if rank > 2 or binding(gradient) <= SUM or len(parts.up) != 1 or parts.down:
        numbers, bare = (1.0, 1.0), gradient
    else:
        numbers, bare = (parts.above, parts.below), parts.up[0]
    inner = f"<{bare}, .>" if rank > 2 else f"{texts.transposed(bare)} @ ."
    return f"[{texts.joined(texts.Fraction(*numbers, (f'tr({inner})' if rank == 2 else inner,), ()))}]"
