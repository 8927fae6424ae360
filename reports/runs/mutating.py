"""Running mutants in several processes: first the originals, which must pass, then each mutant by itself."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from backproof.engine.errors import SpecError
from backproof.properties.battery import applicable
from backproof.properties.judgement import Verdict as Judged
from backproof.properties.mutants import (
    OPERATORS,
    Equivalent,
    Fate,
    Mutant,
    Stopped,
    Target,
    Verdict,
    listed_equivalents,
    mutants_of,
    run_limited,
    settled,
    targets_of,
)
from backproof.properties.searching import Effort, search

from .running import items_for
from .targets import Source, found_in

ROOMS = ("rules", "maps", "layers", "losses")
LONGEST_ORIGINAL = 1800.0  # seconds
LONGEST = 60.0  # seconds for a mutant, and besides:
SLOWER = 10.0  # times what its original takes
MORE = 4  # times as many points for a survivor that nobody expected, before it is called one


@dataclass(frozen=True)
class Original:
    """A subject as it is, to be searched by all properties before it is mutated."""

    source: Source | None
    subject: str
    effort: Effort


@dataclass(frozen=True)
class Trial:
    """A mutant, to be settled; one that is listed as equivalent is expected to survive."""

    source: Source | None
    mutant: Mutant
    effort: Effort
    is_expected: bool


@dataclass(frozen=True)
class Tested:
    """A mutant, what became of it, and the entry that says it is no mistake, if there is one."""

    mutant: Mutant
    fate: Fate
    equivalent: Equivalent | None = None

    @property
    def kind(self) -> str:
        """Which column it is counted in."""
        if self.fate.verdict is Verdict.KILLED:
            return "killed"
        return "equivalent" if self.equivalent else "survived"


@dataclass(frozen=True)
class Asked:
    """The functions to mutate, by source (None: the engine's own), and the subjects that have none."""

    functions: Sequence[tuple[Source | None, Target]]
    left_out: dict[str, str]


@cache
def _targets_in(source: Source | None) -> tuple[dict[str, Target], dict[str, str]]:
    targets, left_out = targets_of(list(found_in(source).subjects.values()))
    return {target.name: target for target in targets}, left_out


def asked_for(names: Sequence[str]) -> Asked:
    """The functions behind targets as ``backproof check`` takes them. Raises SpecError for one that names nothing."""
    asked = list(dict.fromkeys((item.source, item.subject) for item in items_for(names or ROOMS, Effort(), 0)))
    functions: list[tuple[Source | None, Target]] = []
    left_out: dict[str, str] = {}
    for source in dict.fromkeys(source for source, _ in asked):
        targets, without = _targets_in(source)
        subjects = {subject for other, subject in asked if other == source}
        left_out |= {name: why for name, why in without.items() if name in subjects}
        for target in targets.values():
            own = target.subjects[:1] if target.is_main else target.subjects
            if any(subject.name in subjects for subject in own):
                functions.append((source, target))
    if not functions:
        raise SpecError(f"there is nothing to mutate: {'; '.join(f'{n}: {why}' for n, why in left_out.items())}.")
    return Asked(functions, left_out)


def sampled(asked: Asked, count: int, seed: int) -> Asked:
    """So many of the functions, drawn at random; all of them where there are no more."""
    chosen = random.Random(seed).sample(range(len(asked.functions)), min(count, len(asked.functions)))
    return replace(asked, functions=[asked.functions[number] for number in sorted(chosen)])


def run_one(item: Original | Trial) -> tuple[str, float] | Fate:
    """Settle a mutant; or search an original, and say what is wrong with it (nothing, if it passes) and how long."""
    return _fate(item) if isinstance(item, Trial) else _as_it_is(item)


def _fate(trial: Trial) -> Fate:
    target = _targets_in(trial.source)[0][trial.mutant.function]
    first = OPERATORS[trial.mutant.operator].told_by
    fate = settled(target.subjects, target.function, trial.mutant.code, trial.effort, first)
    if fate.verdict is Verdict.KILLED or trial.is_expected:
        return fate
    more = replace(trial.effort, examples=MORE * trial.effort.examples)
    return settled(target.subjects, target.function, trial.mutant.code, more, first)


def _as_it_is(original: Original) -> tuple[str, float]:
    started = time.perf_counter()
    subject = found_in(original.source).subjects[original.subject]
    for prop in applicable(subject):
        try:
            outcome = search(subject, prop, original.effort)
        except Exception as error:  # a person's code may raise anything
            return f"{prop.name}: {type(error).__name__}: {error}", 0.0
        if outcome.verdict is Judged.FALSIFIED:
            return f"{prop.name}: {outcome.reason}", 0.0
    return "", time.perf_counter() - started


def run_mutants(
    asked: Asked,
    equivalents: Sequence[Equivalent],
    effort: Effort,
    processes: int,
    tell: Callable[[str, int, int], None],
) -> tuple[list[Tested], list[Equivalent]]:
    """All mutants in the order of the functions, and the entries that no survivor answers to.

    ``tell(what, done, of)`` hears how far it is. Raises SpecError where an original is falsified itself.
    """
    originals = list(
        dict.fromkeys(
            Original(source, subject.name, effort) for source, target in asked.functions for subject in target.subjects
        )
    )
    seconds: dict[tuple[Source | None, str], float] = {}
    for number, result in run_limited(run_one, [(item, LONGEST_ORIGINAL) for item in originals], processes):
        wrong, took = (result.reason, 0.0) if isinstance(result, Stopped) else result
        if wrong:
            raise SpecError(f"{originals[number].subject} does not pass as it is, before any mistake is made: {wrong}")
        seconds[originals[number].source, originals[number].subject] = took
        tell("judging the originals", len(seconds), len(originals))
    trials: list[tuple[Trial, float]] = []
    for source, target in asked.functions:
        most = LONGEST + SLOWER * (1 + MORE) * sum(seconds[source, subject.name] for subject in target.subjects)
        for mutant in mutants_of(target):
            is_expected = any(entry.is_of(mutant) for entry in equivalents)
            trials.append((Trial(source, mutant, effort, is_expected), most))
    fates: dict[int, Fate] = {}
    for number, result in run_limited(run_one, trials, processes):
        fates[number] = Fate(Verdict.KILLED, result.reason) if isinstance(result, Stopped) else result
        tell("judging mutants", len(fates), len(trials))
    alive = [trials[n][0].mutant for n in sorted(fates) if fates[n].verdict is not Verdict.KILLED]
    listed, stale = listed_equivalents(alive, equivalents)
    tested = [Tested(trial.mutant, fates[n], listed.get(trial.mutant)) for n, (trial, _) in enumerate(trials)]
    return tested, stale
