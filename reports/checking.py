"""Verifying a layer or a subject from Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from backproof.engine.errors import SpecError
from backproof.properties.judgement import Verdict
from backproof.properties.profiles import STACKS_A_POINT
from backproof.properties.searching import Effort, Outcome

from .forms.terminal import counterexample_text
from .records.making import outcome_record
from .runs.searches import as_subject, searches_of


@dataclass(frozen=True)
class Report:
    """What each property that applies said of a subject."""

    subject: str
    outcomes: tuple[Outcome, ...]

    @property
    def passed(self) -> bool:
        """Whether every property passed."""
        return all(outcome.verdict is Verdict.PASSED for outcome in self.outcomes)

    @property
    def falsified(self) -> tuple[Outcome, ...]:
        """The outcomes with a counterexample."""
        return tuple(outcome for outcome in self.outcomes if outcome.verdict is Verdict.FALSIFIED)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        for outcome in self.outcomes:
            line = f"{outcome.verdict.value:<12} {outcome.subject}: {outcome.property.name} ({outcome.points} points)"
            yield f"{line}: {outcome.reason}" if outcome.reason and outcome.counterexample is None else line
        for outcome in self.falsified:
            yield f"\n{counterexample_text(outcome_record(outcome))}"


class Falsified(AssertionError):
    """A subject is wrong; the text is the counterexample, and ``report`` what each property said."""

    report: Report | None = None


class Undecided(AssertionError):
    """Nothing was falsified, but too little could be decided; the text says why, and ``report`` has it all."""

    report: Report | None = None


def check(
    subject: Any,
    examples: int = 25,
    seed: int = 0,
    properties: Iterable[str] | None = None,
    seconds: float | None = None,
) -> Report:
    """Judge a layer or a subject by every property that applies to it, or by those named, on so many points each.

    What is right alone is judged in random stacks too, where it fits into any. ``seconds`` is the time that one
    search may take. Never raises for a falsified subject; raises SpecError where the subject contradicts its own
    description.
    """
    judged = as_subject(subject)
    if examples < 1:
        raise SpecError(f"examples={examples} should be at least 1: the number of points a search.")
    if seconds is not None and seconds <= 0:
        raise SpecError(f"seconds={seconds} should be positive: the time that one search may take.")
    effort = Effort(examples, seed, seconds=seconds)
    searches = searches_of(judged, properties)
    report = Report(judged.name, tuple(each.run(effort) for each in searches if not each.in_stacks))
    if not report.falsified:
        of_stacks = replace(effort, examples=STACKS_A_POINT * examples)
        in_stacks = (each.run(of_stacks) for each in searches if each.in_stacks)
        report = Report(judged.name, (*report.outcomes, *in_stacks))
    return report


def verify(
    subject: Any,
    examples: int = 25,
    seed: int = 0,
    properties: Iterable[str] | None = None,
    seconds: float | None = None,
) -> None:
    """Judge as `check` does, and raise where anything but *passed* comes of it.

    Raises Falsified, whose text is the counterexample of the first property that fails; Undecided where nothing
    is falsified and something is inconclusive; SpecError where the subject contradicts its own description.
    """
    report = check(subject, examples, seed, properties, seconds)
    if report.falsified:
        first, *others = report.falsified
        names = ", ".join(outcome.property.name for outcome in others)
        also = f"\n\nalso falsified: {names}" if names else ""
        title = f"{first.subject}: {first.property.name}"
        wrong = Falsified(f"{title}\n{counterexample_text(outcome_record(first))}{also}")
        wrong.report = report
        raise wrong
    undecided = [outcome for outcome in report.outcomes if outcome.verdict is Verdict.INCONCLUSIVE]
    if undecided:
        said = (f"{outcome.subject}: {outcome.property.name}: inconclusive: {outcome.reason}" for outcome in undecided)
        open_question = Undecided("\n".join(said))
        open_question.report = report
        raise open_question
