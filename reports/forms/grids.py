"""Arrays in lines of text: rows and columns aligned, and of large ones the part around one entry."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

MOST_ROWS = 8
GAP = "  "


def flat(values: object) -> str:
    """An array as nested lists in one line."""
    return " ".join(str(values).split())


def grid(texts: Sequence[str], shape: Sequence[int], around: int, width: int) -> Iterator[str]:
    """Lines of an array of entries in C order, none wider than ``width`` if its entries are not.

    Of an array with more than two axes the slice that ``around`` (a position) is in, and of a large one the rows and
    columns around it; what is left out is said.
    """
    rows, columns = (1, *shape)[-2:]
    slices = math.prod(shape[:-2])
    which, place = divmod(around, rows * columns)
    row, column = divmod(place, columns)
    if slices > 1:
        indices = ", ".join(map(str, index_of(which, shape[:-2])))
        yield f"[{indices}, :, :] of shape {tuple(shape)}, the other {slices - 1} left out"
    first, last = _window(rows, row, MOST_ROWS)
    start = which * rows * columns
    cells = [texts[start + r * columns : start + (r + 1) * columns] for r in range(first, last)]
    widths = [max(len(line[c]) for line in cells) for c in range(columns)]
    left, right = _fitting(widths, column, width - 2 * (3 + len(GAP)))
    if first:
        yield f"... {first} rows before"
    for line in cells:
        shown = [line[c].rjust(widths[c]) for c in range(left, right)]
        yield GAP.join([*["..."] * (left > 0), *shown, *["..."] * (right < columns)])
    if last < rows:
        yield f"... {rows - last} rows after"
    if right - left < columns:
        yield f"columns {left} to {right - 1} of {columns}"


def index_of(position: int, shape: Sequence[int]) -> tuple[int, ...]:
    """The index of a position in C order."""
    index: list[int] = []
    for size in reversed(shape):
        position, along = divmod(position, size)
        index.insert(0, along)
    return tuple(index)


def _window(size: int, around: int, most: int) -> tuple[int, int]:
    first = max(0, min(around - most // 2, size - most))
    return first, min(size, first + most)


def _fitting(widths: Sequence[int], around: int, width: int) -> tuple[int, int]:
    """The columns around one that have room together; at least that one."""
    left, right, used = around, around + 1, widths[around]
    while True:
        can_right = right < len(widths) and used + widths[right] + len(GAP) <= width
        can_left = left > 0 and used + widths[left - 1] + len(GAP) <= width
        if can_right and (not can_left or right - around <= around - left):
            used, right = used + widths[right] + len(GAP), right + 1
        elif can_left:
            used, left = used + widths[left - 1] + len(GAP), left - 1
        else:
            return left, right
