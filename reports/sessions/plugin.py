"""The pytest plugin: options, suites, and records handed to whoever gathers them.

It imports nothing heavy until a test hands it an outcome, so it costs nothing where it is not used.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from ..baseline.entries import BaselineError
from ..runs.sharding import ShardError
from ..settings import PROFILE_NAMES, SettingsError
from .gathering import Gatherer
from .handing_over import hand_over, keep, take_along
from .session import effort_of, read_session

if TYPE_CHECKING:
    from backproof.properties.searching import Effort, Outcome


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("backproof", "verification of vector-Jacobian products; defaults from [tool.backproof]")
    group.addoption(
        "--backproof-report",
        metavar="DIR",
        help="where to write the report (default: backproof-report); say it as --backproof-report=DIR, because pytest"
        " looks for its settings beside every folder that stands alone on the command line",
    )
    group.addoption("--backproof-seed", type=int, metavar="N", help="the same seed gives the same points (default: 0)")
    group.addoption(
        "--backproof-examples", type=int, metavar="N", help="points a search (default: as the profile says)"
    )
    group.addoption("--backproof-profile", choices=PROFILE_NAMES, help="how hard to look (default: dev)")
    group.addoption("--backproof-seconds", type=float, metavar="S", help="time that one search may take")
    group.addoption("--backproof-limit", type=float, metavar="S", help="after which a suite's search is stopped")
    group.addoption("--backproof-shard", metavar="K/N", help="of suites, the K-th part of N of the searches")
    group.addoption("--backproof-properties", metavar="NAMES", help="the properties that suites are judged by: a,b,c")


def pytest_configure(config: pytest.Config) -> None:
    try:
        read_session(config)
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
            keep(item, outcome)
    if call.when == "call":
        take_along(item, report)
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
    if type(obj).__module__ != "backproof.reports.sessions.suites" or not collector.funcnamefilter(name):
        return None
    from .suites import Suite, collector_of

    return collector_of(collector, name, obj) if isinstance(obj, Suite) else None


@pytest.fixture
def backproof_report(request: pytest.FixtureRequest) -> Callable[[Outcome], None]:
    """Hand an `Outcome` to the report of this session; one that did not pass fails the test with what was found."""
    return partial(hand_over, request.node)
