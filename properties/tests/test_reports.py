"""Records, pages and standalone scripts: exact, escaped, and able to show what they claim."""

import json
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from backproof.engine.maps import VOCABULARY
from backproof.engine.subjects import layer_subject, map_subject
from backproof.properties.battery import PROPERTIES
from backproof.properties.searching import Effort, search
from backproof.properties.tests import wrong_layers
from backproof.properties.tests.planting import MISTAKES, planted_map
from backproof.reports.forms.terminal import counterexample_text
from backproof.reports.pages.page import page
from backproof.reports.records.making import array_of, array_record, outcome_record, run_record
from backproof.reports.records.writing import ReportError, read_report, write_report


@pytest.fixture(scope="module")
def falsified():
    subject = layer_subject(wrong_layers.dense, "wrong")
    return outcome_record(search(subject, PROPERTIES["vjp_matches_differences"], Effort(examples=50)))


@pytest.fixture(scope="module")
def record(falsified):
    subject = layer_subject(wrong_layers.leaky, "right")
    passing = outcome_record(search(subject, PROPERTIES["adjoint_identity"], Effort()))
    return run_record([falsified, passing], seed=3, examples=50, seconds=1.0, errors=["<b>a wrong description</b>"])


@pytest.mark.parametrize(
    "array",
    [
        np.array([[0.1, -0.0], [1e-308, 5e-324]]),
        np.array(1 / 3),
        np.zeros((0, 3)),
        np.array([1, 2]),
        np.array([True, False]),
        np.array([0.1, 1e-45], dtype=np.float32),
    ],
    ids=repr,
)
def test_arrays_survive_json_bit_for_bit(array):
    back = array_of(json.loads(json.dumps(array_record(array))))
    assert (back.dtype, back.shape, back.tobytes()) == (array.dtype, array.shape, array.tobytes())


def test_a_falsified_record_holds_both_numbers(falsified):
    mismatch = falsified["counterexample"]["mismatch"]
    # The point shrinks to tanh(1): 1 - tanh(1)^2 against 1 - tanh(1).
    assert mismatch["expected"][0].startswith("0.41997434161402606939449673904170144491")
    assert mismatch["got"][0].startswith("0.23840584404423511188054171739520640958")
    assert falsified["counterexample"]["confirmed_by"] == ["arb", "mpmath"]


def test_the_text_of_a_counterexample_says_everything(falsified):
    text = counterexample_text(falsified)
    assert "is what differences of the forward say it is" in text
    assert "expected" in text
    assert "0.4199743416140260693944967390" in text
    assert "cotangent  [[1.0]]" in text


def run_script(tmp_path, record, code):
    path = tmp_path / "script.py"
    path.write_text(record["counterexample"]["script"])
    # -I: NumPy alone, and nothing of the directory that the script happens to stand in.
    done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (code, "")
    return done.stdout


def test_the_script_runs_the_users_pullback_and_the_forward(tmp_path, falsified):
    assert not re.search(r"^\s*(import|from) backproof", falsified["counterexample"]["script"], re.MULTILINE)
    output = run_script(tmp_path, falsified, 1)
    assert "0.41997434161402606939449673904170144491" in output
    assert "0.23840584" in output.split("run now in float64")[1]
    assert "0.419974" in output.split("differences of the forward")[1]


def test_the_script_of_a_map_runs(tmp_path):
    subject = map_subject(planted_map(VOCABULARY["left_multiply"], MISTAKES["factor"]))
    found = outcome_record(search(subject, PROPERTIES["vjp_matches_differences"], Effort(examples=50)))
    output = run_script(tmp_path, found, 2)  # a map has no pullback of its own to run
    assert "expected" in output


def test_the_page_is_self_contained_and_escapes_what_users_supply(record, falsified):
    nasty = {**falsified, "subject": "<script>alert(1)</script>", "reason": "<img src=x>"}
    nasty["counterexample"] = {**falsified["counterexample"], "subject": "<script>alert(1)</script>"}
    text = page({**record, "items": [nasty]})
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)" in text
    for fetched in ("http://", "https://", "src=", "@import", "url("):
        assert fetched not in text.replace("&lt;img src=x&gt;", "").replace(r"\u003cimg src=x\u003e", "")


def test_the_page_names_verdicts_points_and_digits(record, falsified):
    text = page(record)
    assert "1 falsified" in text
    assert falsified["counterexample"]["id"] in text
    assert "0.4199743416140260693944967390417014449172" in text
    assert "&lt;b&gt;a wrong description&lt;/b&gt;" in text


def test_reports_are_written_whole_and_read_back(tmp_path, record):
    write_report(record, tmp_path / "report")
    assert read_report(tmp_path / "report" / "report.json") == record
    names = {path.name for path in (tmp_path / "report").iterdir()}
    assert {"report.json", "index.html"} < names
    assert not any(name.startswith(".") for name in names)


def test_a_report_takes_the_place_of_the_one_before_it(tmp_path, record):
    name = record["items"][0]["counterexample"] or record["items"][1]["counterexample"]
    write_report(record, tmp_path)
    (tmp_path / "mine.py").write_text("")
    assert (tmp_path / f"{name['id']}.json").exists()
    write_report({**record, "items": []}, tmp_path)
    assert not list(tmp_path.glob(f"{name['id']}.*"))
    assert (tmp_path / "mine.py").exists()


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"schema": "somebody-elses/1"}'])
def test_a_foreign_file_is_a_clear_error(tmp_path, content):
    path = tmp_path / "report.json"
    path.write_text(content)
    with pytest.raises(ReportError, match=r"report\.json"):
        read_report(path)


def test_an_unwritable_folder_is_a_clear_error(tmp_path, record):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReportError, match="Name another with --report"):
        write_report(record, tmp_path / "file" / "report")


def test_a_map_without_source_still_gets_a_script(falsified):
    entry = replace(VOCABULARY["scale"], construct=lambda factor: VOCABULARY["scale"].construct(factor))
    entry.construct.__name__ = "scale"
    subject = map_subject(planted_map(entry, MISTAKES["sign"]))
    found = outcome_record(search(subject, PROPERTIES["adjoint_identity"], Effort(examples=50)))
    assert "expected = [" in found["counterexample"]["script"]
