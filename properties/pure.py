"""Forward and pullback leave everything that they were handed as it was."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .judgement import Evidence, Judgement, Setting, falsified, passed, sentence_property
from .references.on_floats import on_floats, pulled, run

Array = np.ndarray[Any, Any]


@sentence_property(
    "Arguments, cotangent, options, output and global random state are unchanged, byte for byte, by forward and "
    "pullback."
)
@on_floats
def pure(subject: Subject, point: Point, setting: Setting) -> Judgement:
    with _generators_of_its_own(point.fingerprint):
        return _judged(subject, point)


@contextmanager
def _generators_of_its_own(seed: int) -> Iterator[None]:
    """The global generators where no run has left them: what seeds them would leave them there again, unseen."""
    before = np.random.get_state(), random.getstate()
    np.random.seed(seed % 2**32)
    random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(before[0])
        random.setstate(before[1])


def _judged(subject: Subject, point: Point) -> Judgement:
    given = [p.copy() for p in point.primals]
    ct, options = point.cotangent.copy(), copy.deepcopy(dict(point.options))
    surroundings = _surroundings()
    output, pullback = run(subject, given, options)
    changed = _changed(subject, point, given, ct, options) or _changed_around(subject, surroundings)
    if changed:
        return falsified(f"the forward changed {changed}", Evidence.NATIVE)
    kept, surroundings = np.array(output), _surroundings()
    pulled(subject, pullback, ct)
    changed = _changed(subject, point, given, ct, options) or _changed_around(subject, surroundings)
    if not changed and not _same(np.asarray(output), kept) and not subject.state:
        changed = "the output of the forward in place"
    if changed:
        return falsified(f"the pullback changed {changed}: whoever else has it is wrong now", Evidence.NATIVE)
    return passed(Evidence.NATIVE)


def _changed(subject: Subject, point: Point, given: list[Array], ct: Array, options: Mapping[str, Any]) -> str:
    """What differs from the point now, nothing if nothing does."""
    for name, before, after in zip(subject.arguments, point.primals, given, strict=True):
        if name not in subject.state and not _same(before, after):
            return f"its argument {name} in place"
    if not _same(point.cotangent, ct):
        return "its cotangent in place"
    for name, before in point.options.items():
        if not _same(before, options.get(name)):
            return f"the value of its option {name} in place"
    return ""


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, np.ndarray):
        return (before.shape, before.dtype) == (after.shape, after.dtype) and before.tobytes() == after.tobytes()
    if isinstance(before, tuple | list):
        return len(before) == len(after) and all(map(_same, before, after))
    return bool(before is after or before == after)


def _surroundings() -> dict[str, Any]:
    kind, keys, *rest = np.random.get_state()
    return {
        "the global state of np.random": (kind, np.asarray(keys).tobytes(), *rest),
        "the global state of random": random.getstate(),
        "NumPy's error state (np.seterr)": np.geterr(),
    }


def _changed_around(subject: Subject, before: Mapping[str, Any]) -> str:
    """What of the process's state differs from before; drawing random numbers may be declared."""
    after = _surroundings()
    for name, state in before.items():
        if after[name] != state and not (subject.randomness is not None and "random" in name):
            return name
    return ""
