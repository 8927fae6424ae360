"""Verifying a layer from Python."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from backproof.engine.errors import SpecError
from backproof.engine.subjects import Layer, Subject, layer_subject
from backproof.properties.battery import applicable
from backproof.properties.judgement import Verdict
from backproof.properties.searching import Effort, Outcome, search

from .records import outcome_record
from .terminal import counterexample_text


@dataclass(frozen=True)
class Report:
    """What each property that applies said of a subject."""

    subject: str
    outcomes: tuple[Outcome, ...]

    @property
    def passed(self) -> bool:
        """Whether every property passed."""
        return all(outcome.verdict is Verdict.PASSED for outcome in self.outcomes)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        for outcome in self.outcomes:
            line = f"{outcome.verdict.value:<12} {self.subject}: {outcome.property.name} ({outcome.points} points)"
            yield f"{line}: {outcome.reason}" if outcome.reason and outcome.counterexample is None else line
        for outcome in self.outcomes:
            if outcome.counterexample is not None:
                yield f"\n{counterexample_text(outcome_record(outcome))}"


def check(subject: Layer | Subject, examples: int = 25, seed: int = 0) -> Report:
    """Judge a layer by every property that applies to it, on so many points each.

    Never raises for a falsified subject; raises SpecError where the subject contradicts its own description.
    """
    judged = layer_subject(subject, "layers") if isinstance(subject, Layer) else subject
    if not isinstance(judged, Subject):
        raise SpecError(
            f"subject={subject!r} is a {type(subject).__name__}, but should be a layer or a subject. "
            "Describe a function first: backproof.pair(forward, backward, signature), "
            "backproof.pullback(op, signature), or @backproof.layer(signature)."
        )
    if examples < 1:
        raise SpecError(f"examples={examples} should be at least 1: the number of points a search.")
    effort = Effort(examples, seed)
    return Report(judged.name, tuple(search(judged, prop, effort) for prop in applicable(judged)))
