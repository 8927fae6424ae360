"""Shards and merges: parts that add up to the whole, the worst verdict, and nothing that is missing without a word."""

import copy
import json

import pytest
from click.testing import CliRunner

from backproof.reports.command import main
from backproof.reports.records.making import run_record
from backproof.reports.records.merging import differences, exit_code, merged
from backproof.reports.runs.sharding import Shard, ShardError, shard_of

WRONG = """
import numpy as np
from backproof import layer

@layer("(n)->(n)")
def cube(x):
    return x**3

@cube.pullback
def cube(x):
    return x**3, lambda ct: 2 * ct * x**2

@layer("(n)->(n)")
def square(x):
    return x**2
"""


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)


def without_times(report):
    report = copy.deepcopy(report)
    for item in report["items"]:
        item["seconds"] = 0
    return {**report, "seconds": 0, "milliseconds_a_point": {}, "shards": []}


def read(path):
    return json.loads((path / "report.json").read_text())


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A run, and the same in three shards, each in a folder of its own: nobody knows what another one found."""
    reports = {}
    source = tmp_path_factory.mktemp("source") / "powers_of_shards.py"
    source.write_text(WRONG)
    for shard in ("", "1/3", "2/3", "3/3"):
        folder = tmp_path_factory.mktemp("run")
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            part = ["--shard", shard] if shard else []
            result = run("check", source, "layers.tanh", "--examples", 5, "--stacks", 4, "--processes", 0, *part)
        reports[shard] = folder / "backproof-report", result.exit_code
    return reports


def test_shards_add_up_to_the_whole(runs, tmp_path):
    whole = read(runs[""][0])
    parts = [read(runs[f"{k}/3"][0]) for k in (1, 2, 3)]
    assert [part["shard"] for part in parts] == ["1/3", "2/3", "3/3"]
    assert all(0 < len(part["items"]) < len(whole["items"]) for part in parts)
    searches = [(item["subject"], item["property"]) for part in parts for item in part["items"]]
    assert len(set(searches)) == len(searches)
    folders = [runs[f"{k}/3"][0] for k in (3, 1)] + [runs["2/3"][0] / "report.json"]
    result = run("merge", *folders, "--report", tmp_path / "merged")
    assert result.exit_code == runs[""][1] == 1
    together = read(tmp_path / "merged")
    assert without_times(together)["items"] == without_times(whole)["items"]
    assert without_times(together) == without_times({**whole, "shards": []})
    assert (tmp_path / "merged" / "index.html").exists()
    (found,) = (
        i["counterexample"]
        for i in together["items"]
        if i["property"] == "vjp_matches_differences" and i["counterexample"]
    )
    assert (tmp_path / "merged" / f"{found['id']}.py").read_text() == found["script"]


def test_a_shard_that_is_not_there_is_missing_until_it_is(runs, tmp_path):
    one, two, three = (runs[f"{k}/3"][0] for k in (1, 2, 3))
    result = run("merge", one, three, "--report", tmp_path / "two")
    assert result.exit_code == 2
    assert "missing: shard 2/3" in result.output
    assert run("merge", tmp_path / "two", two, "--report", tmp_path / "three").exit_code == 1
    assert without_times(read(tmp_path / "three"))["items"] == without_times(read(runs[""][0]))["items"]
    assert read(tmp_path / "three")["missing"] == []


def test_what_a_shard_holds_depends_on_names_alone():
    names = [(f"layers.l{n}", prop) for n in range(40) for prop in ("pure", "vjp_matches_differences")]
    for name in names:
        assert sum(Shard(k, 4).holds(*name) for k in (1, 2, 3, 4)) == 1
    sizes = [sum(Shard(k, 4).holds(*name) for name in names) for k in (1, 2, 3, 4)]
    assert min(sizes) > 5
    assert Shard(1, 1).holds("a", "b")
    # Machines of several versions must agree on it, so that it is the same for ever.
    assert [k for k in range(1, 8) if Shard(k, 7).holds("layers.affine", "pure")] == [3]


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "1/0", "-1/3", "a/b", "1/3/5", "", "1.0/2", "٣/٣"])
def test_what_is_no_shard_is_an_error(text, tmp_path, monkeypatch):
    with pytest.raises(ShardError, match="k/N with k from 1 to N"):
        shard_of(text)
    monkeypatch.chdir(tmp_path)
    if text:
        result = run("check", "layers.tanh", f"--shard={text}")
        assert (result.exit_code, "k from 1 to N" in " ".join(result.output.split())) == (2, True)


# reports by hand ------------------------------------------------------------------------------------------------------


def item(verdict="passed", subject="course.affine", prop="pure", **more):
    found = {"id": "abcdef", "arguments": [{"values": [0] * 3}]} if verdict == "falsified" else None
    return {
        "subject": subject, "property": prop, "sentence": "", "verdict": verdict, "evidence": "formula", "points": 10,
        "inconclusive": 0, "digits": 40.0, "seconds": 1.0, "seed": 7, "reason": "", "note": "", "left_out": {},
        "accepted": None, "counterexample": found, **more,
    }  # fmt: skip


def report(*items, **more):
    record = run_record(items, 0, 10, 1.0, more.pop("errors", ()))
    return {**record, **more}


def one(*reports):
    (found,) = merged(reports)["items"]
    return found


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_worst_verdict_wins(order):
    verdicts = [report(item("passed")), report(item("inconclusive", seed=8)), report(item("falsified", seed=9))]
    assert one(*(verdicts[place] for place in order))["verdict"] == "falsified"
    assert one(verdicts[0], verdicts[1])["verdict"] == "inconclusive"


def test_points_add_up_unless_they_are_the_same_points():
    assert one(report(item(points=10)), report(item(points=10)))["points"] == 10
    assert one(report(item(points=10)), report(item(points=30)))["points"] == 30
    assert one(report(item(points=10)), report(item(points=30, seed=8)))["points"] == 40


def test_the_fewest_digits_and_the_weakest_evidence_of_what_passed_count():
    found = one(report(item(digits=41.0)), report(item(digits=33.0, evidence="values", seed=8)))
    assert (found["digits"], found["evidence"]) == (33.0, "values")


def test_a_failure_that_one_run_accepted_and_the_other_did_not_fails():
    known = {"reason": "why", "until": "2030-01-01"}
    both = merged([report(item("falsified", accepted=known)), report(item("falsified", seed=8))])
    assert exit_code(both) == 1
    assert exit_code(merged([report(item("falsified", accepted=known))])) == 0


def test_of_two_counterexamples_the_smaller_one_is_shown():
    small = {"id": "fedcba", "arguments": [{"values": [0]}]}
    assert (
        one(report(item("falsified")), report(item("falsified", counterexample=small, seed=8)))["counterexample"]
        == small
    )


def test_missing_searches_are_missing_until_another_report_has_them():
    lost = {"subject": "course.affine", "property": "pure", "reason": "its process died"}
    other = report(item(prop="repeatable"), missing=[lost])
    assert (merged([other])["missing"], exit_code(merged([other]))) == ([lost], 2)
    assert merged([other, report(item())])["missing"] == []
    assert exit_code(merged([other, report(item())])) == 0


def test_errors_are_told_once_and_make_exit_code_2():
    record = merged([report(item(), errors=["no such layer"]), report(item(), errors=["no such layer", "another"])])
    assert (record["errors"], exit_code(record)) == (["no such layer", "another"], 2)


def test_what_is_wrong_alone_is_not_in_stacks_whoever_found_it():
    in_stacks = item(subject="stacks with course.affine", prop="chain_rule")
    assert len(merged([report(in_stacks), report(item())])["items"]) == 2
    assert [i["subject"] for i in merged([report(in_stacks), report(item("falsified"))])["items"]] == ["course.affine"]
    wrong = item("falsified", subject="stacks with course.affine", prop="chain_rule")
    assert len(merged([report(wrong), report(item())])["items"]) == 2


def test_a_stale_entry_that_another_report_needs_is_not_stale():
    stale = {"id": "x", "reason": "why", "until": "2030-01-01", "why": "it passes now", "kind": "passes",
             "subject": "course.affine", "property": "pure"}  # fmt: skip
    known = {"reason": "why", "until": "2030-01-01"}
    assert merged([report(item(), stale=[stale])])["stale"] == [stale]
    assert merged([report(item(), stale=[stale]), report(item("falsified", seed=8, accepted=known))])["stale"] == []


def test_versions_and_seeds_that_differ_are_told():
    other = report(item(seed=8), versions={"numpy": "1.0", "python": "3.11.7"})
    reports = [report(item(), versions={"numpy": "2.0", "python": "3.11.7"}), {**other, "seed": 5}]
    assert differences(reports) == ["versions of numpy differ: 2.0, 1.0", "seeds differ: 0, 5"]
    assert merged(reports)["versions"] == {"numpy": "2.0, 1.0", "python": "3.11.7"}
    assert differences([reports[0], reports[0]]) == []


def test_what_is_no_report_is_a_wrong_question(tmp_path):
    (tmp_path / "report.json").write_text('{"schema": "else"}')
    result = run("merge", tmp_path, "--report", tmp_path / "out")
    assert (result.exit_code, "has the schema 'else'" in result.output) == (2, True)
    assert not (tmp_path / "out").exists()
    assert run("merge").exit_code == 2
