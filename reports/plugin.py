"""The pytest plugin: gathers records from the tests, workers' included, and writes the report.

It imports nothing of backproof's until a test hands it an outcome, so it costs nothing where it is not used.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from backproof.properties.searching import Effort, Outcome

_handed_over: pytest.StashKey[list[str]] = pytest.StashKey()


@dataclass
class Gatherer:
    """Collects the records that reach the process which writes the report, and writes it at the end."""

    config: pytest.Config
    started: float = field(default_factory=time.perf_counter)
    records: list[str] = field(default_factory=list)
    page: Path | None = None
    error: str = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.records += json.loads(getattr(report, "backproof_records", "[]"))

    def pytest_sessionfinish(self) -> None:
        if not self.records:
            return
        from backproof.engine.errors import BackproofError

        from .records import run_record
        from .writing import FOLDER, write_report

        effort = effort_of(self.config)
        chosen = self.config.getoption("backproof_report")
        folder = Path(chosen) if chosen else self.config.rootpath / FOLDER
        items = [json.loads(record) for record in self.records]
        try:
            self.page = write_report(
                run_record(items, effort.seed, effort.examples, time.perf_counter() - self.started, ()), folder
            )
        except BackproofError as error:
            self.error = str(error)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.page is not None:
            terminalreporter.write_line(f"backproof: {len(self.records)} searches; report: {self.page}")
        if self.error:
            terminalreporter.write_line(f"backproof: {self.error}", red=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("backproof", "verification of vector-Jacobian products")
    group.addoption("--backproof-report", metavar="DIR", help="where to write the report (default: backproof-report)")
    group.addoption("--backproof-seed", type=int, default=0, metavar="N", help="the same seed gives the same points")
    group.addoption(
        "--backproof-examples", type=int, metavar="N", help="points a search (default: as the profile says)"
    )
    group.addoption(
        "--backproof-profile", choices=("dev", "ci", "nightly"), default="dev", help="how hard to look (default: dev)"
    )


def effort_of(config: pytest.Config, stacks: bool = False) -> Effort:
    """How hard this session looks: seed and points from the command line, failing points from the last session."""
    from backproof.properties.profiles import PROFILES
    from backproof.properties.searching import Effort

    profile = PROFILES[config.getoption("backproof_profile")]
    examples = config.getoption("backproof_examples") or (profile.stacks if stacks else profile.examples)
    return Effort(examples, config.getoption("backproof_seed"), config.rootpath / ".hypothesis" / "backproof")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Gatherer(config), "backproof-gatherer")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "call" and _handed_over in item.stash:
        # A string is what survives the way from a worker to the process that writes.
        report.backproof_records = json.dumps(item.stash[_handed_over])  # type: ignore[attr-defined]  # made for plugins
    return report


@pytest.fixture
def backproof_effort(pytestconfig: pytest.Config) -> Effort:
    """How hard to look: ``--backproof-profile``, ``--backproof-seed`` and ``--backproof-examples`` say it."""
    return effort_of(pytestconfig)


@pytest.fixture
def backproof_report(request: pytest.FixtureRequest) -> Callable[[Outcome], None]:
    """Hand an `Outcome` to the report of this session; one that did not pass fails the test with what was found."""

    def report(outcome: Outcome) -> None:
        from .records import outcome_record
        from .terminal import counterexample_text

        record = outcome_record(outcome)
        request.node.stash.setdefault(_handed_over, []).append(json.dumps(record))
        if record["counterexample"]:
            pytest.fail(counterexample_text(record), pytrace=False)
        if record["verdict"] != "passed":
            pytest.fail(f"{record['subject']}: {record['property']}: inconclusive: {record['reason']}", pytrace=False)

    return report
