"""Arrays as tables: a number, a row, a grid, or one grid for each slice."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from ..forms.grids import index_of
from ..records.making import Record, array_of

FOLDED = 64  # entries above which an array is folded
MOST = 1024  # entries that are shown at all; the files beside the page have them all


@dataclass(frozen=True)
class Grid:
    """A slice of an array as rows of positions in C order; ``title`` says which slice it is."""

    title: str
    rows: tuple[range, ...]


@dataclass(frozen=True)
class Table:
    """An array to be shown: the text of each entry, the grids that they stand in, and the entry that is marked."""

    shape: tuple[int, ...]
    texts: tuple[str, ...]
    grids: tuple[Grid, ...]
    marked: int | None

    @property
    def is_folded(self) -> bool:
        """Whether it is too large to be seen at once."""
        return len(self.texts) > FOLDED

    @property
    def cut(self) -> int:
        """How many entries are not shown."""
        return len(self.texts) - sum(len(row) for grid in self.grids for row in grid.rows)


def table_of(array: Record, marked: int | None = None) -> Table:
    """The table of a recorded array, as a person would write its entries."""
    shape = tuple(array["shape"])
    return table(shape, [str(value) for value in array_of(array).ravel()], marked)


def table(shape: Sequence[int], texts: Sequence[str], marked: int | None = None) -> Table:
    """The table of entries in C order."""
    return Table(tuple(shape), tuple(texts), tuple(_cut(_grids(tuple(shape)))), marked)


def _grids(shape: tuple[int, ...]) -> Iterator[Grid]:
    if not math.prod(shape):
        return
    *leading, height, width = (1, 1, *shape)[-max(2, len(shape)) :]
    for number, place in enumerate(product(*map(range, leading))):
        starts = [(number * height + row) * width for row in range(height)]
        title = f"[{', '.join(map(str, place))}, :, :]" if len(shape) > 2 else ""
        yield Grid(title, tuple(range(start, start + width) for start in starts))


def _cut(grids: Iterator[Grid]) -> Iterator[Grid]:
    left = MOST
    for grid in grids:
        rows = []
        for row in grid.rows:
            if left <= 0:
                break
            rows.append(row[:left])
            left -= len(rows[-1])
        if rows:
            yield Grid(grid.title, tuple(rows))


def place_of(position: int, shape: Sequence[int]) -> str:
    """The index of an entry, as it would be written in code: ``[0, 2]``."""
    return f"[{', '.join(map(str, index_of(position, shape)))}]"
