"""What is kept of findings: each has its section, in the file of the version in which it was found."""

import re
from pathlib import Path

import pytest

from backproof import reports
from backproof.properties.tests.wild import autograd_findings, torch_library

pytestmark = pytest.mark.wild

FOLDER = Path(reports.__file__).parent / "findings"


def sections(name):
    return re.findall(r"^### (.*)$", (FOLDER / name).read_text(), re.MULTILINE)


def test_every_finding_in_autograd_is_told():
    assert sections("autograd-1.9.1.md") == list(autograd_findings.FINDINGS)


def test_every_finding_in_torch_is_told():
    names = [name for (name, *_), _, _ in torch_library.FINDINGS]
    assert [title.split(" ")[0] for title in sections("torch-2.13.0.md")[: len(names)]] == names


def test_the_list_counts_them():
    text = (FOLDER / "README.md").read_text()
    assert f"{len(autograd_findings.FINDINGS)}, of which {len(autograd_findings.WRONG_VALUES)} are wrong values" in text
    assert f"{len(torch_library.FINDINGS)}, and two derivatives" in text
    assert len(sections("jax-0.10.2.md")) == 1
