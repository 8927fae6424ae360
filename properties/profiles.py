"""How hard to look, under a name: while writing, before merging, and over night."""

from __future__ import annotations

from dataclasses import dataclass

STACKS_A_POINT = 2  # random stacks to each point of a layer: much of what a stack is, is somebody else's


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
