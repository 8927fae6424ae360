"""Data-dependent decisions: recorded at a point, replayed beside it.

A difference quotient is of one smooth piece only if both its ends take the branches that the point takes.
So every comparison, maximum, sign and extremum of a recorded run is written down, and a replayed run takes
the answers from the list. Where the operands are equal (or their balls overlap) the decision is a *tie*:
each of its alternatives is a piece of its own, and a `Policy` says which one a recorded run takes.
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

HALF = -1  # a resolved index that stands for the mean of the tied alternatives


@dataclass(frozen=True)
class Policy:
    """What a run does at ties: ``actual`` (as its code says), ``first``, ``last``, ``half``, or a list.

    The list names one alternative for each tie, in the order in which they are met.
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
    """The decisions of one run, in order. Its policy resolves the ties that it meets.

    ``guide`` is the log of the same run without a policy: it knows which ties are ties of this point alone.
    """

    policy: Policy = ACTUAL
    guide: Log | None = None
    decisions: list[Decision] = field(default_factory=list)
    choices: Iterator[int] = field(default_factory=lambda: iter(()))

    @property
    def tied(self) -> tuple[int, ...]:
        """The number of alternatives of each tie, in order."""
        return tuple(int(count) for d in self.decisions for count in d.alternatives[d.alternatives > 1].ravel())

    @property
    def taken(self) -> tuple[int, ...]:
        """The alternative taken at each tie, in order."""
        return tuple(int(i) for d in self.decisions for i in d.index[d.alternatives > 1].ravel())

    def flips(self) -> tuple[tuple[int, Policy], ...]:
        """The policies that decide one tie each as the run itself did not, and which tie that is."""
        taken = self.taken
        return tuple(
            (tie, Policy("listed", (*taken[:tie], other, *taken[tie + 1 :])))
            for tie, count in enumerate(self.tied)
            for other in range(count)
            if other != taken[tie]
        )

    def policies(self, most: int = 64) -> tuple[tuple[Policy, ...], bool]:
        """The policies worth trying, and whether they cover every combination of pieces at the ties."""
        tied = self.tied
        if not tied:
            return (ACTUAL,), True
        if math.prod(tied) > most:
            return UNIFORM, False
        listed = tuple(Policy("listed", choices) for choices in product(*(range(n) for n in tied)))
        return UNIFORM + listed, True

    def without(self, beside: Log) -> Log:
        """The same decisions, less the ties that are as tied in a run a generic step beside this one.

        What is equal there too, such as zeros that the code itself has written, does not cross here.
        """
        decisions = list(self.decisions)
        for position, (here, there) in enumerate(zip(self.decisions, beside.decisions, strict=False)):
            if (here.kind, here.index.shape) != (there.kind, there.index.shape):
                break
            lasting = (here.alternatives > 1) & (here.alternatives == there.alternatives)
            if lasting.any():
                decisions[position] = replace(here, alternatives=np.where(lasting, 1, here.alternatives))
        return Log(decisions=decisions)

    def note(self, decision: Decision) -> Decision:
        """Write a decision down, its ties resolved by the policy."""
        resolved = self._resolved(decision) if self.policy is not ACTUAL else decision
        self.decisions.append(resolved)
        return resolved

    def _resolved(self, decision: Decision) -> Decision:
        position = len(self.decisions)
        guide = self.guide.decisions[position : position + 1] if self.guide else []
        if guide and (guide[0].kind, guide[0].index.shape) == (decision.kind, decision.index.shape):
            decision = replace(decision, alternatives=guide[0].alternatives)
        elif self.guide:
            self.guide = None  # another path than the guide's: from here on, the run decides by itself
        tied = decision.alternatives > 1
        if not tied.any():
            return decision
        index, counts = decision.index.copy(), decision.alternatives[tied]
        if self.policy.name == "listed":
            index[tied] = [next(self.choices, here) for here in index[tied].tolist()]
        else:
            index[tied] = {"first": 0, "last": counts - 1, "half": HALF}[self.policy.name]
        return replace(decision, index=index)


def _other_path(now: str, then: str) -> BackproofError:
    return BackproofError(
        f"the forward {now} where its recorded run decided by {then}: it does not repeat itself. "
        "Fix its random state and its caches."
    )


class _Replay:
    """Hands out the decisions of a log in order."""

    def __init__(self, log: Log) -> None:
        self.decisions = iter(log.decisions)

    def resolve(self, kind: str, shape: tuple[int, ...]) -> Decision:
        decision = next(self.decisions, None)
        if decision is None or decision.kind != kind or decision.index.shape != shape:
            met = f"{decision.kind} of shape {decision.index.shape}" if decision else "nothing more"
            raise _other_path(f"decides by {kind} of shape {shape}", met)
        return decision


_log: ContextVar[Log | _Replay | None] = ContextVar("backproof_decisions", default=None)


@contextmanager
def recording(policy: Policy = ACTUAL, guide: Log | None = None) -> Iterator[Log]:
    """Write down the decisions that are made until the block ends; a policy resolves the ties among them."""
    log = Log(policy, guide, choices=iter(policy.choices))
    token = _log.set(log)
    try:
        yield log
    finally:
        _log.reset(token)


@contextmanager
def replaying(log: Log) -> Iterator[None]:
    """Take the decisions of a recorded run, in the same order, until the block ends.

    Raises BackproofError where the run in the block decides anything else, or less.
    """
    replay = _Replay(log)
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
    return current.note(decision) if isinstance(current, Log) else decision
