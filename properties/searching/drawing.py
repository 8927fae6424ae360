"""Drawing cases with Hypothesis: in small searches, from seeds of their own, with a memory of what failed."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

BATCH = 10  # points of one search of Hypothesis's
FAR_APART = 0x9E3779B1  # of the seeds of two batches: seeds of runs are near to each other, and batches must not meet
BARREN = 3  # such searches without a new point, after which there are no more


@dataclass(frozen=True)
class Effort:
    """How hard to look: how many points, from which seed, and where failing points are kept."""

    examples: int = 25
    seed: int = 0
    database: Path | None = None
    arithmetic: str = "arb"  # in which points are judged: "arb", or "mpmath" alone, which is slower
    shrinks: bool = True  # whether a failing point is made as small as it gets
    seconds: float | None = None  # after which no new points are judged; None where they may take what they take


class _Unshown:
    """What Hypothesis need not write down: the text of a large point takes longer than judging it."""

    def __init__(self, drawn: tuple[Subject, Point]) -> None:
        self.drawn = drawn

    def __repr__(self) -> str:
        return "a point"


@st.composite
def _unshown(draw: Callable[[Any], Any], drawn: st.SearchStrategy[tuple[Subject, Point]]) -> _Unshown:
    return _Unshown(draw(drawn))


def draw_in_batches(
    holds: Callable[..., None],
    drawn: st.SearchStrategy[Any],
    name: str,
    seed: int,
    effort: Effort,
    judged: Callable[[], int],
    is_over: Callable[[], bool],
) -> None:
    """Small searches one after the other, until there are points enough, no new ones come, or time is over.

    In a search of more than ten points Hypothesis makes most of them from the one before, by copying parts of it: of
    60 points 28 had shapes of their own, and 49 of six times 10. Each search begins at the simplest point again.
    """
    barren = 0
    for number in count():
        before, wanted = judged(), effort.examples - judged()
        if wanted <= 0 or barren == BARREN or is_over():
            return
        own = seed ^ (number * FAR_APART % 2**32)
        _under_hypothesis(holds, drawn, name, own, effort, min(BATCH, wanted + (number > 0)), number == 0)
        barren = barren + 1 if judged() == before else 0


def _under_hypothesis(
    holds: Callable[..., None],
    drawn: st.SearchStrategy[Any],
    name: str,
    seed: int,
    effort: Effort,
    examples: int,
    reuse: bool,
) -> None:
    database: ExampleDatabase | None = None
    if effort.database is not None:
        database = DirectoryBasedExampleDatabase(effort.database / f"{zlib.crc32(name.encode()):08x}")
    settings = hypothesis.settings(
        max_examples=examples,
        deadline=None,
        database=database,
        derandomize=False,
        phases=(*((Phase.reuse,) if reuse else ()), Phase.generate, *((Phase.shrink,) if effort.shrinks else ())),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
    )

    def test(case: _Unshown) -> None:
        holds(case.drawn)

    searched = hypothesis.given(_unshown(drawn))(test)
    # What is known as a failure is known by name, so that nobody's edit of a property or of this file forgets it.
    searched._hypothesis_internal_database_key = name.encode()  # type: ignore[attr-defined]  # what hypothesis.find uses
    settings(hypothesis.seed(seed)(searched))()
