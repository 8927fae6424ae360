"""Finding what to verify by name: files, modules, one thing in them, and pairs of plain functions by their names."""

import json
import os
import re
import sys

import numpy as np
import pytest
from click.testing import CliRunner

import backproof
from backproof.engine.domains import Labels
from backproof.engine.errors import SpecError
from backproof.engine.subjects import guessed, pair
from backproof.engine.subjects.autograd_arrays import autograd_itself
from backproof.reports.command import main
from backproof.reports.runs.targets import _executed, source_of

NET = """
import numpy as np
import backproof
from sibling import scale


def affine_forward(x, w, b):
    return x @ w + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.mean(axis=0)


def forward_relu(x, slope=0.5):
    return np.maximum(slope * x, x), (x, slope)


def backward_relu(cache, dout):
    x, slope = cache
    return dout * np.where(x > 0, np.ones_like(x), np.full_like(x, slope))


def tripled(x):
    return scale * x


def tripled_vjp(ct, x):
    return 3 * ct


def lonely(x):
    return x
"""
DESCRIBED = NET + 'described = backproof.pair(tripled, tripled_vjp, "(n)->(n)", name="thrice")\n'


@pytest.fixture
def check(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = f"net_{abs(hash(tmp_path)) % 10**8}"
    (tmp_path / "sibling.py").write_text("scale = 3.0\n")
    (tmp_path / f"{name}.py").write_text(NET)
    (tmp_path / f"described_{name}.py").write_text(DESCRIBED)
    monkeypatch.syspath_prepend(str(tmp_path))

    def run(target, *arguments):
        options = ["--examples", "6", "--stacks", "0", "--processes", "0", *arguments]
        result = CliRunner().invoke(main, ["check", target.replace("net", name), *options])
        record = tmp_path / "backproof-report" / "report.json"
        items = json.loads(record.read_text())["items"] if record.exists() else []
        return result.exit_code, " ".join(result.output.replace(name, "net").split()), items

    return run


@pytest.mark.parametrize("target", ["net.py", "net:"])
def test_pairs_are_found_by_their_names_and_the_guess_is_said(check, target):
    code, said, items = check(target, "--properties", "vjp_matches_differences")
    assert code == 1
    assert 'guessed: affine is pair(affine_forward, affine_backward, "(n,m),(m,k),(k)->(n,k)")' in said
    assert 'guessed: relu is pair(forward_relu, backward_relu, "(...)->(...)"); slope as the default is' in said
    assert 'guessed: tripled is pair(tripled, tripled_vjp, "(...)->(...)")' in said
    verdicts = {item["subject"].rpartition(".")[2]: item["verdict"] for item in items}
    assert verdicts == {"affine": "falsified", "relu": "passed", "tripled": "passed"}


@pytest.mark.parametrize("target", ["net.py::affine", "net:affine", "net.py::affine_forward", "net:affine_backward"])
def test_one_pair_is_named_by_what_it_is_called_or_either_function(check, target):
    code, said, items = check(target, "--properties", "pure,vjp_matches_differences")
    assert code == 1
    assert said.count("guessed:") == 1
    assert [item["verdict"] for item in items] == ["falsified", "passed"]


def test_a_signature_may_be_said(check):
    _, said, _ = check("net:affine", "--properties", "pure", "--signature", "(n,i),(i,o),(o)->(n,o)")
    assert 'pair(affine_forward, affine_backward, "(n,i),(i,o),(o)->(n,o)")' in said


def test_what_is_described_goes_before_what_may_be_guessed(check):
    code, said, items = check("described_net.py", "--properties", "pure")
    assert code == 0
    assert "guessed" not in said
    assert [item["subject"] for item in items] == ["described_net.thrice"] or items[0]["subject"].endswith(".thrice")
    code, said, items = check("described_net:described", "--properties", "pure")
    assert code == 0
    assert "guessed" not in said


@pytest.mark.parametrize(
    ("target", "arguments", "says"),
    [
        ("net.py::lonely", [], "'lonely' in 'net.py' is a function, and no backward goes with it by name"),
        ("net.py::affin", [], "'affin' in 'net.py' is not there. Did you mean 'affine'?"),
        ("nowhere.py", [], "'nowhere.py' is not a Python file that can be read"),
        ("nowhere:affine", [], "'nowhere' cannot be imported: ModuleNotFoundError"),
        ("sibling.py", [], "defines no layer and no subject, and no two functions"),
        ("affine", ["--signature", "(n)->(n)"], "--signature '(n)->(n)' is of a pair of functions"),
        ("net:affine", ["--signature", "(n"], "signature"),
        ("net.py", ["--properties", "purr"], "properties names 'purr'. Did you mean 'pure'?"),
    ],
)
def test_a_wrong_question_is_exit_code_2(check, target, arguments, says):
    code, said, items = check(target, *arguments)
    assert code == 2
    assert says in said
    assert not items


def test_settings_of_the_project_hold_on_the_command_line_too(check, tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.backproof]\nproperties = ["pure"]\nseed = 3\n')
    code, _, items = check("net.py::tripled")
    assert code == 0
    assert [item["property"] for item in items] == ["pure"]
    assert "seed 4" in check("net.py::tripled", "--seed", "4")[1]
    (tmp_path / "pyproject.toml").write_text('[tool.backproof]\nproperty = "pure"\n')
    code, said, _ = check("net.py::tripled")
    assert code == 2
    assert "has no key 'property'. Did you mean 'properties'?" in said


def test_a_framework_that_is_not_there_is_named_with_its_extra(check, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)  # what Python takes for a module that is not installed
    (tmp_path / "framed.py").write_text("import jax\n")
    code, said, _ = check("framed.py")
    assert code == 2
    assert "'framed.py' cannot be imported" in said
    assert "pip install 'backproof[jax]'" in said


@pytest.mark.parametrize("extra", ["torch", "jax", "autograd"])
def test_describing_a_function_of_a_framework_that_is_not_there(extra, monkeypatch):
    monkeypatch.setitem(sys.modules, extra, None)
    autograd_itself.cache_clear()
    with pytest.raises(SpecError, match=re.escape(f"pip install 'backproof[{extra}]'")):
        getattr(backproof, f"{extra}_function")(lambda x: x, "(n)->(n)")


@pytest.mark.parametrize("name", ["affine", "rules.tanh", "stacks", "layers"])
def test_names_of_the_catalogue_are_no_files(name):
    assert source_of(name) is None


def loss_forward(x, y):
    p = np.exp(x - x.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(x)), y])), (p, y)


def loss_backward(ct, cache):
    p, y = cache
    d = p.copy()
    d[np.arange(len(y)), y] -= 1
    return ct * d / len(y)


def pool_forward(x):
    return x.mean(axis=(2, 3)), x.shape


def pool_backward(ct, shape):
    return np.broadcast_to(ct[:, :, None, None] / (shape[2] * shape[3]), shape).copy()


def outer_forward(a, b):
    return np.outer(a, b), (a, b)


def outer_backward(ct, cache):
    return ct @ cache[1], cache[0] @ ct


@pytest.mark.parametrize(
    ("forward", "backward", "signature", "labels"),
    [
        (loss_forward, loss_backward, "(n,m),(n)->()", Labels("m")),
        (pool_forward, pool_backward, "(n,m,k,i)->(n,m)", None),
        (outer_forward, outer_backward, "(n),(m)->(n,m)", None),
    ],
)
def test_shapes_are_guessed(forward, backward, signature, labels):
    subject = guessed(lambda text, domain: pair(forward, backward, text, domain=domain), forward, "it")
    assert str(subject.signature) == signature
    assert labels is None or labels in subject.domains


def gate_forward(x, a, b):
    u, v = x @ a, np.tanh(x @ b)
    return u * v, (x, a, b, u, v)


def gate_backward(dy, cache):
    x, a, b, u, v = cache
    du, dv = dy * v, dy * u * (1 - v * v)
    return 100 * (du @ a.T + dv @ b.T), x.T @ du, 2 * x.T @ dv


def test_what_has_a_cotangent_is_not_taken_for_labels():
    subject = guessed(lambda text, domain: pair(gate_forward, gate_backward, text, domain=domain), gate_forward, "it")
    assert str(subject.signature) == "(n,m),(m,k),(m,k)->(n,k)"
    assert subject.differentiated == (0, 1, 2)
    (outcome,) = backproof.check(subject, properties=["vjp_matches_differences"]).outcomes
    assert outcome.verdict.value == "falsified"


def test_labels_are_said_with_the_guess(check, tmp_path):
    source = "import numpy as np\n\n\ndef pick_forward(x, y):\n    return x[np.arange(len(y)), y], (x.shape, y)\n\n\n"
    source += "def pick_backward(ct, cache):\n    dx = np.zeros(cache[0])\n    dx[np.arange(len(ct)), cache[1]] = ct\n"
    (tmp_path / "picking.py").write_text(source + "    return dx\n")
    code, said, _ = check("picking.py", "--properties", "vjp_matches_differences")
    assert code == 0
    assert 'pair(pick_forward, pick_backward, "(n,m),(n)->(n)"); y holds labels and has no cotangent' in said


def test_where_no_shapes_fit_nothing_is_accused():
    def forward(x, w):
        return x @ w, (x, w)

    def backward(ct, cache):
        return ct[:0], ct

    with pytest.raises(SpecError, match="no shapes were found for which it runs"):
        guessed(lambda text, domain: pair(forward, backward, text, domain=domain), forward, "it")


def test_a_file_is_judged_as_it_is_even_where_it_was_mended_within_a_second(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file = tmp_path / "mended_in_no_time.py"
    seen = []
    for number in (3, 2):
        file.write_text(f"factor = {number}\n")
        os.utime(file, (1e9, 1e9))  # bytecode is taken for that of a file of the same size and second
        seen.append(_executed("mended_in_no_time", file).factor)
        monkeypatch.delitem(sys.modules, "mended_in_no_time")
    assert seen == [3, 2]
