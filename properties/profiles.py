"""How hard to look, under a name: while writing, before merging, and over night."""

from __future__ import annotations

from dataclasses import dataclass

STACKS_A_POINT = 2  # random stacks to each point of a layer: much of what a stack is, is somebody else's


SURVEY = 5  # one in so many points, where everything that is registered is looked at and nobody asks for a part of it


def surveyed(examples: int) -> int:
    """The points a search of a survey, for a profile's points a search."""
    return -(-examples // SURVEY)


@dataclass(frozen=True)
class Profile:
    """Points a search, and random stacks a property."""

    examples: int
    stacks: int


PROFILES = {
    "dev": Profile(examples=25, stacks=50),
    "ci": Profile(examples=100, stacks=200),
    "nightly": Profile(examples=2000, stacks=4000),
}
