"""Maps that move, repeat or drop elements, whatever function it is that does so."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import notation
from ..linear import Array, LinearMap
from ..options import Choice, ShapeOf
from ..primitives import scatter_add
from ..signatures import Shape
from .vocabulary import linear_map

Move = Callable[[Any], Any]

MOVES: tuple[Move, ...] = (
    np.flip,
    np.ravel,
    lambda array: np.roll(array, 1),
    lambda array: np.repeat(array, 2),
    lambda array: np.pad(array, 1),
)


@linear_map("(...)", shape=ShapeOf(), move=Choice(MOVES), words=Choice(("rearrange",)))
def rearrange(shape: Shape, move: Move, words: str = "rearrange") -> LinearMap:
    """``move``, which puts elements (or zeros) elsewhere; its transpose adds each back where it came from.

    The places come from moving the numbers 1, 2, ... in the same way: 0 is where a zero was filled in.
    """

    def back(ct: Array) -> Array:
        size = math.prod(shape)
        places = np.asarray(move(np.arange(1, size + 1).reshape(shape)))
        return np.reshape(scatter_add(ct, places, (size + 1,))[1:], shape)

    return LinearMap(
        move,
        back,
        lambda: (notation.named(words), notation.named(f"{words}, transposed")),
    )


@linear_map("(n,m)", axis=Choice((0, 1, -1, (0, 1))))
def flip(axis: int | tuple[int, ...]) -> LinearMap:
    """Reverse the order along ``axis``; the transpose reverses it again."""

    def backwards(ct: Array) -> Array:
        axes = {one % ct.ndim for one in ((axis,) if isinstance(axis, int) else axis)}
        return ct[tuple(slice(None, None, -1 if place in axes else 1) for place in range(ct.ndim))]

    words = f"flip axis {axis}"
    return LinearMap(
        lambda dx: np.flip(dx, axis),
        backwards,
        lambda: (notation.named(words, undoes=words), notation.named(words, undoes=words)),
    )
