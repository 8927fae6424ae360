"""What is said of a mistake."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnosis:
    """What a mistake looks like: one sentence, a slug for its kind, and the argument whose cotangent it is about."""

    says: str
    kind: str
    argument: str | None = None
