"""What a session of pytest was asked: how hard to look, by what, which part, and where the report goes."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ..baseline.entries import NAME, Accepted, read_baseline
from ..runs.sharding import Shard, shard_of
from ..settings import Settings, settings_in

if TYPE_CHECKING:
    from backproof.properties.searching import Effort

_settings: pytest.StashKey[Settings] = pytest.StashKey()
_baseline: pytest.StashKey[list[Accepted]] = pytest.StashKey()
_shard: pytest.StashKey[Shard | None] = pytest.StashKey()


def read_session(config: pytest.Config) -> None:
    """Read what the project says. Raises SettingsError, BaselineError and ShardError where that is no good."""
    config.stash[_settings] = settings_in(config.rootpath)
    config.stash[_baseline] = read_baseline(config.rootpath / NAME)
    said = config.getoption("backproof_shard", None)
    config.stash[_shard] = shard_of(said) if said else None


def settings_of(config: pytest.Config) -> Settings:
    """What the command line says, and else what the project's ``[tool.backproof]`` says."""
    said = {
        field.name: value
        for field in fields(Settings)
        if (value := config.getoption(f"backproof_{field.name}", None)) is not None
    }
    if "properties" in said:
        said["properties"] = tuple(name.strip() for name in said["properties"].split(","))
    return replace(config.stash[_settings], **said)


def baseline_of(config: pytest.Config) -> list[Accepted]:
    """The failures that the project accepts."""
    return config.stash[_baseline]


def shard_in(config: pytest.Config) -> Shard | None:
    """The part of the searches that this session makes; None where it makes all."""
    return config.stash[_shard]


def folder_of(config: pytest.Config) -> Path:
    """Where the report of this session is written."""
    chosen = config.getoption("backproof_report")
    return Path(chosen) if chosen else config.rootpath / settings_of(config).report


def shown_folder(config: pytest.Config) -> str:
    """That folder as seen from here, if it is in here."""
    folder = folder_of(config).absolute()
    return str(folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder)


def effort_of(config: pytest.Config, stacks: bool = False) -> Effort:
    """How hard this session looks; failing points come from the last session too."""
    from backproof.properties.profiles import PROFILES, STACKS_A_POINT
    from backproof.properties.searching import Effort

    settings = settings_of(config)
    examples = settings.examples or PROFILES[settings.profile]
    if stacks:
        examples = STACKS_A_POINT * examples if settings.stacks is None else settings.stacks
    return Effort(examples, settings.seed, config.rootpath / ".hypothesis" / "backproof", seconds=settings.seconds)
