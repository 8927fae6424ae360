"""A subject's verification as tests of pytest: one item a property."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from backproof.engine.errors import SpecError
from backproof.engine.subjects import Subject

from ..runs.limits import longest
from ..runs.searches import Search, as_subject, must_be_properties, searches_of
from .handing_over import hand_over, hand_over_missing
from .lost import TookTooLong, stopped_after
from .session import effort_of, settings_of, shard_in


@dataclass(frozen=True)
class Suite:
    """What pytest collects from under a name that begins with ``test``: a subject, and how it is judged."""

    subject: Subject
    properties: tuple[str, ...] | None = None
    examples: int | None = None


def suite(subject: Any, examples: int | None = None, properties: Iterable[str] | None = None) -> Suite:
    """The tests of a layer or a subject: ``test_affine = backproof.suite(affine)``.

    pytest collects one item for each property that applies, and one for random stacks with the subject in them, so
    that pytest-xdist shares them out. ``examples`` is the number of points a search; without it the session's
    profile says it. Raises SpecError for what is no subject, and for names that are no properties.
    """
    chosen = None if properties is None else tuple(must_be_properties(properties))
    return Suite(as_subject(subject), chosen, examples)


def collector_of(parent: pytest.Collector, name: str, collected: Suite) -> SuiteCollector:
    """The collector of a suite that stands under a name in a module or a class."""
    made: SuiteCollector = SuiteCollector.from_parent(parent, name=name)
    made.suite = collected
    return made


class SuiteCollector(pytest.Collector):
    """The items of one suite."""

    suite: Suite

    def collect(self) -> Iterator[pytest.Item]:
        """One item a search; only those of the session's properties, where it has chosen some."""
        session, shard = settings_of(self.config), shard_in(self.config)
        chosen = None if session.properties is None else must_be_properties(session.properties)
        for search in searches_of(self.suite.subject, self.suite.properties):
            if chosen is not None and (search.in_stacks or search.title not in chosen):
                continue
            if search.in_stacks and session.stacks == 0:
                continue
            if shard is not None and not shard.holds(search.name, search.judged_by.name):
                continue
            item: SearchItem = SearchItem.from_parent(self, name=search.title)
            item.search, item.examples = search, self.suite.examples
            yield item


class SearchItem(pytest.Item):
    """One search as a test."""

    search: Search
    examples: int | None

    def runtest(self) -> None:
        """Make the search, and hand what it found to the report of the session."""
        effort = effort_of(self.config, stacks=self.search.in_stacks)
        effort = effort if self.examples is None else replace(effort, examples=self.examples)
        limit, stopped = settings_of(self.config).limit or longest(effort), ""
        try:
            with stopped_after(limit, in_worker=hasattr(self.config, "workerinput")):
                outcome = self.search.run(effort)
        except SpecError as error:
            pytest.fail(f"wrong description: {error}", pytrace=False)
        except TookTooLong as where:
            stopped = f"took longer than {limit:g} s, and was stopped in {where}"
        if stopped:
            hand_over_missing(self, self.search.subject.name, self.search.title, stopped)
        if self.search.in_stacks and outcome.counterexample and len(outcome.counterexample.subject.stages) == 1:
            pytest.skip(f"{self.search.subject.name} is wrong alone: stacks have nothing to add")
        hand_over(self, outcome, self.parent.nodeid if self.parent else "")

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Where the suite stands, and what the search is called."""
        return self.path, None, f"{self.parent.name if self.parent else ''}::{self.name}"
