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

Array = np.ndarray[Any, Any]

NEARLY = 1e-9  # of the largest entry

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
    given, ct = [p.copy() for p in use.point.primals], use.point.cotangent.copy()
    try:
        _, pullback = use.subject.vjp(*given, **use.point.options)
        changed = _changed(use, given)
        if changed:
            return f"the forward changed its argument {changed} in place: whoever else has it is wrong now"
        pullback(ct)
    except Exception:  # a person's code may raise anything
        return ""
    changed = _changed(use, given)
    what = f"argument {changed}" if changed else "cotangent" if _differ(use.point.cotangent, ct) else ""
    return f"the pullback changed its {what} in place: whoever else has it is wrong now" if what else ""


def _changed(use: Use, given: Sequence[Array]) -> str:
    named = zip(use.subject.arguments, use.point.primals, given, strict=True)
    return next((name for name, before, after in named if _differ(before, after)), "")


def _together(uses: Sequence[Use], first: int, second: int) -> str:
    """What becomes of two layers of which both forwards run before the pullbacks do, the second one's first."""
    one, other = called(first, uses), called(second, uses)
    try:
        alone = _pulled(uses[first], _run(uses[first])[1])
        output, pullback = _run(uses[first])
        kept = np.array(output)
        later = _run(uses[second])[1]
    except Exception:  # a person's code may raise anything
        return ""
    if _differ(kept, output):
        return f"{one}: its output was overwritten by a later forward, that of {other}: {_HANDS_OUT}"
    try:
        if _differ_anywhere(alone, _pulled(uses[first], pullback)):
            return f"{one}: {_KEPT} a later forward, that of {other}"
    except Exception as error:
        return f"{one}: after a later forward, that of {other}, its pullback raised {type(error).__name__}: {error}"
    try:
        pullback, later = _run(uses[first])[1], _run(uses[second])[1]
        returned = list(later(uses[second].point.cotangent.copy()))
        copies = [None if array is None else np.array(array) for array in returned]
        pulled = _pulled(uses[first], pullback)
    except Exception as error:
        return f"{one}: after the pullback of {other}, its own raised {type(error).__name__}: {error}"
    if _differ_anywhere(copies, returned):
        return f"{other}: what its pullback returned was overwritten by that of {one}: {_HANDS_OUT}"
    return f"{one}: {_KEPT} the pullback of {other}" if _differ_anywhere(alone, pulled) else ""


def _run(use: Use) -> tuple[Any, Any]:
    return use.subject.vjp(*(p.copy() for p in use.point.primals), **use.point.options)


def _pulled(use: Use, pullback: Any) -> list[Any]:
    return [None if array is None else np.array(array) for array in pullback(use.point.cotangent.copy())]


def _differ_anywhere(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return any(_differ(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None)


def _differ(one: Any, other: Any) -> bool:
    a, b = np.asarray(one), np.asarray(other)
    if a.shape != b.shape:
        return True
    if a.dtype.kind != "f":
        return not np.array_equal(a, b)
    finite = np.isfinite(a) & np.isfinite(b)
    off = np.max(np.abs(a - b), initial=0.0, where=finite)
    return bool(off > NEARLY * np.max(np.abs(a), initial=0.0, where=finite)) or not np.array_equal(
        np.isfinite(a), np.isfinite(b)
    )
