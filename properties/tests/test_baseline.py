"""The baseline: what is accepted fails nothing until its date is past, and entries that nothing answers to are told."""

import datetime
import json
import tomllib

import pytest

from backproof.properties.tests.projects import pytest_in
from backproof.properties.tests.test_replay import COURSE, EFFORT, found_in, rewrite, run
from backproof.reports.baseline.entries import NAME, Accepted, BaselineError, read_baseline, with_accepted
from backproof.reports.baseline.file import add_entry, remove_entries
from backproof.reports.baseline.staleness import stale_entries

TODAY = datetime.date.today()
TOMORROW, YESTERDAY = (TODAY + datetime.timedelta(days=days) for days in (1, -1))
ENTRY = Accepted("course.my_affine", "vjp_matches_differences", "rewritten in #12", TOMORROW)


def item(verdict="falsified", subject=ENTRY.subject, prop=ENTRY.property, identity="57b82daf2f", kind=None):
    diagnosis = {"kind": kind, "says": "", "argument": None} if kind else None
    found = {"id": identity, "diagnosis": diagnosis} if verdict == "falsified" else None
    return {"subject": subject, "property": prop, "verdict": verdict, "counterexample": found, "left_out": {}}


# what is accepted -----------------------------------------------------------------------------------------------------

MATCHES = {
    "the same": (ENTRY, item(), True),
    "undecided": (ENTRY, item("inconclusive"), True),
    "passed": (ENTRY, item("passed"), False),
    "another subject": (ENTRY, item(subject="course.other"), False),
    "another property": (ENTRY, item(prop="pure"), False),
    "until today": (Accepted(*ENTRY_[:3], TODAY) if (ENTRY_ := tuple(vars(ENTRY).values())) else None, item(), True),
    "past": (Accepted(*ENTRY_[:3], YESTERDAY), item(), False),
    "its id": (Accepted(*ENTRY_[:4], id="57b82daf2f"), item(), True),
    "another id": (Accepted(*ENTRY_[:4], id="57b82daf2f"), item(identity="aaaaaaaaaa"), False),
    "its diagnosis": (Accepted(*ENTRY_[:4], diagnosis="factor"), item(kind="factor"), True),
    "another diagnosis": (Accepted(*ENTRY_[:4], diagnosis="factor"), item(kind="sign"), False),
    "no diagnosis": (Accepted(*ENTRY_[:4], diagnosis="factor"), item(), False),
}


@pytest.mark.parametrize("case", MATCHES)
def test_an_entry_accepts_what_it_speaks_of_until_its_day(case):
    entry, judged, is_accepted = MATCHES[case]
    said = {"reason": entry.reason, "until": entry.until.isoformat()} if is_accepted else None
    assert with_accepted(judged, [entry])["accepted"] == said


STALE = {
    "passes": (ENTRY, [item("passed")], {}, "passes"),
    "still fails": (ENTRY, [item()], {}, None),
    "not judged": (ENTRY, [item("passed", subject="course.other")], {}, None),
    "past and fails": (Accepted(*ENTRY_[:3], YESTERDAY), [item()], {}, "expired"),
    "another id": (Accepted(*ENTRY_[:4], id="57b82daf2f"), [item(identity="aaaaaaaaaa")], {}, "another"),
    "gone": (ENTRY, [], {"course": ["course.other"]}, "gone"),
    "there, not judged": (ENTRY, [], {"course": [ENTRY.subject]}, None),
}


@pytest.mark.parametrize("case", STALE)
def test_an_entry_that_nothing_answers_to_is_stale(case):
    entry, items, complete, kind = STALE[case]
    found = stale_entries([entry], items, {}, complete)
    assert [each["kind"] for each in found] == ([kind] if kind else [])


def test_a_property_that_does_not_apply_any_more_makes_an_entry_stale():
    (found,) = stale_entries([ENTRY], [], {ENTRY.subject: {ENTRY.property: "it is no stack"}})
    assert (found["kind"], "it is no stack" in found["why"]) == ("gone", True)


# the file -------------------------------------------------------------------------------------------------------------

GOOD = f'[[accepted]]\nsubject = "a"\nproperty = "pure"\nreason = "why"\nuntil = {TOMORROW}\n'
BROKEN = {
    "no TOML": ("[[accepted]", "cannot be read"),
    "another table": ("[accept]\n", "should hold tables [[accepted]], and nothing else, but it holds 'accept'"),
    "no list": ("accepted = 3\n", "should hold tables [[accepted]]"),
    "no reason": (GOOD.replace('reason = "why"\n', ""), "accepted[0] has no reason. Add reason ="),
    "an empty reason": (GOOD.replace("why", "  "), "has an empty reason"),
    "no date": (GOOD.replace(f"until = {TOMORROW}\n", ""), "has no until"),
    "a date in quotes": (GOOD.replace(str(TOMORROW), f'"{TOMORROW}"'), "should be a date without quotes"),
    "a time": (GOOD.replace(str(TOMORROW), f"{TOMORROW}T00:00:00"), "should be a date"),
    "too far": (GOOD.replace(str(TOMORROW), str(TODAY + datetime.timedelta(days=367))), "is the most"),
    "an unknown key": (GOOD + 'ids = "ab"\n', "has a key 'ids'. Did you mean 'id'?"),
    "a number": (GOOD.replace('"pure"', "3"), "says property = 3, but it should be a text"),
    "the second": (GOOD + GOOD.replace("why", ""), "accepted[1] has an empty reason"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_wrong_baseline_is_an_error_that_says_where(kind, tmp_path):
    text, says = BROKEN[kind]
    (tmp_path / NAME).write_text(text)
    with pytest.raises(BaselineError) as raised:
        read_baseline(tmp_path / NAME)
    assert says in str(raised.value)
    assert NAME in str(raised.value)


def test_entries_come_and_go_and_what_stands_around_them_stays(tmp_path):
    path = tmp_path / NAME
    path.write_text(
        f"# ours\n\n{GOOD}# of b\n{GOOD.replace(chr(34) + 'a' + chr(34), chr(34) + 'b' + chr(34))}# end of b\n"
    )
    nasty = Accepted('c "quoted"\n[[accepted]]\\', "pure", "ünï \x7f \x00 \U0001f600 'x'", TOMORROW, id="0123456789")
    add_entry(path, nasty)
    assert read_baseline(path)[2] == nasty
    add_entry(path, Accepted(*list(vars(nasty).values())[:2], "another reason", TODAY, id="0123456789"))
    assert [entry.reason for entry in read_baseline(path)] == ["why", "why", "another reason"]
    assert [entry.subject for entry in remove_entries(path, lambda entry: entry.subject == "a")] == ["a"]
    text = path.read_text()
    assert text.startswith('# ours\n\n# of b\n[[accepted]]\nsubject = "b"')
    assert "# end of b" in text
    assert [entry["subject"] for entry in tomllib.loads(text)["accepted"]] == ["b", nasty.subject]
    assert {each.name for each in tmp_path.iterdir()} == {NAME}


def test_a_file_written_in_another_way_is_left_to_its_owner(tmp_path):
    path = tmp_path / NAME
    text = f'accepted = [{{subject = "a", property = "pure", reason = "why", until = {TOMORROW}}}]\n'
    path.write_text(text)
    with pytest.raises(BaselineError, match=r"cannot be changed from here|cannot be read"):
        remove_entries(path, lambda _: True)
    assert path.read_text() == text
    assert {each.name for each in tmp_path.iterdir()} == {NAME}


# commands -------------------------------------------------------------------------------------------------------------


def accepted_until(day, *more):
    return ("--reason", "rewritten in #12", "--until", str(day), *more)


def test_a_known_failure_fails_nothing_until_its_date_and_is_pruned_when_it_passes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "course.py").write_text(COURSE.partition("def norm_forward")[0])
    check = ("check", "course.py::affine", *EFFORT)
    assert run(*check).exit_code == 1
    found = found_in(tmp_path)
    assert run("baseline", "list").output.startswith("no known failures")
    assert "accepted until" in run("baseline", "add", found["id"][:4], *accepted_until(TOMORROW)).output
    known = run(*check)
    assert known.exit_code == 0, known.output
    assert f"accepted until {TOMORROW}: course.my_affine: vjp_matches_differences (rewritten in #12)" in known.output
    assert "0 passed, 1 falsified, 0 inconclusive (1 accepted)" in known.output
    (item,) = json.loads((tmp_path / "backproof-report" / "report.json").read_text())["items"]
    assert item["accepted"] == {"reason": "rewritten in #12", "until": str(TOMORROW)}
    assert "nothing is stale" in run("baseline", "prune").output

    baseline = (tmp_path / NAME).read_text()
    (tmp_path / NAME).write_text(baseline.replace(str(TOMORROW), str(YESTERDAY)))
    late = run(*check)
    assert late.exit_code == 1
    assert "its date is past, and it fails again" in late.output
    assert "PAST its date" in run("baseline", "list").output
    assert "nothing is stale" in run("baseline", "prune").output  # somebody must decide
    (tmp_path / NAME).write_text(baseline)

    rewrite(tmp_path, ("dout.mean(axis=0)", "dout.sum(axis=0)"))
    passing = run(*check)
    assert passing.exit_code == 0
    assert "stale entry of the baseline: course.my_affine: vjp_matches_differences: it passes now" in passing.output
    assert "removed course.my_affine" in run("baseline", "prune").output
    assert read_baseline(tmp_path / NAME) == []


WRONG_QUESTIONS = {
    "no date": (("abcdef", *accepted_until("soon")), "--until 'soon' is no date"),
    "past": (("abcdef", *accepted_until(YESTERDAY)), "is past. Name a day from"),
    "too far": (("abcdef", *accepted_until(TODAY + datetime.timedelta(days=500))), "a year ahead"),
    "no reason": (("abcdef", "--reason", " ", "--until", str(TOMORROW)), "has an empty reason"),
    "unknown": (("ffffff", *accepted_until(TOMORROW)), "has an id that begins with 'ffffff'"),
}


@pytest.mark.parametrize("question", WRONG_QUESTIONS)
def test_a_wrong_question_writes_nothing(question, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "backproof-report").mkdir()
    alone = {
        "schema": "backproof-counterexample/2", "id": "abcdef", "subject": "a", "property": "pure", "search": "a",
        "sentence": "", "verdict": "falsified", "evidence": "native", "digits": None, "seed": 0, "reason": "",
        "signature": "()->()", "written": None, "layers": [], "arguments": [], "options": {}, "option_values": {},
        "cotangent": {"dtype": "float64", "shape": [], "values": ["0x0.0p+0"]}, "mismatch": None, "confirmed_by": [],
        "script": "", "target": None, "given_signature": "", "test": "", "bits": None, "arithmetic": "arb",
        "versions": {}, "stages": [], "path": [],
    }  # fmt: skip
    (tmp_path / "backproof-report" / "abcdef.json").write_text(json.dumps(alone))
    arguments, says = WRONG_QUESTIONS[question]
    result = run("baseline", "add", *arguments)
    assert (result.exit_code, says in " ".join(result.output.split())) == (2, True), result.output
    assert not (tmp_path / NAME).exists()
    assert run("baseline", "remove", "a").exit_code == 2
    assert run("baseline", "add", "abc", *accepted_until(TOMORROW, "--exactly")).exit_code == 0
    assert read_baseline(tmp_path / NAME)[0].id == "abcdef"
    assert run("baseline", "remove", "abcdef").exit_code == 0
    assert read_baseline(tmp_path / NAME) == []


def test_a_broken_baseline_is_a_wrong_question_of_a_check(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / NAME).write_text(GOOD.replace("why", ""))
    result = run("check", "layers.relu", *EFFORT)
    assert (result.exit_code, "has an empty reason" in result.output) == (2, True)


def test_suites_honour_it_and_a_broken_one_is_a_usage_error(tmp_path):
    text = COURSE + "\nimport backproof\n\ntest_affine = backproof.suite(affine)\n"
    (tmp_path / "test_net.py").write_text(text.replace('"(n,m)->(k)"', '"(n,m)->(n)"'))
    (tmp_path / NAME).write_text(GOOD.replace('"a"', '"my_affine"').replace('"pure"', '"vjp_matches_differences"'))
    asked = ("--backproof-examples", "12", "--backproof-properties", "vjp_matches_differences,pure")
    result = pytest_in(tmp_path, *asked)
    assert (result.returncode, "1 passed, 1 xfailed" in result.stdout) == (0, True), result.stdout
    assert f"accepted until {TOMORROW}: my_affine: vjp_matches_differences (why)" in result.stdout
    (tmp_path / NAME).write_text(GOOD.replace("why", ""))
    result = pytest_in(tmp_path, *asked)
    assert result.returncode != 0
    assert "has an empty reason" in result.stdout + result.stderr
