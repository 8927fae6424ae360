"""Finding counterexamples by what a person calls them: an id or its beginning, a file, or a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from backproof.engine.errors import nearest

from ..records.making import Record
from ..records.reading import REPORT, ReportError, read_counterexample, read_counterexamples


def counterexamples_named(names: Sequence[str], folder: Path) -> list[tuple[Record, Path]]:
    """The counterexamples of these names, each once, with the folders that their files stand in.

    Without names, all of the report in a folder. Raises ReportError for a name that nothing answers to, or several do.
    """
    if not names:
        return [(found, folder) for found in read_counterexamples(folder / REPORT)]
    found: dict[str, tuple[Record, Path]] = {}
    for name in names:
        path = Path(name)
        if path.suffix == ".json" or (name and path.is_dir()):
            here = path if path.is_dir() else path.parent
            found.update({record["id"]: (record, here) for record in read_counterexamples(path)})
        else:
            record = by_id(name, folder)
            found[record["id"]] = record, folder
    return list(found.values())


def by_id(beginning: str, folder: Path) -> Record:
    """The counterexample of a report folder whose id begins so. Raises ReportError where that is not exactly one."""
    kept = {path.stem: path for path in sorted(folder.glob("*.json")) if path.name != REPORT}
    if beginning in kept:
        return read_counterexample(kept[beginning])
    reported: dict[str, Record] = {}
    if (folder / REPORT).exists():
        reported = {record["id"]: record for record in read_counterexamples(folder / REPORT)}
    known = sorted({*reported, *kept})
    fitting = [identity for identity in known if identity.startswith(beginning)]
    if len(fitting) == 1:
        return reported.get(fitting[0]) or read_counterexample(kept[fitting[0]])
    if fitting:
        raise ReportError(f"{beginning!r} is the beginning of {len(fitting)} ids: {', '.join(fitting)}. Write more.")
    if not known:
        raise ReportError(
            f"there is no counterexample in {str(folder)!r}. Name its folder with --report, or its file: ID.json."
        )
    raise ReportError(
        f"no counterexample in {str(folder)!r} has an id that begins with {beginning!r}."
        f"{nearest(beginning, known)} They are {', '.join(known)}."
    )
