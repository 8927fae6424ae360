"""Sums of products of several arrays of which one moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import notation
from ..linear import Array, LinearMap
from ..options import Choice, ShapeOf
from ..signatures import Shape
from .vocabulary import linear_map

SUBSCRIPTS = ("ij,jk->ik", "ij,kj->i", "ij,ik->jk", "ij,jk->", "ij,jj->i", "ij,kk->ij", "ij,jk->kij", "ij,kl->li")


@linear_map("(n,n),(n,n)", subscripts=Choice(SUBSCRIPTS), shape=ShapeOf(1))
def einsum_with(a: Array, subscripts: str, shape: Shape) -> LinearMap:
    """``dx -> einsum(subscripts, a, dx)`` for a ``dx`` of the given shape, whatever is repeated or summed."""
    return einsum_at((a, None), subscripts, 1, shape)


def einsum_at(operands: Sequence[Array | None], subscripts: str, place: int, shape: Shape) -> LinearMap:
    """``einsum`` as a function of the operand at ``place`` alone, an array of the given shape.

    ``subscripts`` names every axis and the output's. In the transpose, output and operand change places; an axis
    that stands nowhere else is repeated (a product with ones), a repeated one is a diagonal (a product with delta).
    """
    inputs, output = subscripts.split("->")
    letters = inputs.split(",")
    others = [part for number, part in enumerate(letters) if number != place]
    fixed: list[Any] = [operand for number, operand in enumerate(operands) if number != place]
    spread, deltas, ones = _spread(letters[place], "".join(others) + output)
    back = ",".join([*others, output, *deltas, *ones]) + f"->{spread}"
    size = dict(zip(spread, shape, strict=True))

    def apply(dx: Array) -> Array:
        return np.einsum(subscripts, *fixed[:place], dx, *fixed[place:])

    def apply_transpose(ct: Array) -> Array:
        diagonals = [np.eye(size[pair[1]], dtype=ct.dtype) for pair in deltas]
        repeats = [np.ones(size[letter], dtype=ct.dtype) for letter in ones]
        return np.einsum(back, *fixed, ct, *diagonals, *repeats)

    return LinearMap(
        apply,
        apply_transpose,
        lambda: (notation.named(f"einsum {subscripts}"), notation.named(f"einsum {back}")),
    )


def _spread(own: str, elsewhere: str) -> tuple[str, list[str], list[str]]:
    """An operand's letters made distinct, the pairs that were equal, and the letters that stand nowhere else."""
    free = (
        letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" if letter not in own + elsewhere
    )
    spread, deltas = "", []
    for letter in own:
        if letter in spread:
            deltas.append(letter + next(free))
        spread += deltas[-1][1] if letter in spread else letter
    return (
        spread,
        deltas,
        [
            letter
            for letter in dict.fromkeys(own)
            if letter not in elsewhere and not any(letter == pair[0] for pair in deltas)
        ],
    )
