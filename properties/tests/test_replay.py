"""Replays: a counterexample is judged again at exactly its point, and what has changed since is told."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from backproof.engine.domains import positive
from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES
from backproof.engine.subjects import append, empty_stack, penalized, pullback, stack_subject, with_skip
from backproof.properties.battery import PROPERTIES
from backproof.properties.judgement import Evidence, falsified
from backproof.properties.searching import Counterexample, Effort, Outcome, search, search_stacks
from backproof.properties.tests.projects import pytest_in
from backproof.reports.command import main
from backproof.reports.records.making import outcome_record
from backproof.reports.replay.replaying import Result, replayed
from backproof.reports.replay.restacking import NotRestacked, restacked
from backproof.reports.runs import targets
from backproof.strategies.points import Point

COURSE = """
import numpy as np
from backproof import Choice, Labels, layer, pair

def affine_forward(x, w, b):
    return x @ w + b, (x, w, b)

def affine_backward(dout, cache):
    x, w, b = cache
    return dout @ w.T, x.T @ dout, dout.mean(axis=0)

affine = pair(affine_forward, affine_backward, "(n,m),(m,k),(k)->(n,k)", name="my_affine")

def norm_forward(x, axis=0, how="sum"):
    return np.sum(x**2, axis=axis), x

def norm_backward(dout, x, axis=0, how="sum"):
    return 3 * np.expand_dims(dout, axis) * x

norm = pair(norm_forward, norm_backward, "(n,m)->(k)", options={"axis": Choice((-1,)), "how": Choice(("sum", "mean"))})

@layer("(...)->(...)")
def cube(x):
    return x**3

@cube.pullback
def cube(x):
    return x**3, lambda ct: 2 * ct * x**2
"""
EFFORT = ("--processes", "0", "--properties", "vjp_matches_differences", "--examples", "20")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "course.py").write_text(COURSE.replace('"(n,m)->(k)"', '"(n,m)->(n)"'))
    return tmp_path


def run(*arguments):
    """A command as in a process of its own: what was imported is not known any more."""
    targets.found_in.cache_clear()
    for name in [name for name in sys.modules if name.startswith("_backproof_target_")]:
        del sys.modules[name]
    return CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)


def found_in(folder, subject=""):
    items = json.loads((folder / "backproof-report" / "report.json").read_text())["items"]
    return next(i["counterexample"] for i in items if i["counterexample"] and i["subject"].endswith(subject))


def rewrite(folder, *changes):
    text = (folder / "course.py").read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (folder / "course.py").write_text(text)


RIGHT = {
    "my_affine": ("dout.mean(axis=0)", "dout.sum(axis=0)"),
    "norm_forward": ("3 * np.expand_dims", "2 * np.expand_dims"),
    "cube": ("2 * ct * x**2", "3 * ct * x**2"),
}
NAMES = {"my_affine": "affine", "norm_forward": "norm", "cube": "cube"}


def test_what_is_not_mended_is_still_falsified_and_what_is_mended_is_fixed(folder):
    assert run("check", "course.py", *EFFORT).exit_code == 1
    shown = run("replay", "--all")
    assert shown.exit_code == 1
    assert shown.output.count("STILL FALSIFIED") == 3
    assert "expected                           got" in shown.output
    for done, (subject, change) in enumerate(RIGHT.items(), start=1):
        found = found_in(folder, subject)
        assert found["target"] == f"course.py::{NAMES[subject]}"
        rewrite(folder, change)
        fixed = run("replay", found["id"][:6])
        assert (fixed.exit_code, fixed.output.split()[0]) == (0, "FIXED"), fixed.output
        everything = run("replay", "--all")
        assert everything.output.count("FIXED ") == done
        assert everything.exit_code == (1 if done < 3 else 0)


GONE = {
    "argument renamed": [("affine_forward(x, w, b)", "affine_forward(x, w, bias)"), ("w + b, ", "w + bias, "),
                         ("(x, w, b)\n\ndef affine_b", "(x, w, bias)\n\ndef affine_b")],
    "argument removed": [("(x, w, b):\n", "(x, w):\n"), ("+ b, (x, w, b)", ", (x, w, w)"), (",(k)->", "->"),
                         ("x.T @ dout, dout.mean(axis=0)", "x.T @ dout")],
    "signature": [('"(n,m),(m,k),(k)->(n,k)"', '"(2,m),(m,3),(3)->(2,3)"')],
    "name": [("affine = pair(", "renamed = pair("), ("affine_backward", "unrelated")],
    "syntax": [("import numpy as np", "import numpy as")],
    "forward raises": [("return x @ w + b", "raise RuntimeError('no'); return x @ w + b")],
    "not repeatable": [("return x @ w + b", "return x @ w + b + np.random.rand()")],
    "number of cotangents": [("return dout @ w.T, x.T @ dout,", "return dout @ w.T,")],
}  # fmt: skip
SAYS = {
    "argument renamed": "its arguments are 'x', 'w' and 'bias' now, but were 'x', 'w' and 'b'",
    "argument removed": "its arguments are 'x' and 'w' now",
    "signature": "",
    "name": "'affine' in 'course.py'",
    "syntax": "cannot be imported: SyntaxError",
    "forward raises": "raised RuntimeError: no",
    "not repeatable": "returned different values for the same arguments",
    "number of cotangents": "returned 2 cotangents, but there are 3 arguments",
}


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reported")
    (folder / "course.py").write_text(COURSE.replace('"(n,m)->(k)"', '"(n,m)->(n)"'))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run("check", "course.py", *EFFORT)
    return {path.name: path.read_text() for path in (folder / "backproof-report").glob("*.json")}


@pytest.fixture
def again(folder, reported):
    (folder / "backproof-report").mkdir()
    for name, text in reported.items():
        (folder / "backproof-report" / name).write_text(text)
    return folder


@pytest.mark.parametrize("change", GONE)
def test_what_has_changed_too_much_cannot_run_and_the_reason_is_told(again, change):
    found = found_in(again, "my_affine")
    rewrite(again, *GONE[change])
    result = run("replay", found["id"])
    assert (result.exit_code, result.output.split()[:2]) == (2, ["CANNOT", "RUN"]), result.output
    assert SAYS[change] in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_an_option_that_is_gone_cannot_run(again):
    found = found_in(again, "norm_forward")
    rewrite(again, (', "how": Choice(("sum", "mean"))', ""))
    result = run("replay", found["id"])
    assert result.exit_code == 2
    assert "its options are 'axis' now, but were 'axis' and 'how'" in result.output


def test_a_file_that_is_gone_cannot_run_and_the_others_do(again):
    (again / "course.py").rename(again / "moved.py")
    result = run("replay", "--all")
    assert result.exit_code == 2
    assert "the file 'course.py' is gone" in result.output


def test_a_report_elsewhere_finds_the_files_beside_its_folder(again, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert run("replay", again / "backproof-report" / f"{found_in(again)['id']}.json").output.startswith("STILL")
    assert run("replay", found_in(again)["id"], "--report", again / "backproof-report").exit_code == 1


WRONG_QUESTIONS = {
    "nothing": ([], "name a counterexample"),
    "unknown": (["ffffff"], "no counterexample in 'backproof-report' has an id that begins with 'ffffff'"),
    "both": (["abc", "--all"], "leave out 'abc'"),
    "a file": (["nowhere.json"], "cannot be read"),
    "ambiguous": ([""], "is the beginning of 3 ids"),
    "a folder": (["--all", "--report", "nowhere"], "cannot be read"),
}


@pytest.mark.parametrize("question", WRONG_QUESTIONS)
def test_a_wrong_question_has_exit_code_2(again, question):
    arguments, says = WRONG_QUESTIONS[question]
    result = run("replay", *arguments)
    assert result.exit_code == 2
    assert says in " ".join(result.output.split())


# other kinds of subjects ----------------------------------------------------------------------------------------------


def doubled(x):
    return np.tanh(x), lambda ct: 2 * ct * (1 - np.tanh(x) ** 2)


def once(x):
    return np.tanh(x), lambda ct: ct * (1 - np.tanh(x) ** 2)


WRONG = pullback(doubled, "(...)->(...)", name="doubled")
MENDED = pullback(once, "(...)->(...)", name="doubled")


def through_json(outcome, **more):
    return {**json.loads(json.dumps(outcome_record(outcome)["counterexample"], allow_nan=False)), **more}


def test_a_subject_of_a_test_module_is_found_by_its_code():
    found = through_json(search(WRONG, PROPERTIES["vjp_matches_differences"], Effort(20)))
    assert found["target"].endswith("test_replay.py::WRONG") or found["target"].endswith("test_replay:WRONG")
    assert replayed(found).result is Result.STILL_FALSIFIED


def test_what_was_made_inside_of_a_function_is_out_of_reach():
    subject = pullback(lambda x: (np.sin(x), lambda ct: -ct * np.cos(x)), "(n)->(n)", name="sine")
    found = through_json(search(subject, PROPERTIES["vjp_matches_differences"], Effort(20)))
    assert found["target"] is None
    result = replayed(found)
    assert result.result is Result.CANNOT_RUN
    assert "was made inside of a test or a function" in result.reason
    assert "pytest 'test_net.py::test_sine'" in replayed({**found, "test": "test_net.py::test_sine"}).reason


def test_a_stack_is_built_again_with_its_branches_and_options(monkeypatch):
    outcome = search_stacks(PROPERTIES["chain_rule"], Effort(40), {**LAYERS, "doubled": WRONG}, required="doubled")
    found = through_json(outcome)
    assert [stage["subject"] for stage in found["stages"]] == ["doubled"]
    assert replayed(found).result is Result.STILL_FALSIFIED
    monkeypatch.setattr(sys.modules[__name__], "WRONG", MENDED)
    assert replayed({**found, "stages": [{**found["stages"][0], "target": f"{__name__}:WRONG"}]}).result is Result.FIXED
    older = replayed({**found, "stages": []})
    assert (older.result, "older backproof" in older.reason) == (Result.CANNOT_RUN, True)


def test_a_tall_stack_is_built_again_layer_by_layer():
    """Labels, a width, options, two branches and a penalty, and the same value and cotangents as before."""
    linear, relu, leaky = LAYERS["affine"], LAYERS["relu"], LAYERS["leaky_relu"]
    begun = append(empty_stack((3, 4)), linear, 5, {})
    inner = append(begun, leaky, 1, {"slope": 0.25})
    grown = with_skip(with_skip(append(inner, relu, 1, {}), inner), begun)
    ended = append(grown, LOSSES["softmax_cross_entropy"], 1, {})
    subject = stack_subject(penalized(ended, LOSSES["l2_penalty"], 1, {"strength": 0.125}))
    shapes = [(3, 4), (4, 5), (5,), (3,)]
    source = np.random.default_rng(0)
    primals = tuple(np.arange(3) if shape == (3,) else source.normal(size=shape) for shape in shapes)
    point = Point(primals, {}, np.array(1.0))
    judged = Counterexample(subject, point, falsified("made up"))
    prop = PROPERTIES["chain_rule"]
    outcome = Outcome(
        "stacks", prop, judged.judgement.verdict, Evidence.FORMULA, 1, 0, None, 0.0, 0, counterexample=judged
    )
    found = through_json(outcome)
    names = [argument["name"] for argument in found["arguments"]]
    built = restacked(found["stages"], names, shapes, lambda stage: pytest.fail(f"{stage} is of the catalogue"))
    assert [stage.shown for stage in built.stages] == [stage.shown for stage in subject.stages] == found["layers"]
    for one, other in zip(built.vjp(*primals)[1](np.array(1.0)), subject.vjp(*primals)[1](np.array(1.0)), strict=True):
        assert np.array_equal(one, other) or (one is None and other is None)
    assert built.forward(*primals) == subject.forward(*primals)
    assert replayed(found).result is Result.FIXED
    with pytest.raises(NotRestacked, match="does not take what stands before it"):
        restacked(found["stages"], names, [(3, 4), (4, 5), (6,), (3,)], pytest.fail)
    with pytest.raises(NotRestacked, match="its layers take x"):
        restacked(found["stages"], ["y", *names[1:]], shapes, pytest.fail)


def test_weaker_evidence_is_asked_again_too():
    """Falsified on floats alone: FIXED only where floats pass too."""

    def opaque(x):
        return np.frombuffer(np.asarray(x, dtype=float).tobytes()) ** 2

    subject = pullback(lambda x: (opaque(x), lambda ct: 3 * ct * x), "(n)->(n)", domain={"x": positive}, name="opaque")
    outcome = search(subject, PROPERTIES["vjp_matches_differences"], Effort(20))
    found = through_json(outcome, target="course.py::opaque")
    assert found["evidence"] in ("native", "values")
    again = replayed_with(found, subject)
    assert (again.result, again.item["evidence"]) == (Result.STILL_FALSIFIED, found["evidence"])
    mended = pullback(lambda x: (opaque(x), lambda ct: 2 * ct * x), "(n)->(n)", domain={"x": positive})
    assert replayed_with(found, mended).result is Result.FIXED


def replayed_with(found, subject):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("backproof.reports.replay.looking_up._looked_up", lambda *_: subject)
        return replayed(found)


def test_what_is_not_decided_is_not_fixed():
    found = through_json(search(WRONG, PROPERTIES["vjp_matches_differences"], Effort(20)))
    at_nan = {**found["arguments"][0], "values": [float("nan").hex()] * len(found["arguments"][0]["values"])}
    result = replayed({**found, "arguments": [at_nan]})
    assert result.result is Result.NOT_DECIDED
    assert result.reason


def test_suites_are_replayed_by_the_place_they_stand_in(tmp_path):
    text = COURSE + "\nimport backproof\n\nclass TestNet:\n    test_affine = backproof.suite(affine)\n"
    (tmp_path / "test_net.py").write_text(text.replace('"(n,m)->(k)"', '"(n,m)->(n)"'))
    result = pytest_in(tmp_path, "--backproof-examples", "12", "--backproof-properties", "vjp_matches_differences")
    assert "1 failed" in result.stdout
    found = found_in(tmp_path)
    assert found["target"] == "test_net.py::TestNet::test_affine"
    command = [sys.executable, "-c", "from backproof.reports.command import main; main()", "replay", found["id"][:5]]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()[:2]) == (1, ["STILL", "FALSIFIED"]), done.stderr


# scripts --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("subject", RIGHT)
def test_the_script_shows_it_and_stops_showing_it_when_it_is_mended(again, subject):
    found = found_in(again, subject)
    path = again / f"{found['id']}.py"
    assert found["script"].startswith(f'"""course.{subject}: vjp_matches_differences')
    for text, code in ((found["script"], 1), (mended(found["script"], subject), 0)):
        path.write_text(text)
        done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (code, ""), done.stdout
        said = re.search(r"mpmath: the pullback agrees with what was expected to (\d+) digits", done.stdout)
        assert (int(said[1]) >= 30) == (code == 0)
        assert "mpmath: differences of the forward agree" in done.stdout


def mended(script, subject):
    before, after = (text.replace("**", " ** ") for text in RIGHT[subject])  # as Python writes it
    assert before in script
    return script.replace(before, after)


def test_what_verify_raised_is_in_the_report_and_can_be_replayed(tmp_path):
    text = COURSE + "\nimport backproof\n\ndef test_affine():\n    backproof.verify(affine, examples=12)\n"
    (tmp_path / "test_net.py").write_text(text.replace('"(n,m)->(k)"', '"(n,m)->(n)"'))
    result = pytest_in(tmp_path)
    assert "1 failed" in result.stdout
    found = found_in(tmp_path)
    assert (found["target"], found["test"]) == ("test_net.py::affine", "test_net.py::test_affine")
