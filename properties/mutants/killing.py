"""Whether any property tells a mutant from the original."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from types import CodeType, FunctionType
from typing import Any

from backproof.engine.subjects import Subject

from .. import judgement
from ..battery import PROPERTIES, applicable
from ..searching import Effort, search

_DERIVATIVES = ("jvp", "hvp")  # of a subject, besides its vjp


class Verdict(StrEnum):
    """What becomes of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    UNDECIDED = "undecided"  # no property falsified it, and at least one decided nothing


@dataclass(frozen=True)
class Fate:
    """The verdict on a mutant, and what told it from the original (or, of an undecided one, what could not)."""

    verdict: Verdict
    by: str = ""


@contextmanager
def swapped(function: FunctionType, code: CodeType) -> Iterator[None]:
    """Until the block ends, let a function run other code."""
    before = function.__code__
    function.__code__ = code
    try:
        yield
    finally:
        function.__code__ = before


def mutated(subject: Subject, function: FunctionType, code: CodeType) -> Subject:
    """The subject whose derivative, and nothing else, runs other code of a function.

    The forward runs the original: what a mutated derivative is held against is what it should be.
    """

    def under(derivative: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **keywords: Any) -> Any:
            with swapped(function, code):
                return derivative(*arguments, **keywords)

        return run

    def vjp(*primals: Any, **options: Any) -> Any:
        output, pull = under(subject.vjp)(*primals, **options)
        return output, under(pull)

    others: dict[str, Any] = {name: under(run) for name in _DERIVATIVES if (run := getattr(subject, name)) is not None}
    return replace(subject, vjp=vjp, **others)


def settled(
    subjects: Sequence[Subject], function: FunctionType, code: CodeType, effort: Effort, first: str = ""
) -> Fate:
    """What becomes of a mutant: searched by every property of every subject until one is falsified or it raises.

    One property after the other, the one named ``first`` before the others: what some subjects cannot tell, another
    tells by the first property as a rule.
    """
    mutants = [mutated(subject, function, code) for subject in subjects]
    apply = [{prop.name for prop in applicable(mutant)} for mutant in mutants]
    undecided = ""
    for prop in sorted(PROPERTIES.values(), key=lambda prop: prop.name != first):
        for mutant in (mutant for mutant, names in zip(mutants, apply, strict=True) if prop.name in names):
            try:
                outcome = search(mutant, prop, effort)
            except Exception as error:  # whatever mutated code raises
                root = error.__cause__ or error
                return Fate(Verdict.KILLED, f"raises {type(root).__name__}")
            if outcome.verdict is judgement.Verdict.FALSIFIED:
                return Fate(Verdict.KILLED, prop.name)
            if outcome.verdict is judgement.Verdict.INCONCLUSIVE:
                undecided = undecided or f"{mutant.name}: {prop.name}: {outcome.reason}"
    return Fate(Verdict.UNDECIDED, undecided) if undecided else Fate(Verdict.SURVIVED)
