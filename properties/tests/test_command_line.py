"""The command line: what it prints, what it writes, and its exit codes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from backproof.properties.searching import Effort
from backproof.reports.command import main
from backproof.reports.runs.running import items_for, run_item

WRONG = str(Path(__file__).parent / "wrong_layers.py")


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def test_a_right_layer_passes_and_is_reported(run, tmp_path):
    result = run("check", "layers.affine", "--examples", "5", "--processes", "0")
    assert result.exit_code == 0, result.output
    assert "layers.affine" in result.output
    assert "16 passed, 0 falsified, 0 inconclusive" in result.output
    report = json.loads((tmp_path / "backproof-report" / "report.json").read_text())
    assert {item["verdict"] for item in report["items"]} == {"passed"}
    assert min(item["digits"] for item in report["items"] if item["digits"] is not None) >= 30


def test_a_wrong_layer_of_ones_own_is_falsified(run, tmp_path):
    result = run("check", WRONG, "--examples", "12", "--processes", "0", "--report", "elsewhere")
    assert result.exit_code == 1, result.output
    assert "wrong_layers.dense: vjp_matches_differences" in result.output
    assert "0.41997434161402606939449673904" in result.output
    assert "wrong_layers.leaky" in result.output
    assert "✓ passed" in result.output
    assert list((tmp_path / "elsewhere").glob("*.py"))


WRONG_QUESTIONS = {
    "unknown subject": (["check", "afine"], "Did you mean 'affine'"),
    "missing file": (["check", "nowhere.py"], "existing file"),
    "unknown layer to explain": (["explain", "sofmax"], "Did you mean 'softmax'"),
    "unknown name in an expression": (["explain", "A @ Q", "A=2,3"], "Give the shape of each array, Q=2,3"),
    "no expression": (["explain", "A @", "A=2,3"], "is no expression in Python"),
    "an array that is not there": (["explain", "A + A", "A=2,3", "C=3"], "'C' has a shape, but does not stand in"),
    "no rule": (["explain", "np.i0(x)", "x=3"], "i0 has no derivative rule"),
    "no shape": (["explain", "A @ A", "A=two"], "'A=two' should be a name and a shape"),
    "unknown option": (["check", "--exampels", "3"], "--examples"),
    "bad number": (["check", "--examples", "0"], "0 is not in the range"),
    "unknown command": (["chekc"], "No such command"),
}


@pytest.mark.parametrize("question", WRONG_QUESTIONS)
def test_a_wrong_question_has_exit_code_2_and_a_remedy(run, question):
    arguments, says = WRONG_QUESTIONS[question]
    result = run(*arguments)
    assert result.exit_code == 2
    assert says in result.output
    assert "Traceback" not in result.output


BAD_FILES = {
    "no layer": ("x = 1\n", "defines no layer"),
    "import error": ("import nothing_of_that_name\n", "cannot be imported: ModuleNotFoundError"),
    "signature": ("@layer('(n,i)(i)->(n)')\ndef f(x, w): return x @ w\n", "does not parse"),
    "option": (
        "@layer('(n)->(n)', slop=Real(0., 1.))\ndef f(x, slope=0.1): return x * slope\n",
        "Did you mean 'slope'",
    ),
    "output": ("@layer('(n,m)->(n)')\ndef f(x): return x\n", "returned an output of shape"),
    "count": (
        "@layer('(n),(n)->(n)')\ndef f(x, y): return x * y\n\n"
        "@f.pullback\ndef f(x, y): return x * y, lambda ct: (ct * y,)\n",
        "returned 1 cotangent, but there are 2 arguments (x, y)",
    ),
    "rule": ("@layer('(n)->(n)')\ndef f(x): return np.i0(x)\n", "@derivative_of(np.i0, "),
    "forward": ("@layer('(n),(m)->(n)')\ndef f(x, y): return x * (x @ y)\n", "raised ValueError"),
}
HEAD = "import numpy as np\nfrom backproof.engine import layer\nfrom backproof.engine.options import Real\n\n"


@pytest.mark.parametrize("mistake", BAD_FILES)
def test_a_wrong_description_has_exit_code_2_and_a_remedy(run, tmp_path, mistake):
    content, says = BAD_FILES[mistake]
    (tmp_path / f"bad_{mistake.replace(' ', '_')}.py").write_text(HEAD + content)
    result = run("check", str(tmp_path / f"bad_{mistake.replace(' ', '_')}.py"), "--examples", "10", "--processes", "0")
    assert result.exit_code == 2, result.output
    assert says in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_explain_prints_operator_notation(run):
    output = run("explain", "affine").output
    assert "[. @ w.T]" in output
    assert "[x.T @ .]" in output
    assert "[* mask]" in run("explain", "relu").output
    assert "rules.solve(a, b)" in run("explain", "rules.solve").output
    assert "[x.T @ .] o [* mask]" in run("explain", "relu(x @ W)", "x=2,3", "W=3,4").output


def test_explain_alone_prints_the_exercises(run):
    output = run("explain").output
    for line in ("[x @ . @ x.T]", "[A.T @ . @ C.T]", "[* (X.T @ (X @ W - Y))]", "[* (exp(z - logsumexp(z)) - y)]"):
        assert f"pullback    {line}" in output


def test_catalogue_lists_what_is_registered(run):
    output = run("catalogue", "losses").output
    assert "huber" in output
    assert "affine" not in output
    assert "`np.linalg.inv`" in run("catalogue", "rules", "--markdown").output


def test_derivations_stand_beside_the_report(run, tmp_path):
    run("check", "affine", "rules.tanh", "--examples", "2", "--processes", "0")
    shown = (tmp_path / "backproof-report" / "derivations.html").read_text()
    assert shown.count("✓ passed") == 2
    assert "<msup><mi>w</mi><mi>T</mi></msup>" in shown
    assert "[x.T @ .]" in shown
    assert 'href="derivations.html"' in (tmp_path / "backproof-report" / "index.html").read_text()


def test_no_derivations_where_nothing_of_the_catalogue_was_judged(run, tmp_path):
    run("check", f"{WRONG}::leaky", "--examples", "2", "--processes", "0")
    assert not (tmp_path / "backproof-report" / "derivations.html").exists()


def test_scaling_draws_both_modes(run, tmp_path):
    result = run("scaling", "--widest", "256", "--repeats", "1")
    assert result.exit_code == 0, result.output
    assert "reverse mode: cost grows as width^" in result.output
    assert (tmp_path / "backproof-report" / "scaling.svg").read_text().startswith("<svg")


def test_demo_verifies_real_minibatches(run):
    pytest.importorskip("sklearn")
    result = run("demo", "digits", "--epochs", "2", "--verify", "2")
    assert result.exit_code == 0, result.output
    assert result.output.count("gradient confirmed to") == 2


def test_the_same_seed_gives_the_same_points_whoever_runs_them():
    items = items_for(["softmax"], Effort(examples=5, seed=4), stacks=0)
    assert items == items_for(["layers.softmax"], Effort(examples=5, seed=4), stacks=0)
    first, again = (run_item(items[0]).record for _ in range(2))
    assert (first["digits"], first["points"]) == (again["digits"], again["points"])
