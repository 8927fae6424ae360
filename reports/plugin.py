"""The pytest plugin: gathers records from the tests, workers' included, and writes the report.

It imports nothing of backproof's until a test hands it an outcome, so it costs nothing where it is not used.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack
from dataclasses import dataclass, field, fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .interrupts import terminated_as_interrupted
from .lost import Lost
from .settings import PROFILE_NAMES, Settings, SettingsError, settings_in

if TYPE_CHECKING:
    from backproof.properties.searching import Effort, Outcome

_handed_over: pytest.StashKey[list[str]] = pytest.StashKey()
_stopped: pytest.StashKey[list[dict[str, str]]] = pytest.StashKey()
_settings: pytest.StashKey[Settings] = pytest.StashKey()


@dataclass
class Gatherer:
    """Collects the records that reach the process which writes the report, and writes it at the end."""

    config: pytest.Config
    started: float = field(default_factory=time.perf_counter)
    records: list[str] = field(default_factory=list)
    page: Path | None = None
    error: str = ""
    lost: Lost = field(default_factory=Lost)
    missing: list[dict[str, str]] = field(default_factory=list)
    record: dict[str, Any] | None = None

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if not self.config.option.collectonly:
            self.expect([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        self.expect(ids)

    def expect(self, nodeids: list[str]) -> None:
        had_any = bool(self.lost.searches)
        self.lost.expect(nodeids)
        if self.lost.searches and not had_any:
            ending = ExitStack()
            ending.enter_context(terminated_as_interrupted())
            self.config.add_cleanup(ending.close)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.lost.see(report)
        records = json.loads(getattr(report, "backproof_records", "[]"))
        self.lost.stopped += json.loads(getattr(report, "backproof_stopped", "[]"))
        if records:
            self.lost.handed_over.add(report.nodeid)
        self.records += records

    def pytest_sessionfinish(self) -> None:
        self.missing = self.lost.missing()
        if not self.records and not self.missing:
            return
        from backproof.engine.errors import BackproofError

        from .records import run_record
        from .writing import write_report

        effort = effort_of(self.config)
        items = [json.loads(record) for record in self.records]
        try:
            seconds = time.perf_counter() - self.started
            self.record = run_record(items, effort.seed, effort.examples, seconds, ()) | {"missing": self.missing}
            self.page = write_report(self.record, folder_of(self.config))
        except BackproofError as error:
            self.error = str(error)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.record is not None:
            from .announcing import announcements, append_to_step_summary, one_line
            from .telling import missing_lines

            folder = shown_folder(self.config)
            falsified = [item for item in map(json.loads, self.records) if item["counterexample"]]
            for item in falsified:
                terminalreporter.write_line(one_line(item), red=True)
            for line in missing_lines(self.missing):
                terminalreporter.write_line(f"missing: {line}", red=True)
            for line in announcements(falsified, folder):
                terminalreporter.write_line(line)
            append_to_step_summary(self.record, folder)
        if self.page is not None:
            lost = f", {len(self.missing)} missing" if self.missing else ""
            terminalreporter.write_line(f"backproof: {len(self.records)} searches{lost}; report: {self.page}")
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
    group.addoption("--backproof-limit", type=float, metavar="S", help="after which a suite's search is stopped")
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


def folder_of(config: pytest.Config) -> Path:
    """Where the report of this session is written."""
    chosen = config.getoption("backproof_report")
    return Path(chosen) if chosen else config.rootpath / settings_of(config).report


def shown_folder(config: pytest.Config) -> str:
    """That folder as seen from here, if it is in here."""
    folder = folder_of(config).absolute()
    return str(folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder)


def effort_of(config: pytest.Config, stacks: bool = False) -> Effort:
    """How hard this session looks; failing points come from the last session too."""
    from backproof.properties.profiles import PROFILES, STACKS_A_POINT
    from backproof.properties.searching import Effort

    settings = settings_of(config)
    profile = PROFILES[settings.profile]
    examples = settings.examples or profile.examples
    if stacks:
        examples = STACKS_A_POINT * settings.examples if settings.examples else profile.stacks
        examples = examples if settings.stacks is None else settings.stacks
    return Effort(examples, settings.seed, config.rootpath / ".hypothesis" / "backproof", seconds=settings.seconds)


def pytest_configure(config: pytest.Config) -> None:
    try:
        config.stash[_settings] = settings_in(config.rootpath)
    except SettingsError as error:
        raise pytest.UsageError(str(error)) from error
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
    if call.when == "call" and _stopped in item.stash:
        report.backproof_stopped = json.dumps(item.stash[_stopped])  # type: ignore[attr-defined]  # made for plugins
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


def hand_over(item: pytest.Item, outcome: Outcome) -> None:
    """Hand an outcome to the report of this session; fail with what was found where it did not pass."""
    from .announcing import failure_text, properties_of
    from .records import outcome_record

    record = outcome_record(outcome)
    item.stash.setdefault(_handed_over, []).append(json.dumps(record))
    item.user_properties += properties_of(record)
    if record["counterexample"]:
        pytest.fail(failure_text(record, shown_folder(item.config)), pytrace=False)
    if record["verdict"] != "passed":
        pytest.fail(f"{record['subject']}: {record['property']}: inconclusive: {record['reason']}", pytrace=False)


def hand_over_missing(item: pytest.Item, subject: str, name: str, reason: str) -> None:
    """Hand a search without a verdict to the report of this session, and fail."""
    item.stash.setdefault(_stopped, []).append({"subject": subject, "property": name, "reason": reason})
    pytest.fail(f"{subject}: {name}: {reason}", pytrace=False)


@pytest.fixture
def backproof_report(request: pytest.FixtureRequest) -> Callable[[Outcome], None]:
    """Hand an `Outcome` to the report of this session; one that did not pass fails the test with what was found."""
    return partial(hand_over, request.node)
