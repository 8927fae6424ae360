"""Numbers in a text that come from the sizes of arrays, and are to be written as such.

A text that is written of arrays of some sizes has these in it as numbers: ``/ 5``, where it is ``/ n``. What is
written twice, of arrays of other sizes, shows which numbers these are, and what they are of the sizes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from ..notation.brackets import grouped
from ..signatures import Shape, Signature

# Primes, so that numbers of the formula's own cancel against none of them, and few quotients and products are alike.
SIZES = ((5, 7, 11, 13, 17, 19, 23), (7, 11, 13, 17, 19, 23, 29))
LEADING = ((29, 31), (31, 37))
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?(?!\w)")
_DIGITS = 1e-5  # relative: numbers are written with six digits


class Differ(Exception):
    """Two texts say different things of arrays of different sizes, and not for the sizes' sake alone."""


@dataclass(frozen=True)
class Size:
    """What a size that is not fixed is called, where it stands, and what it is."""

    name: str
    place: str
    value: int


Sizes = Sequence[Size]


def sizes_of(
    signature: Signature, arguments: Sequence[str], shapes: Sequence[Shape], taken: Collection[str]
) -> tuple[Size, ...]:
    """The sizes of arrays, by their names in the signature; by their places, ``x.shape[0]``, where these are taken."""
    found: dict[str, Size] = {}
    for argument, dimensions, shape in zip(arguments, signature.inputs, shapes, strict=True):
        core = len(dimensions) - ("..." in dimensions)
        for axis, value in enumerate(shape):
            from_end = axis - len(shape)
            dimension = dimensions[from_end] if from_end >= -core else ""
            if not isinstance(dimension, int):
                place = f"{argument}.shape[{from_end if dimension and core < len(dimensions) else axis}]"
                name = dimension if dimension and dimension not in taken else place
                found.setdefault(name, Size(name, place, value))
    for argument, shape in zip(arguments, shapes, strict=True):
        if len(shape) > 1:
            place = f"{argument}.size"
            found[place] = Size(place, place, math.prod(shape))
    return tuple(found.values())


def with_sizes(one: str, other: str, sizes: Sizes, others: Sizes) -> str:
    """A text in which numbers that are others at ``others`` are written as what they are of the sizes.

    Raises Differ where the texts differ in more than such numbers.
    """
    if _NUMBER.split(one) != _NUMBER.split(other):
        raise Differ
    written, end = [], 0
    for here, there in zip(_NUMBER.finditer(one), _NUMBER.finditer(other), strict=True):
        before, after = one[end : here.start()], one[here.end() :]
        written += [before, here[0]]
        if here[0] != there[0]:
            called = _called(float(here[0]), float(there[0]), sizes, others)
            alone = re.search(r"[\[(](?:[*/] )?$", before) and re.match(r" \*|[\]),]", after)
            written[-1] = called if alone else grouped(called)
        end = here.end()
    return "".join([*written, one[end:]])


def _called(here: float, there: float, sizes: Sizes, others: Sizes) -> str:
    """The simplest expression in the sizes that is one number here and the other there: ``n``, ``0.1 / sqrt(n)``."""
    for text, size, other in _expressions(sizes, others):
        # Half of n - 1 is what n // 2 is for all sizes that are looked at, and no other.
        fits = not text.endswith("- 1)") or here >= size
        if fits and math.isclose(here / size, there / other, rel_tol=_DIGITS) and (factor := _short(here / size)):
            return text if factor == "1" else f"{factor} * {text}"
        if math.isclose(here * size, there * other, rel_tol=_DIGITS) and (factor := _short(here * size)):
            return f"{factor} / {grouped(text)}"
    raise Differ


def _short(number: float) -> str:
    """A number as a person writes it; nothing where it takes more than four digits."""
    text = f"{number:.4g}"
    return text if math.isclose(float(text), number, rel_tol=_DIGITS) else ""


def _expressions(sizes: Sizes, others: Sizes) -> Iterator[tuple[str, float, float]]:
    """Expressions in the sizes and what they are at either, the simplest first."""
    pairs = [(one.name, one.value, other.value) for one, other in zip(sizes, others, strict=True)]
    yield from pairs
    axes = [pair for pair in pairs if not pair[0].endswith(".size")]
    for count in (2, 3):
        for chosen in combinations(axes, count):
            names, here, there = zip(*chosen, strict=True)
            yield " * ".join(names), math.prod(here), math.prod(there)
    for name, one, other in pairs:
        yield f"sqrt({name})", math.sqrt(one), math.sqrt(other)
        yield f"({name} - 1)", one - 1, other - 1
