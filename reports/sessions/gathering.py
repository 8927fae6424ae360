"""Gathering the records of a pytest session, workers' included, into one report.

It imports nothing heavy until there is something to gather.
"""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ..runs.interrupts import terminated_as_interrupted
from .lost import Lost
from .session import baseline_of, effort_of, folder_of, shard_in, shown_folder


@dataclass(eq=False)  # pytest puts its plugins into sets
class Gatherer:
    """Collects the records that reach the process which writes the report, and writes it at the end."""

    config: pytest.Config
    started: float = field(default_factory=time.perf_counter)
    records: list[str] = field(default_factory=list)
    lost: Lost = field(default_factory=Lost)
    record: dict[str, Any] | None = None
    page: Path | None = None
    error: str = ""

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
        self.lost.stopped += json.loads(getattr(report, "backproof_stopped", "[]"))
        records = json.loads(getattr(report, "backproof_records", "[]"))
        if records:
            self.lost.handed_over.add(report.nodeid)
        self.records += records

    def pytest_sessionfinish(self) -> None:
        missing = self.lost.missing()
        if not self.records and not missing:
            return
        from backproof.engine.errors import BackproofError

        from ..baseline.accepting import held_against
        from ..records.making import run_record
        from ..records.writing import write_report

        effort, shard = effort_of(self.config), shard_in(self.config)
        items, stale = held_against(baseline_of(self.config), map(json.loads, self.records))
        seconds, part = time.perf_counter() - self.started, str(shard) if shard else None
        self.record = run_record(items, effort.seed, effort.examples, seconds, (), part, missing, stale)
        try:
            self.page = write_report(self.record, folder_of(self.config))
        except BackproofError as error:
            self.error = str(error)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.record is None:
            return
        from ..baseline.accepting import lines_of_baseline
        from ..forms.announcing import announcements, append_to_step_summary, one_line
        from ..forms.telling import missing_lines

        folder, missing = shown_folder(self.config), self.record["missing"]
        falsified = [item for item in self.record["items"] if item["counterexample"] and not item["accepted"]]
        for item in falsified:
            terminalreporter.write_line(one_line(item), red=True)
        for line in lines_of_baseline(self.record):
            terminalreporter.write_line(line, yellow=True)
        for line in missing_lines(missing):
            terminalreporter.write_line(f"missing: {line}", red=True)
        for line in announcements(falsified, folder):
            terminalreporter.write_line(line)
        append_to_step_summary(self.record, folder)
        if self.page is not None:
            lost = f", {len(missing)} missing" if missing else ""
            terminalreporter.write_line(f"backproof: {len(self.records)} searches{lost}; report: {self.page}")
        if self.error:
            terminalreporter.write_line(f"backproof: {self.error}", red=True)
