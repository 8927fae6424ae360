"""What a run changed of that which it was handed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

Array = np.ndarray[Any, Any]


def changed_in_place(
    subject: Subject, point: Point, given: Sequence[Array], ct: Array, options: Mapping[str, Any]
) -> str:
    """Which of the things that a run at a point was handed are others now, in words; nothing if none is."""
    for name, before, after in zip(subject.arguments, point.primals, given, strict=True):
        if name not in subject.state and not is_unchanged(before, after):
            return f"its argument {name} in place"
    if not is_unchanged(point.cotangent, ct):
        return "its cotangent in place"
    for name, before in point.options.items():
        if not is_unchanged(before, options.get(name)):
            return f"the value of its option {name} in place"
    return ""


def is_unchanged(before: Any, after: Any) -> bool:
    """Whether an array is what it was, byte for byte; or a value, or a collection of them."""
    if isinstance(before, np.ndarray):
        return (before.shape, before.dtype) == (after.shape, after.dtype) and before.tobytes() == after.tobytes()
    if isinstance(before, tuple | list):
        return len(before) == len(after) and all(map(is_unchanged, before, after))
    return bool(before is after or before == after)
