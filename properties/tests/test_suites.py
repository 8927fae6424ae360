"""Verification in a project of somebody else's: suites, settings, annotations, and the calls from Python."""

import json

import numpy as np
import pytest

import backproof
from backproof.engine.errors import SpecError
from backproof.properties.profiles import PROFILES
from backproof.properties.tests.projects import pytest_in
from backproof.reports.settings import PROFILE_NAMES, SettingsError, settings_in

LAYERS = """
import backproof

def affine_forward(x, w, b):
    return x @ w + b, (x, w)

def affine_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)

def averaged_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.mean(axis=0)

SIGNATURE = "(n,i),(i,o),(o)->(n,o)"
"""
RIGHT = LAYERS + "test_affine = backproof.suite(backproof.pair(affine_forward, affine_backward, SIGNATURE))\n"
WRONG = LAYERS + "test_averaged = backproof.suite(backproof.pair(affine_forward, averaged_backward, SIGNATURE))\n"


def forward(x, w, b):
    return x @ w + b, (x, w)


def right(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def wrong(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.mean(axis=0)


def affine(backward):
    return backproof.pair(forward, backward, "(n,i),(i,o),(o)->(n,o)", name="affine")


def test_a_suite_is_one_test_a_property(tmp_path):
    (tmp_path / "test_net.py").write_text(RIGHT)
    result = pytest_in(tmp_path, "-vv", "--backproof-examples", "3")
    assert result.returncode == 0, result.stdout
    assert "test_net.py::test_affine::vjp_matches_differences" in result.stdout
    assert "test_net.py::test_affine::in_stacks" in result.stdout
    assert "11 passed" in result.stdout
    items = json.loads((tmp_path / "backproof-report" / "report.json").read_text())["items"]
    assert len(items) == 11


def test_a_wrong_subject_fails_with_its_counterexample_and_is_marked_on_github(tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (tmp_path / "test_net.py").write_text(WRONG)
    result = pytest_in(tmp_path, "--backproof-examples", "12")
    assert result.returncode == 1
    assert "1 failed, 9 passed, 1 skipped" in result.stdout
    assert "    1.0                                0.5" in result.stdout
    assert "✗ affine_forward: vjp_matches_differences: the cotangent for b is not J^T ct" in result.stdout
    line = 1 + WRONG.splitlines().index("def averaged_backward(dout, cache):")
    title = "title=affine_forward%3A vjp_matches_differences"
    assert f"::error file=test_net.py,line={line},{title}::looks like: the cotangent for b" in result.stdout


def test_what_the_project_says_holds_and_the_command_line_goes_first(tmp_path):
    (tmp_path / "test_net.py").write_text(WRONG)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.backproof]\nproperties = ["pure", "repeatable"]\nexamples = 3\nseed = 7\nreport = "found"\n'
    )
    result = pytest_in(tmp_path)
    assert "2 passed" in result.stdout
    record = json.loads((tmp_path / "found" / "report.json").read_text())
    assert (record["seed"], record["examples"]) == (7, 3)
    result = pytest_in(tmp_path, "--backproof-properties", "vjp_matches_differences", "--backproof-examples", "12")
    assert "1 failed" in result.stdout


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('profil = "ci"', "[tool.backproof] has no key 'profil'. Did you mean 'profile'?"),
        ('profile = "fast"', "says profile = 'fast', but it should be one of dev, ci, nightly"),
        ("seed = true", "says seed = True, but it should be an integer, 0 or more"),
        ("seconds = 0", "says seconds = 0, but it should be a positive number"),
        ('properties = "pure"', "it should be a list of names"),
    ],
)
def test_a_wrong_setting_is_an_error_that_says_what_is_meant(tmp_path, table, says):
    (tmp_path / "pyproject.toml").write_text(f"[tool.backproof]\n{table}\n")
    with pytest.raises(SettingsError) as raised:
        settings_in(tmp_path)
    assert says in str(raised.value)


def test_nothing_runs_with_a_wrong_setting(tmp_path):
    (tmp_path / "test_net.py").write_text(RIGHT)
    (tmp_path / "pyproject.toml").write_text('[tool.backproof]\nproperties = ["pur"]\n')
    result = pytest_in(tmp_path)
    assert result.returncode != 0
    assert "properties names 'pur'. Did you mean 'pure'?" in result.stdout + result.stderr
    assert "passed" not in result.stdout


def test_a_description_that_does_not_fit_is_told_as_such(tmp_path):
    (tmp_path / "test_net.py").write_text(RIGHT.replace("(n,i),(i,o),(o)->(n,o)", "(n,i),(i,o),(o)->(o,n)"))
    result = pytest_in(tmp_path, "--backproof-properties", "pure")
    assert "wrong description: the forward of affine_forward returned an output of shape" in result.stdout
    assert not (tmp_path / "backproof-report").exists()


def test_verify_says_nothing_of_what_is_right_and_raises_the_counterexample_of_what_is_wrong():
    assert backproof.verify(affine(right), examples=5) is None
    with pytest.raises(backproof.Falsified, match="the cotangent for b is not J") as raised:
        backproof.verify(affine(wrong))
    assert isinstance(raised.value, AssertionError)
    assert str(raised.value).startswith("affine: vjp_matches_differences\n")
    assert "1.0                                0.5" in str(raised.value)


def test_verify_does_not_pass_what_is_undecided():
    outside = backproof.pullback(lambda x: (np.log(x), lambda ct: ct / x), "(n)->(n)", domain={})
    with pytest.raises(backproof.Undecided, match="say with domain="):
        backproof.verify(outside, properties=["vjp_matches_differences"])


def test_check_never_raises_for_what_is_wrong_and_takes_properties_and_time():
    report = backproof.check(affine(wrong), properties=["vjp_matches_differences", "pure"])
    assert [outcome.verdict.value for outcome in report.outcomes] == ["falsified", "passed"]
    hurried = backproof.check(affine(right), examples=1000, seconds=0.05, properties=["vjp_matches_differences"])
    assert 0 < hurried.outcomes[0].points < 1000
    assert "0.05 s were over" in hurried.outcomes[0].note


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"properties": ["vjp_matches"]}, "properties names 'vjp_matches'. Did you mean"),
        ({"properties": ["second_order"]}, "does not apply to affine: no tape can differentiate"),
        ({"examples": 0}, "examples=0 should be at least 1"),
        ({"seconds": -1.0}, r"seconds=-1.0 should be positive"),
    ],
)
def test_a_wrong_question_is_an_error(asked, says):
    with pytest.raises(SpecError, match=says):
        backproof.check(affine(right), **asked)


def test_right_layers_are_judged_in_stacks_too():
    names = [outcome.subject for outcome in backproof.check(affine(right), examples=5).outcomes]
    assert names[-1] == "stacks with affine"
    assert backproof.check(affine(wrong), examples=25).outcomes[-1].subject == "affine"


def test_the_profiles_that_a_project_may_name_are_those_there_are():
    assert set(PROFILE_NAMES) == set(PROFILES)
