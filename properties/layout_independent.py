"""Where numbers stand in memory has no part in what is computed from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from backproof.engine.domains import is_elementwise
from backproof.engine.subjects import Subject
from backproof.strategies.layouts import LAYOUTS, repeated
from backproof.strategies.points import Point

from .judgement import Evidence, Judgement, Setting, falsified, passed, sentence_property
from .references.on_floats import difference, on_floats
from .references.plain_runs import Answers, Raised, answers, plainly

Array = np.ndarray[Any, Any]
Place = Callable[[Array], Array]


@sentence_property(
    "Arrays that are Fortran-ordered, strided, reversed, unaligned, repeated (stride 0) or read-only give the answers "
    "that plain ones give."
)
@on_floats
def layout_independent(subject: Subject, point: Point, setting: Setting) -> Judgement:
    plain = plainly(subject, point)
    for layout in LAYOUTS:
        judgement = _judged(subject, point, setting, plain, layout.name, layout.place)
        if judgement is not None:
            return judgement
    constant = _constant(subject, point)
    judgement = _judged(subject, constant, setting, plainly(subject, constant), "repeated (stride 0)", repeated)
    return judgement or passed(Evidence.NATIVE)


def _constant(subject: Subject, point: Point) -> Point:
    """The point with one number all over each array whose domain allows it, and over the cotangent."""
    primals = tuple(
        repeated(p).copy() if is_elementwise(domain) else p
        for domain, p in zip(subject.domains, point.primals, strict=True)
    )
    return replace(point, primals=primals, cotangent=repeated(point.cotangent).copy())


def _judged(
    subject: Subject, point: Point, setting: Setting, plain: Answers, name: str, place: Place
) -> Judgement | None:
    """What is wrong with a layout, first of all arrays at once, then of the one to blame; None if nothing is."""
    arrays = (*point.primals, point.cotangent)
    everywhere = _differs(subject, point, setting, plain, arrays, place, range(len(arrays)))
    if everywhere is None:
        return None
    names = [*subject.arguments, "cotangent"]
    for position, called in enumerate(names):
        alone = _differs(subject, point, setting, plain, arrays, place, [position])
        if alone is not None:
            return falsified(f"with its {called} {name}, {alone.reason}", Evidence.NATIVE, mismatch=alone.mismatch)
    return falsified(f"with all arrays {name}, {everywhere.reason}", Evidence.NATIVE, mismatch=everywhere.mismatch)


def _differs(
    subject: Subject,
    point: Point,
    setting: Setting,
    plain: Answers,
    arrays: Sequence[Array],
    place: Place,
    chosen: Sequence[int],
) -> Judgement | None:
    handed = [
        place(array) if i in chosen and _may_be_placed(subject, i, array, place) else array.copy()
        for i, array in enumerate(arrays)
    ]
    try:
        found = answers(subject, handed[:-1], point.options, handed[-1])
    except Raised as raised:
        if isinstance(raised.error, ValueError):
            return None  # a refusal is no wrong answer
        return falsified(f"it raised {raised}", Evidence.NATIVE)
    differs = difference(subject, point, setting, plain, found)
    if differs is None:
        return None
    return falsified(f"{differs.name} is another than that of plain arrays", Evidence.NATIVE, mismatch=differs.mismatch)


def _may_be_placed(subject: Subject, position: int, array: Array, place: Place) -> bool:
    if position < len(subject.arguments) and subject.arguments[position] in subject.state:
        return False  # it is written to
    return place is not repeated or bool(np.array_equal(array, repeated(array)))
