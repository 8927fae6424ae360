"""Layers that are right alone, and wrong together: which of them does what to whom.

Asked only where a stack is wrong, and on floats: the layers are run in pairs, the one that stands first in the
stack before the other one, and whatever should be the same is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from backproof.engine.extended import released
from backproof.engine.subjects import quietly

from .composing import Use, called
from .in_place import changed_in_place
from .plain_runs import Raised, are_far, pulled, run

_KEPT = "its pullback in the stack is not the one it has alone: something it keeps was overwritten by"
_HANDS_OUT = "it hands out an array that it keeps"


def blamed(uses: Sequence[Use]) -> str:
    """The layer that spoils the stack, and how, in words; empty where no two layers are enough to show it."""
    with released(), quietly():
        for number, use in enumerate(uses):
            found = _changes(use)
            if found:
                return f"{called(number, uses)}: {found}"
        for first, second in combinations(range(len(uses)), 2):
            found = _together(uses, first, second)
            if found:
                return found
    return ""


def _changes(use: Use) -> str:
    """What of that which a layer is handed it changes in place."""
    given, ct, options = [p.copy() for p in use.point.primals], use.point.cotangent.copy(), use.point.options
    try:
        _, pullback = run(use.subject, given, options)
        who = "forward"
        changed = changed_in_place(use.subject, use.point, given, ct, options)
        if not changed:
            pulled(use.subject, pullback, ct)
            who, changed = "pullback", changed_in_place(use.subject, use.point, given, ct, options)
    except Raised:
        return ""
    return f"the {who} changed {changed}: whoever else has it is wrong now" if changed else ""


def _together(uses: Sequence[Use], first: int, second: int) -> str:
    """What becomes of two layers of which both forwards run before the pullbacks do, the second one's first."""
    one, other = called(first, uses), called(second, uses)
    try:
        alone = _pulled(uses[first], _run(uses[first])[1])
        output, pullback = _run(uses[first])
        kept = np.array(output)
        later = _run(uses[second])[1]
    except Raised:
        return ""
    if are_far(kept, np.asarray(output)):
        return f"{one}: its output was overwritten by a later forward, that of {other}: {_HANDS_OUT}"
    try:
        if _differ_anywhere(alone, _pulled(uses[first], pullback)):
            return f"{one}: {_KEPT} a later forward, that of {other}"
    except Raised as raised:
        return f"{one}: after a later forward, that of {other}, its pullback raised {raised}"
    try:
        pullback, later = _run(uses[first])[1], _run(uses[second])[1]
        returned = pulled(uses[second].subject, later, uses[second].point.cotangent.copy(), copied=False)
        copies = [None if array is None else np.array(array) for array in returned]
        afterwards = _pulled(uses[first], pullback)
    except Raised as raised:
        return f"{one}: after the pullback of {other}, its own raised {raised}"
    if _differ_anywhere(copies, returned):
        return f"{other}: what its pullback returned was overwritten by that of {one}: {_HANDS_OUT}"
    return f"{one}: {_KEPT} the pullback of {other}" if _differ_anywhere(alone, afterwards) else ""


def _run(use: Use) -> tuple[Any, Any]:
    return run(use.subject, [p.copy() for p in use.point.primals], use.point.options)


def _pulled(use: Use, pullback: Any) -> Sequence[Any]:
    return pulled(use.subject, pullback, use.point.cotangent.copy())


def _differ_anywhere(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return any(are_far(a, np.asarray(b)) for a, b in zip(one, other, strict=True) if a is not None and b is not None)
