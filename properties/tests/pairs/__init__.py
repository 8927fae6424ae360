"""Forward and backward passes as people write them by hand, each with a mistake planted in a copy."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, replace

from backproof.engine.subjects import Subject


@dataclass(frozen=True)
class Pair:
    """Hand-written code that is right, a copy with one mistake, and what the mistake is."""

    right: Subject
    wrong: Subject
    mistake: str


def all_pairs() -> Iterator[tuple[str, Pair]]:
    """Every pair of this folder, with the name of its module."""
    for info in pkgutil.iter_modules(__path__):
        for pair in importlib.import_module(f"{__name__}.{info.name}").PAIRS:
            yield info.name, pair


def right_subjects() -> list[Subject]:
    """The right ones of all pairs, named by their modules too."""
    return [replace(pair.right, name=f"{module}.{pair.right.name}") for module, pair in all_pairs()]
