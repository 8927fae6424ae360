"""The right map of a counterexample, as the engine writes it."""

from __future__ import annotations

import copy
import re

from backproof.engine.errors import BackproofError
from backproof.engine.explaining import Explained, Explanation, explain, explain_subject
from backproof.engine.subjects import Subject, quietly, sample
from backproof.strategies.points import Point

LONGEST = 200  # characters

_FAILS = (BackproofError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError, AssertionError)


def right_map(subject: Subject, point: Point, first: str | None) -> tuple[Explanation, ...]:
    """The derivative and its transpose for each argument whose map is short, the one that is blamed first."""
    try:
        written = _explained(subject, point)
    except _FAILS:
        return ()
    shown = [each for e in written.explanations if (each := _whole(e, written)) is not None]
    return tuple(sorted(shown, key=lambda each: each.argument != first))


def _explained(subject: Subject, point: Point) -> Explained:
    try:
        return _at_the_options(subject, point)
    except _FAILS:  # options that fit the shapes of the point fit no others
        return explain_subject(subject)


def _at_the_options(subject: Subject, point: Point) -> Explained:
    values = dict(zip(subject.arguments, sample(subject.signature, subject.domains), strict=True))
    options = copy.deepcopy(dict(point.options))
    with quietly():
        return explain(lambda *arrays: subject.forward(*arrays, **options), **values)


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
