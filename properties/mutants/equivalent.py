"""Mutants that are known to be no mistakes, each with the reason why."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from backproof.engine.errors import SpecError

from .operators import OPERATORS
from .rewriting import Mutant

ENGINES = Path(__file__).parent / "equivalent.toml"
_KEYS = ("function", "operator", "before", "after", "because")


@dataclass(frozen=True)
class Equivalent:
    """A mutant that nothing can tell from the original: the line that it changes, what it becomes, and why."""

    function: str
    operator: str
    before: str
    after: str
    because: str

    def is_of(self, mutant: Mutant) -> bool:
        """Whether this speaks of a mutant."""
        lines = ("\n".join(mutant.before), "\n".join(mutant.after))
        return (self.function, self.operator, self.before, self.after) == (mutant.function, mutant.operator, *lines)


def read_equivalents(file: Path) -> list[Equivalent]:
    """The mutants listed in a file. Raises SpecError where it is not of the form that it should have."""
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8")).get("equivalent", [])
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SpecError(
            f"{str(file)!r} cannot be read: {error}. Name a TOML file with [[equivalent]] tables."
        ) from error
    for entry in entries:
        if set(entry) != set(_KEYS) or entry["operator"] not in OPERATORS or not entry["because"].strip():
            raise SpecError(
                f"{str(file)!r}: an entry {entry} should have the keys {', '.join(_KEYS)}, an operator that exists, "
                "and a reason that says something."
            )
    return [Equivalent(**entry) for entry in entries]


def listed_equivalents(
    survivors: Iterable[Mutant], equivalents: Sequence[Equivalent]
) -> tuple[dict[Mutant, Equivalent], list[Equivalent]]:
    """The survivors that are listed, each with its entry, and the entries that no survivor answers to."""
    found = {mutant: entry for mutant in survivors for entry in equivalents if entry.is_of(mutant)}
    used = set(found.values())
    return found, [entry for entry in equivalents if entry not in used]
