"""What is installed: every folder, nothing outside backproof, and light imports."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import backproof
import backproof.engine

ROOMS = Path(backproof.engine.__file__).parent
ROOT = Path(__file__).parents[2]
PYPROJECT = ROOT / "pyproject.toml"
needs_checkout = pytest.mark.skipif(
    not PYPROJECT.exists(), reason="an installed wheel has no pyproject.toml to compare"
)


@needs_checkout
def test_every_folder_is_named_in_pyproject():
    table = tomllib.loads(PYPROJECT.read_text())["tool"]["setuptools"]
    named = {name for name in table["packages"] if name != "backproof"}
    rooms = ("engine", "strategies", "properties", "reports")
    found = {
        "backproof." + ".".join(path.parent.relative_to(ROOT).parts)
        for room in rooms
        for path in (ROOT / room).rglob("__init__.py")
    }
    assert named == found - {"backproof.reports.facade"}


@needs_checkout
def test_nothing_else_stands_at_the_top():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    tops = {line.split("/")[0] for line in tracked.stdout.splitlines()}
    files = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".gitignore", ".ci", ".github"}
    assert tops <= files | {"engine", "strategies", "properties", "reports"}


def modules_after(statement):
    code = f"import sys\n{statement}\nprint('\\n'.join(sys.modules))"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_importing_backproof_imports_nothing_else():
    assert not {"numpy", "flint", "hypothesis", "backproof.engine"} & modules_after("import backproof")


def test_the_engine_never_imports_hypothesis_nor_extended_arithmetic():
    loaded = modules_after("import backproof.engine.catalogue")
    assert not {"hypothesis", "flint", "mpmath", "rich", "jinja2"} & loaded


def test_the_facade_hands_out_names_and_refuses_others_with_a_suggestion():
    assert backproof.__version__
    assert callable(backproof.layer)
    with pytest.raises(AttributeError, match="Did you mean 'layer'"):
        _ = backproof.laier


IMPORTS_BELOW = {
    "engine": ("strategies", "properties", "reports"),
    "strategies": ("properties", "reports"),
    "properties": ("reports",),
}


@pytest.mark.parametrize("room", IMPORTS_BELOW)
def test_rooms_import_only_from_rooms_above(room):
    folder = ROOMS.parent / room
    for path in folder.rglob("*.py"):
        if "tests" not in path.parts:
            for below in IMPORTS_BELOW[room]:
                assert not re.search(rf"(from|import) backproof\.{below}\b", path.read_text()), f"{path}: {below}"
