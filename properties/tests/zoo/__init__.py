"""A zoo of planted mistakes: hand-written code that is right, and a twin with exactly one mistake."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, replace

from backproof.engine.subjects import Subject


@dataclass(frozen=True)
class Planted:
    """Code that is right, its twin with one mistake, what the person did wrong, and the property that says so."""

    right: Subject
    wrong: Subject
    mistake: str
    caught_by: str


def all_planted() -> Iterator[tuple[str, Planted]]:
    """Every planted mistake of this folder, with the name of its module."""
    for info in pkgutil.iter_modules(__path__):
        if not info.name.startswith("_"):
            for planted in importlib.import_module(f"{__name__}.{info.name}").PLANTED:
                yield info.name, planted


def right_subjects() -> list[Subject]:
    """The right twins, named by their modules too."""
    return [replace(planted.right, name=f"{module}.{planted.right.name}") for module, planted in all_planted()]
