"""What a project says in its pyproject.toml of how it is verified: the table ``[tool.backproof]``.

It imports nothing heavy, because pytest reads it in projects that verify nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

PROFILE_NAMES = ("dev", "ci", "nightly")


class SettingsError(ValueError):
    """The table ``[tool.backproof]`` says something that there is not."""


@dataclass(frozen=True)
class Settings:
    """How hard to look, by which properties, and where to write; None where the profile says it."""

    profile: str = PROFILE_NAMES[0]
    seed: int = 0
    examples: int | None = None
    stacks: int | None = None
    seconds: float | None = None
    limit: float | None = None
    properties: tuple[str, ...] | None = None
    report: str = "backproof-report"


def settings_in(folder: Path) -> Settings:
    """The settings of the project in a folder; those that there are without any where it says nothing.

    Raises SettingsError for a key that there is not, or a value of the wrong kind.
    """
    file = folder / "pyproject.toml"
    if not file.is_file():
        return Settings()
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()  # whoever reads it for its own sake says so
    table = document.get("tool", {}).get("backproof", {})
    if not isinstance(table, Mapping):
        raise SettingsError(f"[tool.backproof] in {file.name} is {table!r}, but should be a table.")
    return Settings(**{key: _checked(key, value) for key, value in table.items()})


def _checked(key: str, value: Any) -> Any:
    known = [field.name for field in fields(Settings)]
    if key not in known:
        close = get_close_matches(key, known, n=1)
        meant = f" Did you mean {close[0]!r}?" if close else ""
        raise SettingsError(f"[tool.backproof] has no key {key!r}.{meant} The keys are {', '.join(known)}.")
    should = _SHOULD_BE[key]
    if not should.holds(value):
        raise SettingsError(f"[tool.backproof] says {key} = {value!r}, but it should be {should.words}.")
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True)
class _Requirement:
    words: str
    holds: Callable[[Any], bool]


def _is_whole(least: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least


_POSITIVE = _Requirement(
    "a positive number",
    lambda value: isinstance(value, int | float) and not isinstance(value, bool) and value > 0,
)
_SHOULD_BE = {
    "profile": _Requirement(f"one of {', '.join(PROFILE_NAMES)}", lambda value: value in PROFILE_NAMES),
    "seed": _Requirement("an integer, 0 or more", _is_whole(0)),
    "examples": _Requirement("an integer, 1 or more", _is_whole(1)),
    "stacks": _Requirement("an integer, 0 or more", _is_whole(0)),
    "seconds": _POSITIVE,
    "limit": _POSITIVE,
    "properties": _Requirement(
        "a list of names of properties",
        lambda value: isinstance(value, list) and all(isinstance(name, str) for name in value),
    ),
    "report": _Requirement("the name of a folder", lambda value: isinstance(value, str) and bool(value)),
}
