"""Short hands for a `Planted`: two pieces of code, and one set of declarations that is said of both."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from backproof.engine.subjects import Subject, layer_object, pair, pullback

from . import Planted

Function = Callable[..., Any]

DIFFERENCES = "vjp_matches_differences"


def planted_pair(
    name: str,
    signature: str,
    right: tuple[Function, Function],
    wrong: tuple[Function, Function],
    mistake: str,
    caught_by: str = DIFFERENCES,
    **declared: Any,
) -> Planted:
    """Two pairs of a forward and a backward."""

    def subject(code: tuple[Function, Function], called: str) -> Subject:
        return pair(*code, signature, name=called, **deepcopy(declared))  # nobody changes the other's options

    return Planted(subject(right, name), subject(wrong, f"{name} (wrong)"), mistake, caught_by)


def planted_pullback(
    name: str,
    signature: str,
    right: Function,
    wrong: Function,
    mistake: str,
    caught_by: str = DIFFERENCES,
    **declared: Any,
) -> Planted:
    """Two operations that return their pullbacks."""

    def subject(code: Function, called: str) -> Subject:
        return pullback(code, signature, name=called, **deepcopy(declared))

    return Planted(subject(right, name), subject(wrong, f"{name} (wrong)"), mistake, caught_by)


def planted_object(
    name: str,
    signature: str,
    right: Function,
    wrong: Function,
    mistake: str,
    caught_by: str = DIFFERENCES,
    **declared: Any,
) -> Planted:
    """Two factories of layer objects."""

    def subject(code: Function, called: str) -> Subject:
        return layer_object(code, signature, name=called, **deepcopy(declared))

    return Planted(subject(right, name), subject(wrong, f"{name} (wrong)"), mistake, caught_by)
