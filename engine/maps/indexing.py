"""Maps that pick elements out, and those that put them back."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import notation
from ..linear import LinearMap
from ..options import Choice, Index, ShapeOf
from ..primitives import scatter_add
from ..signatures import Shape
from .vocabulary import linear_map


@linear_map("(...)", shape=ShapeOf(), index=Index())
def gather(shape: Shape, index: Any) -> LinearMap:
    """``dx -> dx[index]`` on arrays of the given shape; its transpose adds each element back where it came from."""
    return LinearMap(
        lambda dx: dx[index],
        lambda ct: scatter_add(ct, index, shape),
        lambda: (notation.named(f"pick {spelled(index)}"), notation.named(f"scatter-add at {spelled(index)}")),
    )


@linear_map("(n,m)", widths=Choice((((0, 1), (1, 0)), ((1, 2), (0, 3)), ((0, 0), (0, 0)))))
def pad(widths: tuple[tuple[int, int], ...]) -> LinearMap:
    """Put (before, after) zeros around each axis; the transpose crops. Concatenation is a sum of these."""

    def crop(ct: Any) -> Any:
        return ct[tuple(slice(before, size - after) for (before, after), size in zip(widths, ct.shape, strict=True))]

    return LinearMap(
        lambda dx: np.pad(dx, widths),
        crop,
        lambda: (notation.named(f"pad by {widths}"), notation.named(f"crop by {widths}")),
    )


def spelled(index: Any) -> str:
    """An index as it is written between brackets."""
    parts = index if isinstance(index, tuple) else (index,)
    return f"[{', '.join(_spelled_part(part) for part in parts)}]"


def _spelled_part(part: Any) -> str:
    if isinstance(part, slice):
        ends = [("" if end is None else str(end)) for end in (part.start, part.stop)]
        return ":".join(ends) + ("" if part.step is None else f":{part.step}")
    return "..." if part is Ellipsis else "None" if part is None else notation.text_of(part)
