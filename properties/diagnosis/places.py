"""Places in an argument that have a name: where it is negative, where a mask is false, in the last row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from backproof.strategies.numbers import numbers_of

from .cases import Case
from .claims import Array, Claim, axes_of, axis_called, given


@dataclass(frozen=True)
class Region:
    """Some entries of an argument: in words, at a case (None where it says nothing), and the numbers at its ends."""

    where: str
    of: Callable[[Case], Array | None]
    edges: tuple[float, ...] = ()
    mask: int | None = None  # the position of the argument by which entries are chosen, where it is one of booleans


def regions_of(claim: Claim) -> Iterator[Region]:
    """Regions of an argument that have a name, the simplest first."""
    name = claim.argument
    yield Region(f"{name} < 0", lambda case: case.primal < 0, (0.0,))
    yield Region(f"{name} > 0", lambda case: case.primal > 0, (0.0,))
    yield Region(f"{name} is 0", lambda case: case.primal == 0)
    for number in sorted({1.0, *(n for n in numbers_of(claim.subject) if n <= 100)}):
        yield from _of_number(name, number)
    for position, other in enumerate(claim.subject.arguments):
        if position != claim.position:
            yield from _beside(name, position, other)
    for axis in axes_of(case.primal.ndim for case in claim.cases):
        called = axis_called(claim, axis)
        yield Region(f"the index along {called} is the last", given(_is_index, axis, True))
        yield Region(f"the index along {called} is 0", given(_is_index, axis, False))
    for says, part in (
        ("on the diagonal", np.equal),
        ("above the diagonal", np.less),
        ("below the diagonal", np.greater),
    ):
        yield Region(f"an entry is {says}", given(_compared, part))


def _of_number(name: str, number: float) -> Iterator[Region]:
    t, both = number, (number, -number)
    yield Region(f"{name} is above {t:g}", lambda case: case.primal > t, (t,))
    yield Region(f"{name} is below -{t:g}", lambda case: case.primal < -t, (-t,))
    yield Region(f"{name} is below {t:g}", lambda case: case.primal < t, (t,))
    yield Region(f"{name} is above -{t:g}", lambda case: case.primal > -t, (-t,))
    yield Region(f"abs({name}) is above {t:g}", lambda case: np.abs(case.primal) > t, both)
    yield Region(f"abs({name}) is below {t:g}", lambda case: np.abs(case.primal) < t, both)
    yield Region(f"{name} is {t:g}", lambda case: case.primal == t)


def _beside(name: str, position: int, other: str) -> Iterator[Region]:
    def test(where: str, kinds: str, of: Callable[[Array, Case], Array]) -> Region:
        def region(case: Case) -> Array | None:
            array = _aligned(case, position)
            return None if array is None or array.dtype.kind not in kinds else np.asarray(of(array, case))

        return Region(where, region, mask=position if kinds == "b" else None)

    yield test(f"{other} is False", "b", lambda array, _: ~array)
    yield test(f"{other} is True", "b", lambda array, _: array)
    yield test(f"{other} < 0", "f", lambda array, _: array < 0)
    yield test(f"{other} > 0", "f", lambda array, _: array > 0)
    yield test(f"{other} is 0", "fi", lambda array, _: array == 0)
    yield test(f"{name} < {other}", "f", lambda array, case: case.primal < array)
    yield test(f"{name} > {other}", "f", lambda array, case: case.primal > array)


def _aligned(case: Case, position: int) -> Array | None:
    """Another argument beside each entry of this one: by the letters of the signature, or else as NumPy broadcasts."""
    array, own = case.point.primals[position], case.primal
    letters, others = (case.subject.signature.inputs[i] for i in (case.position, position))
    is_said = len(letters) == own.ndim and len(others) == array.ndim == len(set(others))
    if is_said and all(letters.count(each) == 1 for each in others):
        places = [letters.index(each) for each in others]
        shape = [1] * own.ndim
        for place in places:
            shape[place] = own.shape[place]
        array = np.transpose(array, np.argsort(places)).reshape(shape)
    try:
        return np.asarray(np.broadcast_to(array, own.shape))
    except ValueError:
        return None


def _is_index(case: Case, axis: int, last: bool) -> Array | None:
    if case.primal.ndim < -axis:
        return None
    size = case.primal.shape[axis]
    shape = [1] * case.primal.ndim
    shape[axis] = size
    chosen = np.arange(size) == (size - 1 if last else 0)
    return np.asarray(np.broadcast_to(chosen.reshape(shape), case.primal.shape))


def _compared(case: Case, part: np.ufunc) -> Array | None:
    if case.primal.ndim < 2:
        return None
    rows, columns = np.indices(case.primal.shape)[-2:]
    return np.asarray(part(rows, columns))
