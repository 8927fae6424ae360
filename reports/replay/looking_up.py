"""Looking up what a record speaks of: the subject that its target names today, or the stack of its layers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from backproof.engine.errors import BackproofError
from backproof.engine.subjects import Subject

from ..records.making import Record
from ..runs.targets import Source, found_in, source_of
from .restacking import NotRestacked, restacked


class CannotRun(BackproofError):
    """A counterexample that cannot be judged today; the text says why."""


def subject_of_record(found: Record, folder: Path) -> Subject:
    """The subject of a counterexample, or the stack built anew; files are looked for in ``folder`` too.

    Raises CannotRun, or SpecError, where it is gone.
    """
    if found["layers"] and not found["stages"]:
        raise CannotRun("its layers are not in the record, which an older backproof wrote: run the search again")
    if not found["stages"]:
        return _looked_up(found, folder)
    names = [argument["name"] for argument in found["arguments"]]
    shapes = [tuple(argument["shape"]) for argument in found["arguments"]]
    try:
        return restacked(found["stages"], names, shapes, lambda stage: _looked_up(stage, folder, found["test"]))
    except NotRestacked as error:
        raise CannotRun(f"the stack cannot be built again: {error}") from error


def _looked_up(found: Record, folder: Path, test: str = "") -> Subject:
    """The subject that a target names today. Raises CannotRun, or SpecError, where it is gone."""
    target, name, test = found["target"], found["subject"], found.get("test", test)
    if target is None:
        run = (
            f"Run its test again: pytest {test!r}"
            if test
            else "Make it at the top of a file, where a target can name it"
        )
        raise CannotRun(f"{name} was made inside of a test or a function, and no target leads to it. {run}")
    source = source_of(target, found["given_signature"])
    if source is None:
        known = found_in(None).subjects
        if target not in known:
            raise CannotRun(f"{target!r} is not in the catalogue any more")
        return known[target]
    source = _in_place(source, folder)
    subjects = found_in(source).subjects
    return subjects[name] if name in subjects else next(iter(subjects.values()))


def _in_place(source: Source, folder: Path) -> Source:
    """The file as it is seen from here, or from where the report stands."""
    if not source.module.endswith(".py") or Path(source.module).exists():
        return source
    beside = folder / source.module
    if not beside.exists():
        raise CannotRun(f"the file {source.module!r} is gone. Run this in the folder in which it was found")
    return replace(source, module=str(beside))
