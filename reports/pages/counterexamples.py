"""A counterexample as the page shows it: numbers side by side, tables, heat, the stack, and error against step."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ..forms.telling import replay_command, right_maps
from ..records.making import Record
from .arrays import MOST, Table, place_of, table, table_of
from .diagram import diagram, stages_of
from .digits import Difference, difference, heat, largest_of, relative_error, said
from .steps import Plot, plot

MOST_IN_FULL = 30  # counterexamples with a section of their own; of further ones a line, and their files
SCRIPTS = 10  # of them that have their script in the page


@dataclass(frozen=True)
class Entry:
    """One entry of two arrays that should be equal."""

    place: str
    difference: Difference
    is_worst: bool


@dataclass(frozen=True)
class Heat:
    """How far off each entry of a cotangent is: a table of relative errors, and how hot each is (0 to 6)."""

    argument: str
    table: Table
    levels: tuple[int, ...]
    wrong: int


@dataclass(frozen=True)
class View:
    """Everything that a section of the page shows and that is not in the record as it stands."""

    arguments: tuple[tuple[Record, Table], ...]
    cotangent: Table
    entries: tuple[Entry, ...]
    worst: Entry | None
    heats: tuple[Heat, ...]
    stack: str
    steps: Plot | None
    path: str
    maps: tuple[Record, ...]
    replay: str
    check: str
    script: str
    source: str


def view(found: Record, folder: Path | None, number: int = 0) -> View:
    """The view of the counterexample that is shown after so many others; ``folder`` is where the page will stand."""
    mismatch = found.get("mismatch")
    entries = tuple(_entries(mismatch)) if mismatch else ()
    arguments = tuple((each, table_of(each, _marked(each, mismatch))) for each in found["arguments"])
    target = found.get("target")
    return View(
        arguments=arguments,
        cotangent=table_of(found["cotangent"]),
        entries=entries[:MOST],
        worst=next((entry for entry in entries if entry.is_worst), None),
        heats=tuple(_heat(each) for each in found.get("cotangents") or ()),
        stack=_stack(found),
        steps=plot(found.get("steps")),
        path=_path(found.get("path") or ()),
        maps=tuple(right_maps(found)),
        replay=replay_command(found, *([] if folder is None else [_seen_from_here(folder)])),
        script=found["script"] if number < SCRIPTS else "",
        check=f"backproof check {shlex.quote(target)}" if target else "",
        source=_source(found.get("written"), folder),
    )


def _marked(argument: Record, mismatch: Record | None) -> int | None:
    """The entry of an argument whose cotangent is furthest off; None where it is the only one, or no cotangent is."""
    if mismatch is None or mismatch["shape"] != argument["shape"] or len(mismatch["expected"]) < 2:
        return None
    return int(mismatch["worst"]) if mismatch["what"].endswith(f"cotangent for {argument['name']}") else None


def _entries(mismatch: Record) -> list[Entry]:
    largest = largest_of(mismatch["expected"])
    pairs = zip(mismatch["expected"], mismatch["got"], strict=False)
    return [
        Entry(place_of(number, mismatch["shape"]), difference(expected, got, largest), number == mismatch["worst"])
        for number, (expected, got) in enumerate(pairs)
    ]


def _heat(cotangent: Record) -> Heat:
    expected, got = cotangent["expected"], cotangent["got"]
    largest = largest_of(expected)
    errors = [relative_error(one, other, largest) for one, other in zip(expected, got, strict=False)]
    levels = tuple(map(heat, errors))
    worst = errors.index(max(errors)) if any(levels) and len(levels) > 1 else None
    shown = table(cotangent["shape"], [said(error) for error in errors], worst)
    return Heat(cotangent["argument"], shown, levels, sum(map(bool, levels)))


def _stack(found: Record) -> str:
    if not found.get("layers"):
        return ""
    arguments = [(each["name"], _shape(each["shape"])) for each in found["arguments"]]
    name, shape = arguments[0]
    output = f"output {_shape(found['cotangent']['shape'])}"
    return diagram(stages_of(found["layers"], arguments[1:], found.get("guilty")), f"{name} {shape}", output)


def _shape(shape: Sequence[int]) -> str:
    return f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)})"


def _path(path: Sequence[Record]) -> str:
    """How the point was made smaller, in words."""
    if len(path) < 2:
        return ""
    steps = [_at(each) for each in path]
    distinct = [step for number, step in enumerate(steps) if number == 0 or step != steps[number - 1]]
    if len(distinct) > 6:
        distinct = [*distinct[:3], f"{len(distinct) - 5} more", *distinct[-2:]]
    return f"Found with {', then '.join(distinct)}." if len(distinct) > 1 else ""


def _at(each: Record) -> str:
    layers = f"{each['layers']} layers of " if each.get("layers", 0) > 1 else ""
    return f"{layers}shapes {' '.join(map(_shape, each['shapes']))}"


def _seen_from_here(folder: Path) -> str:
    inside, here = folder.absolute(), Path.cwd()
    return str(inside.relative_to(here) if inside.is_relative_to(here) else inside)


def _source(written: Record | None, folder: Path | None) -> str:
    """The way from the page to the file where the pullback is written; nothing for files elsewhere."""
    if written is None or folder is None or Path(written["file"]).is_absolute():
        return ""
    way = os.path.relpath(Path.cwd() / written["file"], folder.resolve())
    return f"./{quote(Path(way).as_posix())}"
