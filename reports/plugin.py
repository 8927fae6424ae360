"""The pytest plugin: gathers records from the tests, workers' included, and writes the report.

It imports nothing of backproof's until a test hands it an outcome, so it costs nothing where it is not used.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .baseline import NAME, Accepted, BaselineError, read_baseline
from .settings import PROFILE_NAMES, Settings, SettingsError, settings_in
from .sharding import Shard, ShardError, shard_of

if TYPE_CHECKING:
    from backproof.properties.searching import Counterexample, Effort, Outcome

_handed_over: pytest.StashKey[list[str]] = pytest.StashKey()
_settings: pytest.StashKey[Settings] = pytest.StashKey()
_baseline: pytest.StashKey[Sequence[Accepted]] = pytest.StashKey()
_shard: pytest.StashKey[Shard | None] = pytest.StashKey()


@dataclass
class Gatherer:
    """Collects the records that reach the process which writes the report, and writes it at the end."""

    config: pytest.Config
    started: float = field(default_factory=time.perf_counter)
    records: list[str] = field(default_factory=list)
    page: Path | None = None
    error: str = ""
    told: list[str] = field(default_factory=list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.records += json.loads(getattr(report, "backproof_records", "[]"))

    def pytest_sessionfinish(self) -> None:
        if not self.records:
            return
        from backproof.engine.errors import BackproofError

        from .accepting import held_against, lines_of_baseline
        from .records import run_record
        from .writing import write_report

        effort = effort_of(self.config)
        chosen = self.config.getoption("backproof_report")
        folder = Path(chosen) if chosen else self.config.rootpath / settings_of(self.config).report
        items, stale = held_against(self.config.stash[_baseline], map(json.loads, self.records))
        shard, seconds = shard_in(self.config), time.perf_counter() - self.started
        record = run_record(
            items, effort.seed, effort.examples, seconds, (), shard=str(shard) if shard else None, stale=stale
        )
        self.told = lines_of_baseline(record)
        try:
            self.page = write_report(record, folder)
        except BackproofError as error:
            self.error = str(error)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.page is not None:
            from .announcing import announcements, one_line

            items = map(json.loads, self.records)
            falsified = [item for item in items if item["counterexample"] and not item["accepted"]]
            for item in falsified:
                terminalreporter.write_line(one_line(item), red=True)
            for line in self.told:
                terminalreporter.write_line(line, yellow=True)
            for line in announcements(falsified):
                terminalreporter.write_line(line)
            terminalreporter.write_line(f"backproof: {len(self.records)} searches; report: {self.page}")
        if self.error:
            terminalreporter.write_line(f"backproof: {self.error}", red=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("backproof", "verification of vector-Jacobian products; defaults from [tool.backproof]")
    group.addoption("--backproof-report", metavar="DIR", help="where to write the report (default: backproof-report)")
    group.addoption("--backproof-seed", type=int, metavar="N", help="the same seed gives the same points (default: 0)")
    group.addoption(
        "--backproof-examples", type=int, metavar="N", help="points a search (default: as the profile says)"
    )
    group.addoption("--backproof-profile", choices=PROFILE_NAMES, help="how hard to look (default: dev)")
    group.addoption("--backproof-seconds", type=float, metavar="S", help="time that one search may take")
    group.addoption("--backproof-shard", metavar="K/N", help="of suites, the K-th part of N of the searches")
    group.addoption("--backproof-properties", metavar="NAMES", help="the properties that suites are judged by: a,b,c")


def settings_of(config: pytest.Config) -> Settings:
    """What the command line says, and else what the project's ``[tool.backproof]`` says."""
    said = {
        field.name: value
        for field in fields(Settings)
        if (value := config.getoption(f"backproof_{field.name}", None)) is not None
    }
    if "properties" in said:
        said["properties"] = tuple(name.strip() for name in said["properties"].split(","))
    return replace(config.stash[_settings], **said)


def shard_in(config: pytest.Config) -> Shard | None:
    """The part of the searches that this session makes; None where it makes all."""
    return config.stash[_shard]


def effort_of(config: pytest.Config, stacks: bool = False) -> Effort:
    """How hard this session looks; failing points come from the last session too."""
    from backproof.properties.profiles import PROFILES, STACKS_A_POINT
    from backproof.properties.searching import Effort

    settings = settings_of(config)
    examples = settings.examples or PROFILES[settings.profile]
    if stacks:
        examples = STACKS_A_POINT * examples if settings.stacks is None else settings.stacks
    return Effort(examples, settings.seed, config.rootpath / ".hypothesis" / "backproof", seconds=settings.seconds)


def pytest_configure(config: pytest.Config) -> None:
    try:
        config.stash[_settings] = settings_in(config.rootpath)
        config.stash[_baseline] = read_baseline(config.rootpath / NAME)
        said = config.getoption("backproof_shard", None)
        config.stash[_shard] = shard_of(said) if said else None
    except (SettingsError, BaselineError, ShardError) as error:
        raise pytest.UsageError(str(error)) from error
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Gatherer(config), "backproof-gatherer")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    raised = call.excinfo.value if call.excinfo is not None else None
    if call.when == "call" and type(raised).__module__ == "backproof.reports.checking":
        # What backproof.verify raised is told, and replayed, like what a suite found.
        for outcome in raised.report.outcomes if raised.report is not None else ():  # type: ignore[union-attr]
            _keep(item, outcome)
    if call.when == "call" and _handed_over in item.stash:
        # A string is what survives the way from a worker to the process that writes.
        report.backproof_records = json.dumps(item.stash[_handed_over])  # type: ignore[attr-defined]  # made for plugins
    return report


@pytest.fixture
def backproof_effort(pytestconfig: pytest.Config) -> Effort:
    """How hard to look: ``--backproof-profile``, ``--backproof-seed`` and ``--backproof-examples`` say it."""
    return effort_of(pytestconfig)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> pytest.Collector | None:
    # By name: what is no suite must not import anything of backproof's.
    if type(obj).__module__ != "backproof.reports.suites" or not collector.funcnamefilter(name):
        return None
    from .suites import Suite, collector_of

    return collector_of(collector, name, obj) if isinstance(obj, Suite) else None


def _keep(item: pytest.Item, outcome: Outcome, target: str = "") -> dict[str, Any]:
    """The record of an outcome, kept for the report of this session."""
    from .baseline import with_accepted
    from .origins import Origin, origin_of
    from .records import outcome_record

    def origin(found: Counterexample) -> Origin:
        known = None if target else origin_of(found.subject, getattr(item, "module", None), item.nodeid)
        return known or Origin(target, test=item.nodeid)

    record = with_accepted(outcome_record(outcome, origin), item.config.stash[_baseline])
    item.stash.setdefault(_handed_over, []).append(json.dumps(record))
    return record


def hand_over(item: pytest.Item, outcome: Outcome, target: str = "") -> None:
    """Hand an outcome to the report of this session; fail with what was found where it did not pass.

    ``target`` says where the subject is found again; without it, it is looked for in the test's module too. What the
    project's baseline accepts is expected to fail.
    """
    from .terminal import counterexample_text

    record = _keep(item, outcome, target)
    if record["accepted"]:
        pytest.xfail(f"accepted until {record['accepted']['until']}: {record['accepted']['reason']}")
    if record["counterexample"]:
        pytest.fail(counterexample_text(record), pytrace=False)
    if record["verdict"] != "passed":
        pytest.fail(f"{record['subject']}: {record['property']}: inconclusive: {record['reason']}", pytrace=False)


@pytest.fixture
def backproof_report(request: pytest.FixtureRequest) -> Callable[[Outcome], None]:
    """Hand an `Outcome` to the report of this session; one that did not pass fails the test with what was found."""
    return partial(hand_over, request.node)
