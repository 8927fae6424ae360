"""The README says what is so: its files are written, its commands run, and what it shows is what they print."""

import doctest
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from backproof.properties.battery import PROPERTIES
from backproof.properties.tests.projects import pytest_apart, pytest_in
from backproof.reports.command import main
from backproof.reports.listing import markdown, tables

README = Path(__file__).parents[2] / "README.md"
pytestmark = pytest.mark.skipif(not README.exists(), reason="an installed wheel has no README beside it")
TEXT = README.read_text() if README.exists() else ""
FILES = re.findall(r"```python\n# (\w+\.py)\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = re.findall(r"```console\n\$ backproof ([^\n]*)\n(.*?)```", TEXT, re.DOTALL)
FRAMEWORKS = ("import torch", "import jax", "import autograd")


def marks_of(command: str) -> list[pytest.MarkDecorator]:
    """Whether a command checks a file that needs a framework."""
    needs = any(name in command and any(f in content for f in FRAMEWORKS) for name, content in FILES)
    return [pytest.mark.wild] if needs else []


def loose(output: str) -> str:
    """The output without what differs from run to run and from one Hypothesis to the next: counts of points."""
    lines = []
    for line in output.strip().splitlines():
        counted = " points in " in line or " points of right code" in line or re.search(r"✓ passed|✗ falsified", line)
        lines.append(" ".join(re.sub(r"\d+", "N", line).split()) if counted else line.rstrip())
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("command", "expected"), [pytest.param(*shown, id=shown[0], marks=marks_of(shown[0])) for shown in COMMANDS]
)
def test_commands_print_what_is_shown(command, expected, tmp_path, monkeypatch):
    if command.startswith("demo"):
        pytest.importorskip("sklearn")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name, content in FILES:
        (tmp_path / name).write_text(content)
    alone = {"check": ["--processes", "0"], "mutate": ["--processes", "1"]}  # tests run side by side already
    output = CliRunner().invoke(main, [*shlex.split(command), *alone.get(command.split()[0], [])]).output
    same = doctest.OutputChecker().check_output(loose(expected), loose(output), doctest.ELLIPSIS)
    assert same, f"the README shows\n{expected}\nbut the command prints\n{output}"


def test_there_are_files_and_commands_to_test():
    named = " ".join(command for command, _ in COMMANDS)
    unused = [name for name, _ in FILES if name not in named]
    assert unused == ["test_course.py"]
    assert len(COMMANDS) >= 10


def test_a_project_of_ones_own(tmp_path):
    for name, content in FILES:
        if name.endswith("course.py"):
            (tmp_path / name).write_text(content)
    shown = re.search(r"```console\n\$ pytest -n auto\n\.\.\.\n(.*?)```", TEXT, re.DOTALL)
    printed = pytest_apart(tmp_path, "-n", "2").stdout
    for line in shown[1].replace("backproof-report", f"{tmp_path}/backproof-report").splitlines():
        assert line in printed
    settings = re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)[1]
    (tmp_path / "pyproject.toml").write_text(settings)
    assert "1 failed, 1 passed" in pytest_in(tmp_path, "--backproof-examples", "25").stdout


def test_a_layer_is_at_most_fifteen_lines():
    content = dict(FILES)["swish.py"]
    assert len([line for line in content.splitlines() if line.strip()]) <= 15


def test_examples_at_the_prompt():
    examples = doctest.DocTestParser().get_doctest(TEXT, {"np": np}, "README", str(README), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert len(examples.examples) >= 4
    assert runner.run(examples).failed == 0


def test_the_table_of_properties_is_the_battery():
    rows = re.findall(r"^\| (\w+) \| (.*) \|$", TEXT, re.MULTILINE)
    assert [(name, sentence) for name, sentence in rows if name in PROPERTIES] == [
        (prop.name, prop.sentence) for prop in PROPERTIES.values()
    ]


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(((?:engine|properties|reports)[^)]*)\)", TEXT))))
def test_links_lead_somewhere(path):
    assert (README.parent / path).exists()


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.title)
def test_the_catalogue_is_what_is_registered(table):
    assert markdown(table) in TEXT
