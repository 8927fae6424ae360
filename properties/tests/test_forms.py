"""The forms of a counterexample beside the page: terminal, Markdown, SARIF, JUnit, annotations."""

import copy
import json
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from rich.console import Console

from backproof.engine.subjects import layer_subject
from backproof.properties.battery import PROPERTIES
from backproof.properties.searching import Effort, search
from backproof.properties.tests import wrong_layers
from backproof.properties.tests.projects import pytest_apart
from backproof.reports.forms.announcing import announcements, append_to_step_summary, failure_text, seen_from_root
from backproof.reports.forms.decimals import parting, shortened
from backproof.reports.forms.grids import grid
from backproof.reports.forms.markdown import CUT, code, counterexample_markdown, plain, report_markdown, within
from backproof.reports.forms.sarif import sarif
from backproof.reports.forms.telling import counterexample_text
from backproof.reports.forms.terminal import reasons, show_counterexamples
from backproof.reports.records.making import array_record, outcome_record, run_record
from backproof.reports.records.writing import write_report

FOLDER = "backproof-report"
NASTY = "<script>alert(1)</script> | `x` [red]@me[/] #1 *b* __c__ \n# d"


@pytest.fixture(scope="module")
def falsified():
    """The record of a search that falsifies."""
    subject = layer_subject(wrong_layers.dense, "wrong")
    return outcome_record(search(subject, PROPERTIES["vjp_matches_differences"], Effort(50, shrinks=True)))


@pytest.fixture
def item(falsified):
    """That record, with what the diagnosis adds."""
    item = copy.deepcopy(falsified)
    item["counterexample"] |= {
        "target": "wrong.py::dense",
        "diagnosis": {"says": "the cotangent for b is 8 times too large; 8 is n", "kind": "factor", "argument": "b"},
        "right_map": [
            {"argument": "b", "derivative": "[. + 0]", "pullback": "[sum over n]"},
            {"argument": "x", "derivative": "[. @ w]", "pullback": "[. @ w.T]"},
        ],
        "irrelevant": ["the value of b", "option eps"],
        "layers": ["affine", "tanh", "relu"],
        "guilty": 1,
    }
    item["counterexample"]["mismatch"]["what"] = "cotangent for x"
    return item


@pytest.fixture
def nasty(item):
    """A record in which everything that a user supplies tries to be more than text."""
    item = copy.deepcopy(item)
    item |= {"subject": NASTY, "reason": NASTY, "sentence": NASTY, "accepted": None}
    found = item["counterexample"]
    found |= {"subject": NASTY, "options": {NASTY: NASTY}, "layers": [NASTY], "irrelevant": [NASTY], "script": NASTY}
    found["arguments"][0]["name"] = NASTY
    found["diagnosis"]["says"] = found["right_map"][0]["pullback"] = NASTY
    found["mismatch"]["what"] = NASTY
    found["written"] = {"file": "a b/<i>.py", "line": 3}
    return item


def record_of(*items, **more):
    return run_record(items, 0, 50, 1.0, []) | more


def large(item, shape=(12, 9), worst=50):
    """The record, with a large argument, of whose cotangent an entry is off in the ninth digit."""
    values = np.random.default_rng(0).standard_normal(shape)
    expected = [f"{value}1234567890123456789" for value in values.ravel()]
    got = list(expected)
    place = got[worst].index(".") + 7
    got[worst] = got[worst][:place] + str((int(got[worst][place]) + 5) % 10) + got[worst][place + 1 :]
    found = item["counterexample"]
    found["arguments"][0] = {"name": "x", **array_record(values)}
    found["mismatch"] = {
        "what": "cotangent for x",
        "shape": list(shape),
        "expected": expected,
        "got": got,
        "worst": worst,
    }
    return item


def shown(item, **options):
    console = Console(width=80, **options)
    with console.capture() as capture:
        show_counterexamples(console, [item])
    return capture.get()


# In the terminal.


def test_the_text_says_everything_in_the_order_in_which_one_asks(item):
    text = counterexample_text(item)
    parts = ["is what differences", "is not J^T ct", "looks like: the cotangent for b is 8 times"]
    parts += ["affine -> *tanh* -> relu", "expected", "right map for x: [. @ w.T]", "right map for b:"]
    parts += ["does not matter: the value of b; option eps"]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


@pytest.mark.parametrize("shape", [(12, 9), (300,), (2, 3, 4, 5), (40, 1)], ids=str)
def test_no_line_is_wider_than_the_terminal_and_none_is_lost(item, shape):
    item = large(item, shape, worst=25)
    item["counterexample"]["options"] = {"a_name_of_an_option_that_is_long": "word " * 60}
    for line in shown(item).splitlines():
        assert len(line) <= 80
    rows = counterexample_text(item).partition("\n\n")[2].splitlines()
    assert max(len(line) for line in rows if ": " not in line) <= 76


def test_a_caret_marks_the_first_digit_that_differs(item):
    lines = counterexample_text(large(item)).splitlines()
    caret = next(number for number, line in enumerate(lines) if set(line) == {" ", "^"})
    first, second = (place for place, mark in enumerate(lines[caret]) if mark == "^")
    worst = lines[caret - 1]
    assert worst.lstrip().startswith("> (5, 5)")
    width = second - first
    start = worst.index("0.3573")
    assert worst[start:first] == worst[start + width : second] == "0.357380"
    assert worst[first] != worst[second]


def test_colours_stand_for_carets_and_are_left_out_where_they_are_not_wanted(item, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    in_colour = shown(large(item), force_terminal=True, color_system="standard")
    assert "\x1b[" in in_colour
    assert " ^" not in re.sub(r"\x1b\[[0-9;]*m", "", in_colour).replace("J^T", "")
    assert "\x1b[" not in shown(item)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in shown(large(item), force_terminal=True)
    assert " ^" in shown(large(item), force_terminal=True).replace("J^T", "")


def test_markup_of_users_stays_text_in_the_terminal(nasty):
    assert "[red]@me[/]" in " ".join(shown(nasty).split())


@pytest.mark.parametrize("as_none", [True, False])
def test_a_record_without_a_diagnosis_is_shown(item, as_none):
    found = item["counterexample"]
    for key in ("target", "diagnosis", "right_map", "irrelevant", "guilty", "steps", "cotangents"):
        found.pop(key, None)
        if as_none:
            found[key] = None
    log = json.dumps(sarif(record_of(item), FOLDER))
    for text in (counterexample_text(item), counterexample_markdown(item, FOLDER), failure_text(item, FOLDER), log):
        assert "J^T ct" in text
        for absent in ("looks like", "right map", "not matter", "look again"):
            assert absent not in text.lower()


def test_the_command_to_look_again_names_another_folder(item):
    assert f"look again: backproof replay {item['counterexample']['id']}\n" in shown(item)
    console = Console(width=200)
    with console.capture() as capture:
        show_counterexamples(console, [item], "my reports")
    assert f"replay {item['counterexample']['id']} --report 'my reports'" in capture.get()


def test_grids_show_the_part_around_an_entry():
    texts = [str(n) for n in range(400)]
    lines = list(grid(texts, (20, 20), around=211, width=40))
    assert lines[0] == "... 6 rows before"
    assert lines[-2] == "... 6 rows after"
    assert any(" 211 " in line for line in lines)
    assert max(map(len, lines)) <= 40
    assert len({len(line) for line in lines[1:-2]}) == 1
    assert list(grid(["1", "-2.5", "3", "4"], (2, 2), 0, 40)) == ["1  -2.5", "3     4"]
    assert next(grid(texts[:24], (2, 3, 2, 2), 23, 40)) == "[1, 2, :, :] of shape (2, 3, 2, 2), the other 5 left out"


@pytest.mark.parametrize(
    ("expected", "got", "place"),
    [
        ("1.25", "1.26", 3),
        ("1.25", "-1.25", 0),
        ("1.25", "11.25", 0),
        ("1.5e-3", "1.5e-4", 0),
        ("nan", "1", 0),
        ("1.0", "1.0", 3),
    ],
)
def test_where_two_numbers_part(expected, got, place):
    assert parting(expected, got) == place


def test_numbers_are_shortened_without_a_change_of_size():
    assert shortened("2.000000000000000000000000000000000000000") == "2.0"
    assert shortened("1.234567890123456789e-30", 6) == "1.2345e-30"


# In Markdown.


def without_code(text):
    """Markdown without its code, in which nothing is markup."""
    text = re.sub(r"(`{3,}).*?\1", "", text, flags=re.DOTALL)
    return re.sub(r"(?<!`)`[^`\n]*`(?!`)", "", text)


def test_markdown_tells_the_same_and_what_users_supply_stays_text(item, nasty):
    good = counterexample_markdown(large(copy.deepcopy(item)), FOLDER)
    for said in ("8 times too large", "`[. @ w.T]`", "the value of b", "backproof replay", "(5, 5) **worst**"):
        assert said in good or said in counterexample_markdown(item, FOLDER)
    text = counterexample_markdown(nasty, FOLDER)
    bare = without_code(text)
    allowed = {"<details>", "</details>", "<summary>", "</summary>", "<code>", "</code>"}
    assert set(re.findall(r"<[^>]*>", bare)) <= allowed
    assert not re.search(r"(?<!&)#\d", bare)
    for mark in ("@me", "*b*", "__c__", "[red]", "\n# d"):
        assert mark not in bare
    rows = [line for line in bare.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} <= {3, 4}
    missing = [{"subject": NASTY, "property": "p", "reason": NASTY}]
    whole = without_code(report_markdown(record_of(nasty, missing=missing), FOLDER))
    assert set(re.findall(r"<[^>]*>", whole)) <= allowed
    assert {line.count("|") for line in whole.splitlines() if line.startswith("|")} <= {3, 4, 6}


@pytest.mark.parametrize(
    "text",
    [
        "<b>",
        "a|b",
        "`x`",
        "*a*",
        "_a_",
        "[a](b)",
        "http://a.b",
        "www.a.b",
        "@a",
        "#1",
        "- a",
        "1. a",
        "$a$",
        ":a:",
        "~~b~~",
    ],
)
def test_what_markdown_would_read_is_escaped(text):
    assert plain(text) != text
    assert re.sub(r"&#(\d+);", lambda match: chr(int(match[1])), plain(text)) == text


def test_names_stay_readable_in_markdown():
    assert plain("vjp_matches_differences, J^T ct (x: 3.5)") == "vjp_matches_differences, J^T ct (x: 3.5)"
    assert code("layers.affine_2") == "`layers.affine_2`"
    assert "`" not in code("a`b")
    assert "|" not in code("a|b")


def test_a_script_with_fences_does_not_leave_its_own(item):
    item["counterexample"]["script"] = 'x = """\n````\n"""\n'
    text = counterexample_markdown(item, FOLDER)
    assert text.count("`````") == 2


def test_markdown_is_cut_with_a_note_before_the_forge_cuts_it(item):
    item["counterexample"]["script"] = "# a long line of a script\n" * 3_000
    comment = counterexample_markdown(item, FOLDER)
    assert len(comment) < 65_536
    assert comment.endswith(CUT)
    assert "does not matter" in comment.lower()
    many = [dict(item, subject=f"layer {number}") for number in range(400)]
    summary = report_markdown(record_of(*many), FOLDER)
    assert len(summary.encode()) < 2**20
    assert CUT.strip() in summary[-200:]
    assert within(["é" * 300], 400) == CUT
    assert "é" in within(["é" * 300], 1000)


def test_the_summary_of_a_step_grows_by_the_run_and_not_beyond_its_limit(item, tmp_path, monkeypatch):
    file = tmp_path / "summary"
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    append_to_step_summary(record_of(item), FOLDER)
    assert not file.exists()
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    file.write_text("before\n")
    append_to_step_summary(record_of(item), FOLDER)
    assert file.read_text().startswith("before\n## backproof: 1 falsified")
    file.write_text("x" * 999_999)
    append_to_step_summary(record_of(item), FOLDER)
    assert file.stat().st_size == 999_999
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    append_to_step_summary(record_of(item), FOLDER)


def test_markdown_tells_what_is_accepted_missing_and_undecided(item):
    accepted = dict(item, accepted={"reason": "known since May", "until": "2027-01-31"})
    undecided = dict(item, property="pure", verdict="inconclusive", counterexample=None, reason="too few points")
    missing = [{"subject": "other", "property": "pure", "reason": "its process died"}]
    text = report_markdown(record_of(accepted, undecided, missing=missing, shard="2/3"), FOLDER)
    assert "## backproof: not whole" in text
    assert "shard 2/3" in text
    assert "until 2027-01-31: known since May" in text
    assert "**Missing:** other: pure: its process died" in text
    assert "pure: too few points" in text
    assert "<details>" not in text


# In SARIF. What the standard says of the objects that are used: required, and allowed, with their types.

OBJECTS = {
    "log": ({"version", "runs"}, {"$schema": str, "version": str, "runs": ["run"]}),
    "run": (
        {"tool"},
        {
            "tool": "tool",
            "columnKind": str,
            "invocations": ["invocation"],
            "results": ["result"],
            "automationDetails": "details",
        },
    ),
    "details": (set(), {"id": str}),
    "tool": ({"driver"}, {"driver": "component"}),
    "component": ({"name"}, {"name": str, "version": str, "rules": ["rule"]}),
    "rule": (
        {"id"},
        {
            "id": str,
            "name": str,
            "shortDescription": "message",
            "fullDescription": "message",
            "help": "message",
            "defaultConfiguration": "configuration",
        },
    ),
    "configuration": (set(), {"level": str}),
    "message": (set(), {"text": str}),
    "invocation": (
        {"executionSuccessful"},
        {"executionSuccessful": bool, "toolExecutionNotifications": ["notification"]},
    ),
    "notification": ({"message"}, {"level": str, "message": "message"}),
    "result": (
        {"message"},
        {
            "ruleId": str,
            "ruleIndex": int,
            "level": str,
            "message": "message",
            "locations": ["location"],
            "partialFingerprints": dict,
            "suppressions": ["suppression"],
        },
    ),
    "suppression": ({"kind"}, {"kind": str, "status": str, "justification": str}),
    "location": (set(), {"physicalLocation": "physical", "logicalLocations": ["logical"]}),
    "logical": (set(), {"fullyQualifiedName": str, "kind": str}),
    "physical": (set(), {"artifactLocation": "artifact", "region": "region"}),
    "artifact": (set(), {"uri": str}),
    "region": (set(), {"startLine": int}),
}
VALUES = {
    "level": {"none", "note", "warning", "error"},
    "kind": {"external", "inSource", "function"},
    "status": {"accepted", "underReview", "rejected"},
    "columnKind": {"utf16CodeUnits", "unicodeCodePoints"},
    "version": {"2.1.0", "0.1.0"},
}


def must_be(kind, value):
    """Whether an object is of a kind of the standard, as far as it is used."""
    required, allowed = OBJECTS[kind]
    assert required <= set(value) <= set(allowed), kind
    for key, content in value.items():
        wanted = allowed[key]
        if isinstance(wanted, list):
            assert isinstance(content, list)
            for each in content:
                must_be(wanted[0], each)
        elif isinstance(wanted, str):
            must_be(wanted, content)
        else:
            assert type(content) is wanted, key
            assert key not in VALUES or content in VALUES[key], key


def test_sarif_is_what_the_standard_says(item, nasty):
    accepted = dict(item, accepted={"reason": "known", "until": "2027-01-31"})
    undecided = dict(item, property="pure", verdict="inconclusive", counterexample=None, reason="too few points")
    passing = dict(item, property="repeatable", verdict="passed", counterexample=None, reason="")
    inaccurate = dict(item, property="accurate_in_dtype")
    missing = [{"subject": "other", "property": "pure", "reason": "its process died"}]
    log = sarif(record_of(item, accepted, nasty, undecided, passing, inaccurate, missing=missing, shard="1/2"), FOLDER)
    assert json.loads(json.dumps(log)) == log
    must_be("log", log)
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert len(run["results"]) == 5
    levels = {result["ruleId"]: result["level"] for result in run["results"]}
    assert levels == {"vjp_matches_differences": "error", "pure": "note", "accurate_in_dtype": "warning"}
    suppressed = [result["suppressions"][0] for result in run["results"] if "suppressions" in result]
    assert [each["justification"] for each in suppressed] == ["known (until 2027-01-31)"]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert "its process died" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert run["automationDetails"] == {"id": "backproof/1/2/"}


def test_a_result_in_sarif_has_a_place_and_says_what_it_looks_like_first(item, nasty, monkeypatch, tmp_path):
    item["counterexample"]["written"] = {"file": "net/my layer.py", "line": 7}
    result = sarif(record_of(item), FOLDER)["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "net/my%20layer.py"},
        "region": {"startLine": 7},
    }
    assert "8 times too large" in result["message"]["text"].splitlines()[0]
    assert result["partialFingerprints"]["counterexample/v1"] == item["counterexample"]["id"]
    assert "\\[red\\]" in sarif(record_of(nasty), FOLDER)["runs"][0]["results"][0]["message"]["text"]
    item["counterexample"]["written"]["file"] = "/elsewhere/net.py"
    place = sarif(record_of(item), FOLDER)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "file:///elsewhere/net.py"
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert seen_from_root("net.py") == "sub/net.py"


# On GitHub, and in tests.


def test_annotations_are_short_and_begin_with_what_it_looks_like(item, monkeypatch):
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    assert list(announcements([item], FOLDER)) == []
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (line,) = announcements([item], FOLDER)
    assert "\n" not in line
    said = line.split("::")[2].split("%0A")
    assert said[0] == "looks like: the cotangent for b is 8 times too large; 8 is n"
    assert len(said) == 5
    assert "backproof replay" in said[3]


def test_a_failing_test_says_what_is_wrong_in_its_first_lines(item):
    lines = failure_text(item, FOLDER).splitlines()
    assert lines[0] == item["reason"]
    assert lines[1].startswith("looks like: ")
    assert lines[2].startswith("look again: backproof replay ")
    assert counterexample_text(item) in failure_text(item, FOLDER)


WRONG = """
import backproof, ctypes, time

def forward(x):
    return x * x, x

def wrong(ct, x):
    return x * ct

def crashes(ct, x):
    ctypes.string_at(0)

def hangs(ct, x):
    time.sleep(60)

def suite(backward, name):
    return backproof.suite(backproof.pair(forward, backward, "(n)->(n)", name=backward.__name__), properties=[name])

test_wrong = suite(wrong, "vjp_matches_differences")
test_crashes = suite(crashes, "pure")
test_hangs = suite(hangs, "pure")
"""


def test_a_session_of_pytest_whose_worker_dies_tells_the_rest_and_what_is_missing(tmp_path):
    (tmp_path / "test_net.py").write_text(WRONG)
    asked = ("-n", "2", "--backproof-limit", "4", "--backproof-examples", "12", "--junitxml", "junit.xml")
    result = pytest_apart(tmp_path, *asked)
    assert result.returncode == 1, result.stdout
    record = json.loads((tmp_path / "backproof-report" / "report.json").read_text())
    assert [item["subject"] for item in record["items"]] == ["wrong"]
    missing = {each["subject"]: each["reason"] for each in record["missing"]}
    assert set(missing) == {"hangs", "test_net.py::test_crashes"}
    assert "took longer than 4 s, and was stopped in hangs (test_net.py:" in missing["hangs"]
    assert "Run it alone: pytest 'test_net.py::test_crashes::pure'" in missing["test_net.py::test_crashes"]
    assert "backproof: 1 searches, 2 missing; report: " in result.stdout
    case = ET.parse(tmp_path / "junit.xml").find(".//testcase[@classname='test_net.test_wrong']")
    told = {each.get("name"): each.get("value") for each in case.iter("property")}
    found = record["items"][0]["counterexample"]
    assert told["backproof_id"] == found["id"]
    assert told["backproof_subject"] == "wrong"
    failure = case.find("failure")
    assert failure.get("message").startswith("Failed: the cotangent for x is not J^T ct\n")
    assert len(failure.text.splitlines()) < 30
    assert "Traceback" not in failure.text


def test_what_properties_say_alike_but_for_numbers_is_said_once():
    def item(subject, name, reason):
        return {"subject": subject, "property": name, "reason": reason}

    said = "of 25 points decide nothing: on floats it raised ValueError: shapes"
    items = [
        item("a.f", "pure", f"14 {said} (2, 7)"),
        item("a.f", "repeatable", f"3 {said} (5, 3)"),
        item("a.f", "chain_rule", "something else"),
        item("b.g", "pure", f"14 {said} (2, 7)"),
        item("b.g", "repeatable", ""),
    ]
    assert list(reasons(items)) == [
        f"a.f: pure, repeatable: 14 {said} (2, 7)",
        "a.f: chain_rule: something else",
        f"b.g: pure: 14 {said} (2, 7)",
    ]


def test_all_forms_are_in_the_folder(item, tmp_path):
    write_report(record_of(item), tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert {"report.md", "report.sarif", f"{item['counterexample']['id']}.md", "index.html", "report.json"} <= names
