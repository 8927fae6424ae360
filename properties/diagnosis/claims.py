"""What is wrong, seen as a whole: one argument, and the cases at which a hypothesis has to explain what is claimed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backproof.engine.subjects import Subject

from .cases import Case
from .runs import NotKnown, near
from .sayings import Diagnosis

Array = np.ndarray[Any, Any]
Guess = Callable[[Case], Array | None]  # the Jacobian that would be claimed; None where it says nothing

FEWEST = 2  # wrong cases that a hypothesis must explain


@dataclass(frozen=True)
class Claim:
    """A wrong derivative for one argument: generic ``cases``, all known, and ``special`` ones with zeros and ties."""

    subject: Subject
    position: int
    noun: str  # such as "the cotangent for w"
    cases: tuple[Case, ...]
    special: tuple[Case, ...] = ()
    pushes: bool = False  # of a pushforward, not of a pullback

    @property
    def argument(self) -> str:
        """The argument's name."""
        return self.subject.arguments[self.position]

    @property
    def dimensions(self) -> tuple[str | int, ...]:
        """What the signature says of the argument's shape."""
        return self.subject.signature.inputs[self.position]

    def says(self, what: str, kind: str) -> Diagnosis:
        """A diagnosis that begins with the noun."""
        return Diagnosis(f"{self.noun} {what}", kind, self.argument)


def given(function: Callable[..., Any], *values: Any) -> Callable[[Case], Any]:
    """The function of a case alone that another one is with these values behind it."""
    return lambda case: function(case, *values)


def explains(cases: Sequence[Case], guess: Guess, fewest: int = FEWEST) -> bool:
    """Whether a guess is what is claimed, entry by entry and at every case, among which enough are wrong.

    Cases at which the guess raises NotKnown count for nothing.
    """
    explained = 0
    for case in cases:
        try:
            guessed = guess(case)
        except NotKnown:
            continue
        if guessed is None:
            if case.is_wrong:
                return False
            continue
        if not near(guessed, case.claimed, float(np.max(np.abs(case.right), initial=0.0))):
            return False
        explained += case.is_wrong
    return explained >= fewest


def axis_called(claim: Claim, axis: int) -> str:
    """What a user calls an axis of the argument: by number, and by the signature's letter."""
    return _called(claim.dimensions, axis, claim.cases[0].primal.ndim)


def output_axis_called(claim: Claim, axis: int) -> str:
    """What a user calls an axis of the output (and of ct)."""
    return _called(claim.subject.signature.output or (), axis, claim.cases[0].output.ndim)


def _called(dimensions: tuple[str | int, ...], axis: int, rank: int) -> str:
    """``axis`` is counted from the end, and said from the front where the rank is always the same."""
    number = axis if "..." in dimensions or not dimensions else axis + rank
    named = dimensions[axis] if -axis <= len(dimensions) else ""
    return f"axis {number} ({named})" if isinstance(named, str) and named not in ("", "...") else f"axis {number}"


def axes_of(ranks: Iterator[int]) -> range:
    """The axes, counted from the end, that arrays of these ranks may have."""
    return range(-max(ranks, default=0), 0)


def expanded_to_output(case: Case, array: Array) -> Array | None:
    """An array of the output's shape (or one that broadcasts to it) beside each entry of the Jacobian."""
    try:
        whole = np.broadcast_to(array, case.output.shape)
    except ValueError:
        return None
    return np.asarray(whole.reshape((*case.output.shape, *[1] * case.primal.ndim)))


def expanded_to_argument(case: Case, array: Array) -> Array | None:
    """An array of the argument's shape (or one that broadcasts to it) beside each entry of the Jacobian."""
    try:
        return np.asarray(np.broadcast_to(array, case.primal.shape))
    except ValueError:
        return None
