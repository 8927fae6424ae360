"""The signature of a function from an example call, which is varied: what changes together is one dimension."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from string import ascii_lowercase
from typing import Any

import numpy as np

from ..domains import Domain, Labels, Mask
from ..errors import SpecError
from ..linear import Array
from ..signatures import Signature
from .subject import quietly

Run = Callable[[Sequence[Array]], Array]  # the output for arrays, fresh ones in every call
Axis = tuple[int, int]  # an argument's position, and one of its axes
Shape = tuple[int, ...]

NAMES = tuple(dict.fromkeys("nmkijpqrstuvw" + ascii_lowercase))  # of dimensions, in order of appearance
MOST_TOGETHER = 3  # axes of one size that are tried as a dimension of their own, before all that are left are


def signature_like(run: Run, arrays: Sequence[Array], called: str) -> str:
    """The signature that an example call shows.

    Axes are one dimension if they have the same size (above 1), and the function runs where they alone have another
    one. What cannot change stays the number that it is. The output's dimensions are read off the same runs, and left
    out where they are no dimensions of the arguments. Raises SpecError where the example itself does not run.
    """
    shapes = [array.shape for array in arrays]
    try:
        here = _output_shape(run, arrays, {})
    except Exception as error:
        raise SpecError(
            f"like= of {called} does not run: {type(error).__name__}: {error}; it was called with arrays of shapes "
            f"{shapes}. Give arguments that the forward takes."
        ) from error
    found = sorted(_dimensions(run, arrays))
    changed = {axis: arrays[axis[0]].shape[axis[1]] + 1 + number for number, axes in enumerate(found) for axis in axes}
    if _runs_at(run, arrays, changed) is None:
        found = []  # sizes that depend on each other
    names = {axis: NAMES[number] for number, axes in enumerate(found) for axis in axes}
    inputs = ",".join(
        f"({','.join(names.get((position, axis), str(size)) for axis, size in enumerate(shape))})"
        for position, shape in enumerate(shapes)
    )
    sizes = {NAMES[number]: arrays[axes[0][0]].shape[axes[0][1]] for number, axes in enumerate(found)}
    moved = {NAMES[number]: _at_one_more(run, arrays, axes) for number, axes in enumerate(found)}
    return f"{inputs}->{_output(here, sizes, moved)}"


def domains_like(run: Run, arrays: Sequence[Array], signature: Signature) -> list[Domain | None]:
    """Where the integers and booleans of an example live: labels and masks; None for floats.

    Labels count up to the dimension that they index, which is the one at whose size the function begins to raise.
    """
    sizes = signature.bind([array.shape for array in arrays])[0] if not signature.broadcasts else {}
    domains: list[Domain | None] = []
    for position, array in enumerate(arrays):
        if array.dtype.kind in "iu":
            counted = [name for name, size in sizes.items() if _is_bound(run, arrays, position, size)]
            domains.append(Labels(counted[0] if counted else int(array.max(initial=0)) + 1))
        else:
            domains.append(Mask() if array.dtype.kind == "b" else None)
    return domains


def _is_bound(run: Run, arrays: Sequence[Array], position: int, size: int) -> bool:
    def runs(label: int) -> bool:
        given = [np.full_like(a, label) if i == position else a for i, a in enumerate(arrays)]
        return _runs_at(run, given, {}) is not None

    return runs(size - 1) and not runs(size)


def _dimensions(run: Run, arrays: Sequence[Array]) -> Iterator[tuple[Axis, ...]]:
    """Groups of axes that are one dimension each: the fewest of one size whose size may change together."""
    by_size: dict[int, list[Axis]] = {}
    for position, array in enumerate(arrays):
        for axis, size in enumerate(array.shape):
            by_size.setdefault(size, []).append((position, axis))
    for size, left in by_size.items():
        while size > 1 and left:
            together = [
                axes
                for count in (*range(1, min(MOST_TOGETHER, len(left) - 1) + 1), len(left))
                for axes in combinations(left, count)
            ]
            axes = next((axes for axes in together if _at_one_more(run, arrays, axes) is not None), None)
            if axes is None:
                break
            yield axes
            left = [axis for axis in left if axis not in axes]


def _output(here: Shape, sizes: Mapping[str, int], moved: Mapping[str, Shape | None]) -> str:
    """The output's dimensions: each is a number, or one more where the one of that name is."""
    dimensions: list[str] = []
    for axis, size in enumerate(here):
        moving = [name for name, there in moved.items() if there is None or there[axis : axis + 1] != (size,)]
        if not moving:
            dimensions.append(str(size))
            continue
        there = moved[moving[0]]
        if len(moving) > 1 or there is None or len(there) != len(here):
            return ""
        if (size, there[axis]) != (sizes[moving[0]], size + 1):
            return ""
        dimensions.append(moving[0])
    return f"({','.join(dimensions)})"


def _at_one_more(run: Run, arrays: Sequence[Array], axes: Sequence[Axis]) -> Shape | None:
    return _runs_at(run, arrays, {(i, axis): arrays[i].shape[axis] + 1 for i, axis in axes})


def _runs_at(run: Run, arrays: Sequence[Array], changed: Mapping[Axis, int]) -> Shape | None:
    """The output's shape where some sizes are others; None where the function does not run there."""
    try:
        return _output_shape(run, arrays, changed)
    except Exception:  # whatever it raises, it does not run there
        return None


def _output_shape(run: Run, arrays: Sequence[Array], changed: Mapping[Axis, int]) -> Shape:
    given = [
        np.resize(array, [changed.get((position, axis), size) for axis, size in enumerate(array.shape)])
        for position, array in enumerate(arrays)
    ]
    with quietly():
        output: Any = run(given)
    return tuple(np.shape(output))
