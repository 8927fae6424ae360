"""Runs that go wrong: whatever is killed, hangs or cannot be written, what was found is told, and what is missing."""

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from backproof.engine.layers import LAYERS
from backproof.engine.subjects import layer_subject
from backproof.properties.battery import PROPERTIES
from backproof.properties.processes import CannotWork, Stopped, run_limited
from backproof.properties.searching import Effort, search
from backproof.properties.tests.orders import work
from backproof.properties.tests.wrong_layers import dense
from backproof.reports.forms.telling import missing_lines
from backproof.reports.records.making import outcome_record, run_record
from backproof.reports.records.writing import ReportError, must_be_writable, write_report
from backproof.reports.runs.apart import command_of, run_items
from backproof.reports.runs.keeping import Kept, run_all
from backproof.reports.runs.limits import longest, share_of_memory
from backproof.reports.runs.running import Finished, Item, run_item
from backproof.reports.runs.targets import Source
from backproof.reports.sessions.lost import Lost, TookTooLong, stopped_after
from backproof.reports.settings import SettingsError, settings_in

FUNCTIONS = """
import ctypes
import os
import signal
from pathlib import Path

from backproof import pair


def forward(x):
    return x * x, x


def right(ct, x):
    return 2 * x * ct


def wrong(ct, x):
    return x * ct


def crashes(ct, x):
    ctypes.string_at(0)


def killed(ct, x):
    os.kill(os.getpid(), signal.SIGKILL)


def hangs(ct, x):
    Path("is_hanging").touch()
    while True:
        pass


def leaves(ct, x):
    raise SystemExit(3)


def grows(ct, x):
    held = []
    while True:
        held.append(bytearray(10**7))


for backward in (right, wrong, crashes, killed, hangs, leaves, grows):
    globals()[f"square_{backward.__name__}"] = pair(forward, backward, "(n)->(n)", name=backward.__name__)
"""
PROPERTY = "vjp_matches_differences"


def check(folder, *arguments):
    """``backproof check`` of what stands in FUNCTIONS, in a folder; not waited for."""
    (folder / "squares.py").write_text(FUNCTIONS)
    command = [sys.executable, "-c", "from backproof.reports.command import main; main()", "check", *arguments]
    return subprocess.Popen(
        command,
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=heard,
    )


def heard():
    """What runs in the background of a script ignores Ctrl-C, and hands that down to all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for(path):
    until = time.monotonic() + 120
    while not path.exists():
        assert time.monotonic() < until
        time.sleep(0.01)


def must_be_gone(group):
    """Whether all processes of a group are gone, after a moment."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    pytest.fail("a process still runs")


def report_in(folder):
    return json.loads((folder / "backproof-report" / "report.json").read_text())


def of(name):
    return f"squares.py::square_{name}"


def test_each_search_that_crashes_hangs_or_leaves_is_missing_alone_and_by_name(tmp_path):
    names = ("right", "wrong", "crashes", "killed", "hangs", "leaves")
    asked = ["--properties", PROPERTY, "--examples", "12", "--processes", "2", "--limit", "6"]
    run = check(tmp_path, *map(of, names), *asked)
    told = run.communicate(timeout=120)[0]
    assert run.returncode == 2, told
    record = report_in(tmp_path)
    verdicts = {(item["subject"], item["property"]): item["verdict"] for item in record["items"]}
    assert verdicts == {("squares.right", PROPERTY): "passed", ("squares.wrong", PROPERTY): "falsified"}
    missing = {(each["subject"], each["property"]): each["reason"] for each in record["missing"]}
    assert set(missing) == {(f"squares.{name}", PROPERTY) for name in names[2:]}
    assert "SIGSEGV) in crashes (squares.py:" in missing["squares.crashes", PROPERTY]
    assert "SIGKILL" in missing["squares.killed", PROPERTY]
    assert "longer than 6 s, and was stopped in hangs (squares.py:" in missing["squares.hangs", PROPERTY]
    assert "SystemExit(3)" in missing["squares.leaves", PROPERTY]
    alone = f"Run it alone: backproof check squares.py::square_crashes --properties {PROPERTY} --examples 12"
    assert missing["squares.crashes", PROPERTY].endswith(alone)
    assert "missing: squares.hangs: " in told
    assert f"{len(missing)} missing" in told
    assert "cotangent for x is not J^T ct" in told


@pytest.mark.parametrize("ends", [signal.SIGINT, signal.SIGTERM], ids=lambda ends: ends.name)
def test_an_interrupted_run_tells_what_it_found_and_leaves_no_process_behind(tmp_path, ends):
    run = check(tmp_path, of("wrong"), of("hangs"), "--properties", PROPERTY, "--processes", "1")
    wait_for(tmp_path / "is_hanging")
    # Ctrl-C goes to all processes of a terminal, a SIGTERM to one.
    os.killpg(run.pid, ends) if ends == signal.SIGINT else os.kill(run.pid, ends)
    told = run.communicate(timeout=120)[0]
    assert run.returncode == 2, told
    assert "Traceback" not in told
    assert "cotangent for x is not J^T ct" in told
    record = report_in(tmp_path)
    assert [item["verdict"] for item in record["items"]] == ["falsified"]
    assert [each["subject"] for each in record["missing"]] == ["squares.hangs"]
    assert "interrupted in hangs (squares.py:" in record["missing"][0]["reason"]
    must_be_gone(run.pid)


def test_workers_end_when_whoever_started_them_is_killed(tmp_path):
    run = check(tmp_path, of("hangs"), "--properties", PROPERTY, "--processes", "1")
    wait_for(tmp_path / "is_hanging")
    run.kill()
    run.communicate(timeout=120)
    must_be_gone(run.pid)


def test_one_process_that_dies_takes_nothing_along():
    orders = ["die 7", "say a", "sleep 60", "say b", "sleep 59", "say c"]
    skipped = "sleep 59"
    limits = [(order, 0.3 if order.startswith("sleep") else 30.0) for order in orders]
    results = dict(run_limited(work, limits, 1, unless=lambda order: "not wanted" if order == skipped else ""))
    assert results[0] == Stopped("the process died")
    assert results[0].ended == "exit code 7"
    assert {n: results[n] for n in (1, 3, 5)} == {1: "a", 3: "b", 5: "c"}
    assert results[2] == Stopped("does not end")
    assert "work (" in results[2].where
    assert results[4] == Stopped("not wanted")


def test_what_is_not_wanted_at_the_end_needs_no_process():
    seen = run_limited(
        work, [("sleep 60", 0.2), ("sleep 59", 60.0)], 1, unless=lambda order: order[6:] == "59" and "no"
    )
    assert dict(seen) == {0: Stopped("does not end"), 1: Stopped("no")}


def test_memory_without_end_is_an_error_and_not_the_end_of_the_machine():
    assert dict(run_limited(work, [("grow 100000000", 60.0)], 1, memory=2 * 10**9)) == {0: True}


class Deadly:
    """Work that cannot even be handed over."""

    def __reduce__(self):
        return os._exit, (5,)


def test_processes_that_cannot_even_start_are_a_clear_error():
    with pytest.raises(CannotWork, match=r"exit code 5.*--processes 0"):
        dict(run_limited(Deadly(), [("say a", 60.0)], 1))


def test_a_search_out_of_memory_is_missing_and_a_wrong_description_is_not(monkeypatch):
    def hungry(*_):
        raise MemoryError("cannot allocate 800 GB")

    item = Item("layers.tanh", "pure", Effort(2))
    monkeypatch.setattr("backproof.reports.runs.searches.search", hungry)
    finished = run_item(item)
    assert "cannot allocate 800 GB" in finished.missing
    assert (finished.record, finished.error) == (None, "")
    kept = Kept({item: None, Item("layers.relu", "pure", Effort(2)): None})
    kept.add(finished)
    assert [each["subject"] for each in kept.all_missing("later")] == ["layers.tanh", "layers.relu"]


def test_stacks_with_what_is_wrong_alone_are_not_missing():
    alone, stacks = Item("a.b", "pure", Effort(2)), Item("stacks with a.b", "chain_rule", Effort(2))
    kept = Kept(dict.fromkeys((alone, stacks)))
    assert len(kept.all_missing("later")) == 2
    kept.add(Finished(alone, {"subject": "a.b", "verdict": "falsified"}))
    assert kept.all_missing("later") == []


def test_what_there_is_so_far_is_kept_from_time_to_time():
    names = [*"abcdefgh", "stacks with h"]
    items = [Item(name, "pure", Effort(2)) for name in names]
    now, kept_on_the_way = 0.0, []

    def run(chosen):
        nonlocal now
        for item in chosen:
            now += 45.0
            yield Finished(item, {"subject": item.subject, "verdict": "passed"})

    def keep(kept):
        nonlocal now
        now += 10.0  # so that it is not kept again for twenty times as long
        kept_on_the_way.append((len(kept.records), [each["subject"] for each in kept.all_missing("later")]))

    run_all(items, run, lambda *_: None, keep, lambda: now)
    assert kept_on_the_way == [(2, names[2:]), (7, names[7:])]


def test_stacks_with_what_was_not_judged_alone_are_missing_too():
    lost, wrong = (Item(name, "pure", Effort(2)) for name in "ab")
    items = [lost, wrong, *(Item(f"stacks with {name}", "chain_rule", Effort(2)) for name in "abc")]
    began = []

    def run(chosen):
        began.extend(item.subject for item in chosen)
        for item in chosen:
            record = {"subject": item.subject, "verdict": "falsified" if item is wrong else "passed"}
            yield Finished(item, None, missing="it died") if item is lost else Finished(item, record)

    kept = run_all(items, run, lambda *_: None, lambda _: None)
    assert began == ["a", "b", "stacks with c"]
    assert [each["subject"] for each in kept.all_missing("later")] == ["a", "stacks with a"]


def report(nodeid, when="call", outcome="passed", longrepr=""):
    flags = {"passed": outcome == "passed", "failed": outcome == "failed"}
    return SimpleNamespace(nodeid=nodeid, when=when, outcome=outcome, longrepr=longrepr, **flags)


def test_what_a_session_of_pytest_loses_is_known_by_name():
    lost = Lost()
    searches = [f"test_a.py::test_f::{name}" for name in ("pure", "repeatable", "in_stacks")]
    lost.expect([*searches, "test_b.py::test_it", "test_b.py::TestIt::test_pure", "test_b.py::TestIt::test_x[pure]"])
    assert list(lost.searches) == searches
    lost.see(report(searches[0], "setup"))
    assert [each["property"] for each in lost.missing()] == ["pure", "repeatable", "in_stacks"]
    lost.see(report(searches[0]))
    lost.see(report(searches[1], "???", "failed", "worker 'gw0' crashed while running it"))
    lost.see(report("test_b.py::test_it", "???", "failed", "worker 'gw1' crashed while running it"))
    missing = lost.missing()
    assert [(each["subject"], each["property"]) for each in missing] == [
        ("test_a.py::test_f", "repeatable"),
        ("test_a.py::test_f", "in_stacks"),
    ]
    assert missing[0]["reason"] == f"worker 'gw0' crashed. Run it alone: pytest {searches[1]!r}"
    lost.handed_over.add("test_b.py::test_other")
    assert "test_b.py::test_it" in [each["subject"] for each in lost.missing()]


def test_code_that_swallows_all_exceptions_is_stopped_too():
    def stubborn():
        while True:
            with contextlib.suppress(Exception):  # what code under test may do
                time.sleep(5)

    told = pytest.raises(TookTooLong, match=r"stubborn \(.*test_runs_that_go_wrong.py:")
    with told, stopped_after(0.1, in_worker=False):
        stubborn()
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    with stopped_after(5.0, in_worker=False):
        pass


def test_a_limit_is_a_setting_of_the_project(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.backproof]\nlimit = 30\n")
    assert settings_in(tmp_path).limit == 30
    (tmp_path / "pyproject.toml").write_text("[tool.backproof]\nlimit = 0\n")
    with pytest.raises(SettingsError, match="says limit = 0, but it should be a positive number"):
        settings_in(tmp_path)


def test_limits_leave_room_for_what_is_right():
    assert longest(Effort(25)) == 600
    assert longest(Effort(4000)) == 8000
    assert longest(Effort(4000, seconds=3.0)) == 90
    assert share_of_memory(1) >= share_of_memory(64) >= 10**9


def test_after_a_search_that_does_not_end_no_other_of_the_subject_is_begun(monkeypatch):
    def limited(work, items, processes, memory, unless):
        yield 0, Stopped("does not end", where="f (f.py:3)")
        for number in range(1, len(items)):
            why = unless(items[number][0])
            yield number, Stopped(why) if why else Finished(items[number][0], {})

    monkeypatch.setattr("backproof.reports.runs.apart.run_limited", limited)
    items = [Item(subject, name, Effort(25)) for subject in "ab" for name in ("pure", "repeatable")]
    told = {finished.item: finished for finished in run_items(items, 1, limit=7)}
    assert "took longer than 7 s, and was stopped in f (f.py:3). Run it alone: " in told[items[0]].missing
    assert told[items[1]].missing == "not run, because pure of it took too long"
    assert told[items[2]].record == told[items[3]].record == {}


def test_the_command_for_one_search_alone():
    source = Source("my file.py", "f", "(n)->(n)")
    item = Item("my file.f", "pure", Effort(25, seed=3), source)
    assert command_of(item) == "backproof check 'my file.py::f' --signature '(n)->(n)' --properties pure --seed 3"
    assert command_of(Item("stacks", "chain_rule", Effort(7))) == (
        "backproof check stacks --properties chain_rule --stacks 7"
    )


def test_missing_searches_are_told_by_subject_and_cause():
    missing = [
        {"subject": "a", "property": "pure", "reason": "died. Run it alone: run a pure"},
        {"subject": "a", "property": "repeatable", "reason": "died. Run it alone: run a repeatable"},
        {"subject": "b", "property": "pure", "reason": "was not begun"},
    ]
    assert list(missing_lines(missing)) == [
        "a: pure, repeatable: died. Run it alone: run a pure",
        "b: pure: was not begun",
    ]


@pytest.fixture(scope="module")
def records():
    """Two reports, of a right layer and of a wrong one."""
    right, wrong = layer_subject(LAYERS["tanh"], "layers"), layer_subject(dense, "wrong")
    outcomes = (search(subject, PROPERTIES[PROPERTY], Effort(10)) for subject in (right, wrong))
    return [run_record([outcome_record(outcome)], 0, 10, 1.0, []) for outcome in outcomes]


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_full_disk_leaves_the_former_report_whole(tmp_path, records):
    write_report(records[0], tmp_path)
    before = contents(tmp_path)
    largest = max(map(len, before.values()))
    now, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest - 1000, most))
    try:
        with pytest.raises(ReportError, match=r"cannot be written: File too large. Name another with --report"):
            write_report(records[1], tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (now, most))
    assert contents(tmp_path) == before


def test_what_was_found_is_told_where_no_report_can_be_written(tmp_path):
    # The folder is there when the run begins, and a file when it ends.
    run = check(tmp_path, of("wrong"), "--properties", PROPERTY, "--report", "out", "--processes", "1")
    wait_for(tmp_path / "out")
    (tmp_path / "out").rmdir()
    (tmp_path / "out").write_text("in the way")
    told = run.communicate(timeout=120)[0]
    assert run.returncode == 2, told
    assert "cotangent for x is not J^T ct" in told
    assert "report folder 'out' cannot be written" in told
    assert "report: " not in told


def test_a_folder_that_cannot_be_written_is_said_before_the_search(tmp_path, records):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReportError, match="Name another with --report"):
        must_be_writable(tmp_path / "file" / "report")
    must_be_writable(tmp_path / "new" / "report")
    assert contents(tmp_path / "new" / "report") == {}


WRITING = """
import json, sys
from pathlib import Path
from backproof.reports.records.writing import write_report
record = json.loads(Path(sys.argv[1]).read_text())
for _ in range(6):
    write_report(record, Path("report"))
"""


def test_two_runs_into_one_folder_do_not_mix(tmp_path, records):
    writers = []
    for number, record in enumerate(records):
        (tmp_path / f"{number}.json").write_text(json.dumps(record))
        command = [sys.executable, "-c", WRITING, f"{number}.json"]
        writers.append(subprocess.Popen(command, cwd=tmp_path))
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    folder = tmp_path / "report"
    kept = json.loads((folder / "report.json").read_text())
    alone = tmp_path / "alone"
    write_report(kept, alone)
    assert kept in records
    assert all(contents(folder)[name] == content for name, content in contents(alone).items())
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
