"""Where a subject comes from, as a target that finds it again in another process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES
from backproof.engine.subjects import Layer, Stage, Subject

from ..runs.targets import Source, found_in, subject_of

ROOMS = ("layers", "losses", "maps", "rules")


@dataclass(frozen=True)
class Origin:
    """What ``backproof check`` is given to look at a subject; None where it is out of reach.

    ``signature`` is what was said of a pair of plain functions. ``test`` is the test of pytest's that made the search.
    """

    target: str | None = None
    signature: str = ""
    test: str = ""


def origin_in(source: Source | None, subject: str) -> Origin:
    """The origin of a subject by name, from the catalogue or from a file or module."""
    if source is None:
        return Origin(subject)
    name = source.name or found_in(source).names.get(subject, "")
    if not source.module.endswith(".py"):
        return Origin(f"{source.module}:{name}", source.signature)
    return Origin(f"{_shown(Path(source.module))}::{name}", source.signature)


def origin_of(subject: Subject, module: ModuleType | None = None, test: str = "") -> Origin:
    """The origin of a subject from anywhere: it is looked for in the catalogue, where its code stands, in a module."""
    is_named = subject.name.partition(".")[0] in ROOMS  # all of the catalogue takes a while to load
    known = found_in(None).subjects.get(subject.name) if is_named else None
    if known is not None and known.code == subject.code:
        return Origin(subject.name, test=test)
    for place in (module, *_modules(subject)):
        for name, value in vars(place).items() if place is not None else ():
            if _is(value, subject):
                return Origin(_target(place, name), test=test)
    return Origin(test=test)


def origin_of_stage(stage: Stage, origin: Origin) -> Origin:
    """The origin of a layer of a stack: the catalogue, else where the search's own subject comes from."""
    name, code = stage.subject.name, stage.subject.code
    for room, layers in (("layers", LAYERS), ("losses", LOSSES)):
        if name in layers and code[:1] == (layers[name].function,):
            return Origin(f"{room}.{name}")
    return origin


def _is(value: Any, subject: Subject) -> bool:
    if isinstance(value, Layer):
        return subject.code == tuple(filter(None, (value.function, value.fused)))
    other = subject_of(value)
    return other is not None and (other is subject or (bool(other.code) and other.code == subject.code))


def _modules(subject: Subject) -> Iterator[ModuleType]:
    """The modules in which a subject's code stands."""
    for function in (subject.written_in, *subject.code):
        name = getattr(function, "__module__", None)
        if name in sys.modules:
            yield sys.modules[name]


def _target(module: ModuleType | None, name: str) -> str | None:
    file = getattr(module, "__file__", None)
    if module is None or file is None:
        return None
    path = Path(file)
    if path.is_relative_to(Path.cwd()) or module.__name__ not in sys.modules:
        return f"{_shown(path)}::{name}"
    return f"{module.__name__}:{name}"


def _shown(file: Path) -> str:
    """A file seen from the working folder."""
    file = file.resolve()
    return str(file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file)
