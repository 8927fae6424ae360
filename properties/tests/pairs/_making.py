"""Short hands for a `Pair`: the right subject, the wrong one under the same name, and the mistake in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backproof.engine.subjects import layer_object, pair, pullback

from . import Pair

Function = Callable[..., Any]


def planted_pair(
    name: str, signature: str, forward: Function, right: Function, wrong: Function, mistake: str, **declared: Any
) -> Pair:
    """One forward, its backward, and a copy of the backward with a mistake."""
    return Pair(
        right=pair(forward, right, signature, name=name, **declared),
        wrong=pair(forward, wrong, signature, name=f"{name} (wrong)", **declared),
        mistake=mistake,
    )


def planted_pullback(
    name: str, signature: str, right: Function, wrong: Function, mistake: str, **declared: Any
) -> Pair:
    """An operation that returns its pullback, and a copy with a mistake."""
    return Pair(
        right=pullback(right, signature, name=name, **declared),
        wrong=pullback(wrong, signature, name=f"{name} (wrong)", **declared),
        mistake=mistake,
    )


def planted_object(name: str, signature: str, right: Function, wrong: Function, mistake: str, **declared: Any) -> Pair:
    """A factory of layer objects, and one of objects with a mistake."""
    return Pair(
        right=layer_object(right, signature, name=name, **declared),
        wrong=layer_object(wrong, signature, name=f"{name} (wrong)", **declared),
        mistake=mistake,
    )


PAIRS: list[Pair] = []  # none of its own
