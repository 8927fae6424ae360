"""How hard to look, under a name: while writing, before merging, and over night."""

from __future__ import annotations

PROFILES = {"dev": 25, "ci": 100, "nightly": 2000}  # points a search
STACKS_A_POINT = 2  # random stacks to each point of a layer: much of what a stack is, is somebody else's
SURVEY = 5  # one in so many points, where everything that is registered is looked at and nobody asks for a part of it


def surveyed(examples: int) -> int:
    """The points a search of a survey, for a profile's points a search."""
    return -(-examples // SURVEY)
