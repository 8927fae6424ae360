"""The signature of a forward and a backward of which nothing is known: shapes are tried until both run and fit."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from ..domains import Domain, Labels
from ..errors import SpecError
from ..linear import Array
from ..signatures import parse
from .inferring import NAMES, domains_like
from .subject import Subject, quietly

Axes = tuple[int, ...]  # of one argument: the number of each one's dimension
Shapes = tuple[Axes, ...]
Make = Callable[[str, Mapping[str, Domain]], Subject]

SIZES = (2, 3, 5, 7)  # of the dimensions that are tried: all different, so that none fits by accident
MATRICES = ((2,), (2, 2), (2, 2, 2), (2, 2, 2, 1), (2, 2, 1, 1, 1))  # the most axes of so many arguments, in order
IMAGES = ((4,), (4, 1))
MOST_WITH_LABELS = 3  # arguments


def guessed(make: Make, forward: Callable[..., Any], called: str) -> Subject:
    """The subject that ``make(signature, domain)`` returns for the shapes that a forward seems to take.

    Tried are all ways in which matrices and vectors share dimensions; taken is the one with most dimensions for which
    the forward runs, and the backward returns cotangents of the arguments' shapes. Where no floats do, one argument
    that the backward returns no cotangent for may be labels. Raises SpecError where nothing fits.
    """
    names = [p.name for p in inspect.signature(forward).parameters.values() if _is_array(p)]
    possible_labels = (None, *names[1:]) if len(names) <= MOST_WITH_LABELS else (None,)
    for labels, ranks in product(possible_labels, (*MATRICES, *IMAGES)):
        if len(names) != len(ranks):
            continue
        plain = make(_written(((),) * len(names)), _labels(labels))
        tried = _shapes([min(rank, 1) if n == labels else rank for n, rank in zip(names, ranks, strict=True)])
        fitting = [shapes for shapes in tried if _fits(plain, names, shapes, labels)]
        if fitting:
            return _made(make, plain, names, fitting, labels)
    raise SpecError(
        f"no shapes were found for which {called} runs, and returns cotangents of its arguments' shapes. Say them: "
        f"--signature '(n,i),(i,o),(o)->(n,o)', or {called} = backproof.pair(..., signature) in the file."
    )


def _is_array(parameter: inspect.Parameter) -> bool:
    by_place = parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    return by_place and parameter.default is parameter.empty


def _shapes(ranks: Sequence[int]) -> Iterator[Shapes]:
    """All ways in which arguments of up to so many axes share up to four dimensions."""
    for chosen in product(*(range(rank + 1) for rank in ranks)):
        for axes in _shared(sum(chosen)):
            ends = np.cumsum(chosen)
            yield tuple(axes[end - rank : end] for end, rank in zip(ends.tolist(), chosen, strict=True))


def _shared(count: int, used: int = 0) -> Iterator[Axes]:
    """All ways of giving so many axes dimensions: each a known one, or the next new one."""
    if count == 0:
        yield ()
        return
    for first in range(min(used + 1, len(SIZES))):
        for rest in _shared(count - 1, max(used, first + 1)):
            yield (first, *rest)


def _generality(shapes: Shapes) -> tuple[int, int]:
    axes = [axis for shape in shapes for axis in shape]
    return len(set(axes)), len(axes)


def _arrays(names: list[str], shapes: Shapes, labels: str | None) -> list[Array]:
    source = np.random.default_rng(0)
    return [
        np.zeros([SIZES[axis] for axis in shape], dtype=np.int64)
        if name == labels
        else np.asarray(source.uniform(0.5, 1.0, [SIZES[axis] for axis in shape]))
        for name, shape in zip(names, shapes, strict=True)
    ]


def _fits(subject: Subject, names: list[str], shapes: Shapes, labels: str | None) -> bool:
    arrays = _arrays(names, shapes, labels)
    try:
        with quietly():
            output, pull = subject.vjp(*(array.copy() for array in arrays))
            cotangents: Sequence[Any] = pull(np.ones(np.shape(np.asarray(output))))
        return np.asarray(output).dtype.kind == "f" and all(
            cotangent is None if name == labels else np.shape(cotangent) == array.shape
            for name, cotangent, array in zip(names, cotangents, arrays, strict=True)
        )
    except Exception:  # whatever it raises, these are not its shapes
        return False


def _made(make: Make, plain: Subject, names: list[str], fitting: list[Shapes], labels: str | None) -> Subject:
    shapes = max(fitting, key=_generality)
    arrays, inputs = _arrays(names, shapes, labels), _written(shapes)
    output = np.shape(plain.forward(*(array.copy() for array in arrays)))
    if len(names) == 1 and ((),) in fitting and output == arrays[0].shape:
        return make("(...)->(...)", {})
    by_size = {SIZES[axis]: NAMES[axis] for shape in shapes for axis in shape}
    known = all(size in by_size for size in output)
    signature = inputs + (f"({','.join(by_size[size] for size in output)})" if known else "")
    found = domains_like(lambda given: plain.forward(*given), arrays, parse(inputs))
    return make(signature, {name: domain for name, domain in zip(names, found, strict=True) if domain is not None})


def _labels(name: str | None) -> dict[str, Domain]:
    return {} if name is None else {name: Labels(1)}


def _written(shapes: Shapes) -> str:
    return ",".join(f"({','.join(NAMES[axis] for axis in shape)})" for shape in shapes) + "->"
