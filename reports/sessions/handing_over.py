"""From a test to the report: outcomes are kept with the item, and taken along by pytest's own reports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from .session import baseline_of, shown_folder

if TYPE_CHECKING:
    from backproof.properties.searching import Counterexample, Outcome

_handed_over: pytest.StashKey[list[str]] = pytest.StashKey()
_stopped: pytest.StashKey[list[dict[str, str]]] = pytest.StashKey()


def keep(item: pytest.Item, outcome: Outcome, target: str = "") -> dict[str, Any]:
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

    record = keep(item, outcome, target)
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


def take_along(item: pytest.Item, report: pytest.TestReport) -> None:
    """Put what an item has kept into the report of its test, as strings: they survive the way from a worker."""
    if _handed_over in item.stash:
        report.backproof_records = json.dumps(item.stash[_handed_over])  # type: ignore[attr-defined]  # made for plugins
    if _stopped in item.stash:
        report.backproof_stopped = json.dumps(item.stash[_stopped])  # type: ignore[attr-defined]  # made for plugins
