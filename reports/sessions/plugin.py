"""The pytest plugin: options, suites, and records handed to whoever gathers them.

It imports nothing heavy until a test hands it an outcome, so it costs nothing where it is not used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from ..baseline.entries import BaselineError
from ..runs.sharding import ShardError
from ..settings import PROFILE_NAMES, SettingsError
from .gathering import Gatherer
from .session import baseline_of, effort_of, read_session, settings_of, shard_in, shown_folder

if TYPE_CHECKING:
    from backproof.properties.searching import Counterexample, Effort, Outcome

__all__ = ["effort_of", "hand_over", "hand_over_missing", "settings_of", "shard_in"]

_handed_over: pytest.StashKey[list[str]] = pytest.StashKey()
_stopped: pytest.StashKey[list[dict[str, str]]] = pytest.StashKey()


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
            _keep(item, outcome)
    # Strings are what survives the way from a worker to the process that writes.
    if call.when == "call" and _handed_over in item.stash:
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
    if type(obj).__module__ != "backproof.reports.sessions.suites" or not collector.funcnamefilter(name):
        return None
    from .suites import Suite, collector_of

    return collector_of(collector, name, obj) if isinstance(obj, Suite) else None


def _keep(item: pytest.Item, outcome: Outcome, target: str = "") -> dict[str, Any]:
    """The record of an outcome, kept for the report of this session."""
    from ..baseline.entries import with_accepted
    from ..forms.announcing import properties_of
    from ..records.making import outcome_record
    from ..replay.origins import Origin, origin_of

    def origin(found: Counterexample) -> Origin:
        known = None if target else origin_of(found.subject, getattr(item, "module", None), item.nodeid)
        return known or Origin(target, test=item.nodeid)

    record = with_accepted(outcome_record(outcome, origin), baseline_of(item.config))
    item.stash.setdefault(_handed_over, []).append(json.dumps(record))
    item.user_properties += properties_of(record)
    return record


def hand_over(item: pytest.Item, outcome: Outcome, target: str = "") -> None:
    """Hand an outcome to the report of this session; fail with what was found where it did not pass.

    ``target`` says where the subject is found again; without it, it is looked for in the test's module too. What the
    project's baseline accepts is expected to fail.
    """
    from ..forms.announcing import failure_text

    record = _keep(item, outcome, target)
    if record["accepted"]:
        pytest.xfail(f"accepted until {record['accepted']['until']}: {record['accepted']['reason']}")
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
