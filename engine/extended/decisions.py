"""Data-dependent decisions: recorded at a point, replayed beside it.

A difference quotient is of one smooth piece only if both its ends take the branches that the point takes.
So every comparison, maximum, sign and extremum of a recorded run is written down, and a replayed run takes
the answers from the list. Where the operands are equal (or their balls overlap) the decision is a *tie*:
each of its alternatives is a piece of its own, and a `Policy` says which one a replay takes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import numpy as np

from ..errors import BackproofError

Indices = np.ndarray[Any, Any]

_SELECTIONS = frozenset(["maximum", "minimum", "absolute", "max", "min", "sort"])

HALF = -1  # a resolved index that stands for the mean of the tied alternatives


@dataclass(frozen=True)
class Policy:
    """What a replay does at ties: ``actual`` (as the run itself did), ``first``, ``last``, ``half``, or a list.

    The list names one alternative for each tie, in the order in which they were met.
    """

    name: str
    choices: tuple[int, ...] = ()


ACTUAL = Policy("actual")
UNIFORM = (ACTUAL, Policy("first"), Policy("last"), Policy("half"))


@dataclass(frozen=True)
class Decision:
    """One decision: the index taken at each element, and how many alternatives are tied there (1: no tie)."""

    kind: str
    index: Indices
    alternatives: Indices
    noted: Indices | None = None  # what else a replay needs: an order along an axis, or integers rounded to


@dataclass
class Log:
    """The decisions of one run, in order."""

    decisions: list[Decision] = field(default_factory=list)

    @property
    def tied(self) -> tuple[int, ...]:
        """The number of alternatives of each tie, in order."""
        return tuple(int(count) for d in self.decisions for count in d.alternatives[d.alternatives > 1].ravel())

    @property
    def selects_only(self) -> bool:
        """Whether every tie is between equal values (a maximum, an absolute value), not between branches."""
        return all(d.kind in _SELECTIONS for d in self.decisions if np.any(d.alternatives > 1))

    def single_flips(self) -> tuple[Policy, ...]:
        """The policies that decide one tie each as the run itself did not, and all others as it did."""
        taken = [i for d in self.decisions for i in d.index[d.alternatives > 1].ravel().tolist()]
        flips = []
        for position, count in enumerate(self.tied):
            for other in range(count):
                choices = [*taken[:position], other, *taken[position + 1 :]]
                flips.append(Policy("listed", tuple(choices)))
        return tuple(flips)

    def policies(self, most: int = 64) -> tuple[tuple[Policy, ...], bool]:
        """The policies worth trying, and whether they cover every combination of pieces at the ties."""
        tied = self.tied
        if not tied:
            return (ACTUAL,), True
        if math.prod(tied) > most:
            return UNIFORM, False
        listed = tuple(Policy("listed", choices) for choices in product(*(range(n) for n in tied)))
        return UNIFORM + listed, True


def _other_path(now: str, then: str) -> BackproofError:
    return BackproofError(
        f"the forward {now} where its recorded run decided by {then}: it does not repeat itself. "
        "Fix its random state and its caches."
    )


class _Replay:
    """Hands out the decisions of a log in order."""

    def __init__(self, log: Log, policy: Policy) -> None:
        self.decisions = iter(log.decisions)
        self.policy = policy
        self.choices = iter(policy.choices)

    def resolve(self, kind: str, shape: tuple[int, ...]) -> Decision:
        decision = next(self.decisions, None)
        if decision is None or decision.kind != kind or decision.index.shape != shape:
            met = f"{decision.kind} of shape {decision.index.shape}" if decision else "nothing more"
            raise _other_path(f"decides by {kind} of shape {shape}", met)
        tied = decision.alternatives > 1
        if not tied.any() or self.policy.name == "actual":
            return decision
        taken = decision.index.copy()
        counts = decision.alternatives[tied]
        if self.policy.name == "listed":
            taken[tied] = [next(self.choices) for _ in counts]
        else:
            taken[tied] = {"first": 0, "last": counts - 1, "half": HALF}[self.policy.name]
        return replace(decision, index=taken)


_log: ContextVar[Log | _Replay | None] = ContextVar("backproof_decisions", default=None)


@contextmanager
def recording() -> Iterator[Log]:
    """Write down the decisions that are made until the block ends."""
    log = Log()
    token = _log.set(log)
    try:
        yield log
    finally:
        _log.reset(token)


@contextmanager
def replaying(log: Log, policy: Policy = ACTUAL) -> Iterator[None]:
    """Take the decisions of a recorded run, in the same order, until the block ends.

    Raises BackproofError where the run in the block decides anything else, or less.
    """
    replay = _Replay(log, policy)
    token = _log.set(replay)
    try:
        yield
    finally:
        _log.reset(token)
    left = next(replay.decisions, None)
    if left is not None:
        raise _other_path("decides nothing more", left.kind)


def replayed(kind: str, shape: tuple[int, ...]) -> Decision | None:
    """The next decision of the run being replayed, of this shape; None where decisions are to be made."""
    current = _log.get()
    return current.resolve(kind, shape) if isinstance(current, _Replay) else None


def decided(kind: str, index: Indices, alternatives: Indices, noted: Indices | None = None) -> Decision:
    """A decision just made, written down if anyone is writing."""
    decision = Decision(kind, np.asarray(index, dtype=int), np.asarray(alternatives, dtype=int), noted)
    current = _log.get()
    if isinstance(current, Log):
        current.decisions.append(decision)
    return decision
