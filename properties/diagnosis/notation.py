"""The right map of a counterexample, as the engine writes it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backproof.engine.errors import BackproofError
from backproof.engine.explaining import Explained, Explanation, explain_subject
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

LONGEST = 200  # characters

_FAILS = (BackproofError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError, AssertionError)


def right_map(subject: Subject, point: Point, wrong: Sequence[str]) -> tuple[Explanation, ...]:
    """The derivative and its transpose for each argument that is wrong, in that order, where short.

    Nothing where numbers are in them that belong to other arrays than the point's.
    """
    try:
        written = explain_subject(subject, point.options)
    except _FAILS:
        return ()
    if not written.of_any_size:
        return ()
    by_name = {each.argument: each for each in written.explanations}
    shown = (_whole(by_name[name], written) for name in wrong if name in by_name)
    return tuple(each for each in shown if each is not None)


def _whole(explanation: Explanation, written: Explained) -> Explanation | None:
    """With what its names stand for; None where that is too long."""
    derivative, pullback = (_with_names(text, written) for text in (explanation.derivative, explanation.pullback))
    if max(len(derivative), len(pullback)) > LONGEST:
        return None
    return Explanation(explanation.argument, derivative, pullback)


def _with_names(text: str, written: Explained) -> str:
    used = text
    definitions = []
    for name, definition in reversed(list(written.where.items())):
        if re.search(rf"\b{name}\b", used):
            definitions.append(f"{name} = {definition}")
            used += " " + definition
    return f"{text} where {', '.join(reversed(definitions))}" if definitions else text
