"""The pytest plugin in a project of its own: records arrive from workers, and nothing happens where it is not used."""

import json

import pytest

from backproof.properties.tests.projects import pytest_apart, pytest_in

USING = """
import pytest
from backproof.engine.catalogue import registered
from backproof.properties.battery import PROPERTIES
from backproof.properties.searching import Effort, search
from backproof.properties.tests import wrong_layers
from backproof.engine.subjects import layer_subject

@pytest.mark.parametrize("name", ["layers.affine", "layers.tanh"])
def test_right(name, backproof_report):
    backproof_report(search(registered()[name], PROPERTIES["adjoint_identity"], Effort(examples=3)))

def test_wrong(backproof_report):
    subject = layer_subject(wrong_layers.dense, "wrong")
    backproof_report(search(subject, PROPERTIES["vjp_matches_differences"], Effort(examples=20)))
"""


def in_parallel(folder):
    return pytest_apart(folder, "-n", "2")


@pytest.mark.parametrize("session", [pytest_in, in_parallel], ids=["serial", "parallel"])
def test_records_reach_the_report(tmp_path, session):
    (tmp_path / "test_layers.py").write_text(USING)
    result = session(tmp_path)
    assert result.returncode == 1, result.stdout
    assert "2 passed" in result.stdout
    assert "is what differences of the forward say it is" in result.stdout
    assert "0.4199743416140260693944967390" in result.stdout
    assert "3 searches; report:" in result.stdout
    items = json.loads((tmp_path / "backproof-report" / "report.json").read_text())["items"]
    assert [item["verdict"] for item in items].count("falsified") == 1
    assert len(items) == 3


def test_the_plugin_is_inert_where_it_is_not_used(tmp_path):
    (tmp_path / "test_other.py").write_text(
        "import sys\n\ndef test_it(): assert not {'numpy', 'flint', 'backproof.engine'} & set(sys.modules)\n"
    )
    result = pytest_apart(tmp_path, "-p", "no:hypothesispytest")
    assert result.returncode == 0, result.stdout
    assert "backproof" not in result.stdout
    assert {path.name for path in tmp_path.iterdir()} - {"__pycache__", ".benchmarks"} == {"test_other.py"}
