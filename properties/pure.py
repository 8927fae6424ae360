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
from .references.in_place import changed_in_place, is_unchanged
from .references.on_floats import on_floats
from .references.plain_runs import pulled, run

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
    changed = changed_in_place(subject, point, given, ct, options) or _changed_around(subject, surroundings)
    if changed:
        return falsified(f"the forward changed {changed}", Evidence.NATIVE)
    kept, surroundings = np.array(output), _surroundings()
    pulled(subject, pullback, ct)
    changed = changed_in_place(subject, point, given, ct, options) or _changed_around(subject, surroundings)
    if not changed and not is_unchanged(kept, np.asarray(output)) and not subject.state:
        changed = "the output of the forward in place"
    if changed:
        return falsified(f"the pullback changed {changed}: whoever else has it is wrong now", Evidence.NATIVE)
    return passed(Evidence.NATIVE)


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
