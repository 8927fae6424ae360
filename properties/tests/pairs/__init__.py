"""Forward and backward passes as people write them by hand, each with a mistake planted in a copy."""

from __future__ import annotations

from dataclasses import dataclass

from backproof.engine.subjects import Subject


@dataclass(frozen=True)
class Pair:
    """Hand-written code that is right, a copy with one mistake, and what the mistake is."""

    right: Subject
    wrong: Subject
    mistake: str
