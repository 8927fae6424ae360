"""Mutation testing: each operator makes the mistake that it names, and what nothing kills is shown."""

import ast
import importlib.util
import os
import time
from itertools import count

import numpy as np
import pytest
from click.testing import CliRunner

from backproof.engine.catalogue import registered
from backproof.engine.errors import SpecError
from backproof.engine.options import Real
from backproof.engine.subjects import layer_object, layer_subject, pair, pullback
from backproof.properties.mutants import (
    OPERATORS,
    Fate,
    Stopped,
    Target,
    Verdict,
    diff_of,
    listed_equivalents,
    mutants_of,
    mutated,
    read_equivalents,
    run_limited,
    settled,
    targets_of,
)
from backproof.properties.mutants.equivalent import ENGINES
from backproof.properties.searching import Effort
from backproof.reports.command import main

EFFORT = Effort(examples=3, shrinks=False)
NUMBERS = count()


def loaded(tmp_path, text):
    """The module that a text is, from a file of its own."""
    file = tmp_path / f"mutated_{next(NUMBERS)}.py"
    file.write_text(text)
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BACKWARD = """import numpy as np


def backward(ct, cache, scale=0.5):
    x, w = cache
    {}
    return g
"""

MADE = {
    "drop_transpose": ("g = ct @ w.T", ["g = ct @ w"]),
    "add_transpose": ("g = ct @ w", ["g = ct.T @ w", "g = ct @ w.T"]),
    "swap_matrices": ("g = ct @ w.T", ["g = w.T @ ct"]),
    "ignore_eps": ("g = ct / (w + 1e-8)", ["g = ct / w"]),
    "flip_sign": ("g = -ct * (1 - w)", ["g = ct * (1 - w)", "g = -ct * (1 + w)"]),
    "drop_factor": ("g = ct * (1 - w)", ["g = ct", "g = 1 - w"]),
    "double_factor": ("g = ct * x * w", ["g = 2 * (ct * x) * w"]),
    "drop_division": ("g = ct / w", ["g = ct"]),
    "invert_division": ("g = ct / w", ["g = ct * w"]),
    "drop_term": ("g = ct - x", ["g = ct", "g = -x"]),
    "swap_operands": ("g = (ct - x) / w**2", ["g = (x - ct) / w**2", "g = w**2 / (ct - x)", "g = (ct - x) / 2 ** w"]),
    "wrong_size": ("g = ct / (len(x) - 1)", ["g = ct / len(x)", "g = ct / (len(x) - 1 - 1)"]),
    "wrong_exponent": ("g = ct * x**3", ["g = ct * x ** 2", "g = ct * x ** 4"]),
    "drop_sum": ("g = np.sum(ct, axis=0) + w.sum()", ["g = ct + w.sum()", "g = np.sum(ct, axis=0) + w"]),
    "wrong_axis": ("g = np.sum(ct, axis=0)", ["g = np.sum(ct, axis=1)", "g = np.sum(ct, axis=-1)"]),
    "drop_axis": ("g = ct.sum(axis=0)", ["g = ct.sum()"]),
    "drop_keepdims": ("g = np.sum(ct, axis=0, keepdims=True)", ["g = np.sum(ct, axis=0)"]),
    "assign_instead_of_adding": (
        "g = x; np.add.at(g, w, ct); g += 1",
        ["g = x; g[w] += ct; g += 1", "g = x; np.add.at(g, w, ct); g = 1"],
    ),
    "move_boundary": ("g = ct * (x > 0)", ["g = ct * (x >= 0)"]),
    "wrong_side": ("g = ct * (x > 0)", ["g = ct * (x < 0)"]),
    "swap_branches": ("g = np.where(x > 0, ct, 0)", ["g = np.where(x > 0, 0, ct)"]),
    "wrong_function": ("g = ct * np.exp(x)", ["g = ct * np.expm1(x)"]),
    "swap_cotangents": ("return ct * w, ct * x", ["return (ct * x, ct * w)"]),
    "drop_statement": ("g = ct.copy(); g[x < 0] = 0", ["g = ct.copy(); pass"]),
    "ignore_cotangent": ("g = ct * w + ct.shape[0]", ["g = np.ones_like(ct) * w + ct.shape[0]"]),
    "ignore_option": ("g = ct * scale", ["g = ct * 0.5"]),
    "wrong_array": ("g = ct * w", ["g = ct * x"]),
    "write_in_place": ("g = 2 * ct", ["g = np.multiply(2, ct, out=ct)"]),
    "round_to_float32": ("return ct * w", ["return (ct * w).astype(np.float32).astype(ct.dtype)"]),
    "wrong_number": ("g = 3 * ct", ["g = 4 * ct"]),
}  # fmt: skip


def target(function, options=("scale",)):
    return Target("backward", function, (), frozenset(options), is_main=True, is_rule=False, returns=True)


def plainly(line):
    """A line without the parentheses that it does not need."""
    return ast.unparse(ast.parse(line))


def test_every_operator_has_an_example():
    assert set(MADE) == set(OPERATORS)


@pytest.mark.parametrize("name", MADE)
def test_an_operator_makes_its_mistake(name, tmp_path):
    line, expected = MADE[name]
    module = loaded(tmp_path, BACKWARD.format(line))
    made = [m for m in mutants_of(target(module.backward)) if m.line == 6 and m.before == (line,)]
    assert sorted(plainly(m.after[0]) for m in made if m.operator == name) == sorted(map(plainly, expected))
    one = next(m for m in made if m.operator == name)
    assert diff_of(one, "b.py") == ["--- b.py:6", f"+++ {name}", f"-{line}", f"+{one.after[0]}"]


def test_what_is_the_same_program_is_not_counted(tmp_path):
    module = loaded(tmp_path, BACKWARD.format("g = ct * (w - 1)"))
    mutants = mutants_of(target(module.backward))
    assert len({m.text for m in mutants}) == len(mutants)
    assert [m.operator for m in mutants if plainly(m.after[0]) == "g = ct * w"] == [
        "wrong_size"
    ]  # and not drop_term too
    module = loaded(tmp_path, "import numpy as np\n\n\ndef backward(ct, cache):\n    return ct, ct\n")
    assert "swap_cotangents" not in {m.operator for m in mutants_of(target(module.backward))}


DEAD = """import numpy as np
from backproof import layer


@layer("(n,i)->(n,i)")
def triple(x):
    return 3 * x


@triple.pullback
def triple(x):
    unused = x + 1
    return 3 * x, lambda ct: 3 * ct
"""


def fates(subject, effort=EFFORT):
    (found,), _ = targets_of([subject])
    return {
        (mutant.operator, mutant.after): settled(found.subjects, found.function, mutant.code, effort)
        for mutant in mutants_of(found)
    }


def test_what_no_property_looks_at_survives_and_the_rest_is_killed(tmp_path):
    became = fates(layer_subject(loaded(tmp_path, DEAD).triple))
    alive = {key for key, fate in became.items() if fate.verdict is not Verdict.KILLED}
    assert alive == {
        (name, (f"unused = {line}",))
        for name, line in {
            ("flip_sign", "x - 1"), ("drop_term", "x"), ("drop_term", "1"), ("wrong_number", "x + 2"),
        }
    }  # fmt: skip
    assert became["drop_factor", ("return 3 * x, lambda ct: ct",)] == Fate(Verdict.KILLED, "vjp_matches_differences")


PAIR = """import numpy as np


def forward(x, slope=0.1):
    return np.where(x > 0, x, slope * x), x


def _gate(x, slope):
    return np.where(x > 0, 1.0, slope)


def make(strength):
    def backward(ct, cache, slope=0.1):
        return strength * ct * _gate(cache, slope)

    return backward


backward, other = make(1.0), (lambda ct, cache: ct, lambda ct, cache: ct * (cache > 0))[1]


class Layer:
    def forward(self, x):
        self.x = x
        return x * x

    def backward(self, ct):
        return self._twice(ct * self.x)

    def _twice(self, x):
        return 2 * x
"""


def test_closures_lambdas_helpers_and_methods_are_mutated(tmp_path):
    module = loaded(tmp_path, PAIR)
    options = {"slope": Real(0.0, 1.0)}
    found, _ = targets_of([pair(module.forward, module.backward, "(n)->(n)", options=options)])
    assert [t.function for t in found] == [module.backward, module._gate]
    made = {mutant.after[0]: mutant for each in found for mutant in mutants_of(each)}
    dropped = made["return strength * _gate(cache, slope)"]
    assert dropped.code.co_freevars == ("strength",)
    assert made["return ct * _gate(cache, slope)"].code.co_freevars == ("strength",)  # kept, or nothing would fit
    assert "return np.where(x >= 0, 1.0, slope)" in made
    found, _ = targets_of([pair(module.forward, module.other, "(n)->(n)")])
    assert {mutant.code.co_name for mutant in mutants_of(found[0])} == {"<lambda>"}
    assert all("ct, lambda ct, cache" in mutant.after[0] for mutant in mutants_of(found[0]))  # the other is as it was
    found, _ = targets_of([layer_object(module.Layer, "(n)->(n)")])
    assert [t.function.__name__ for t in found] == ["backward", "_twice"]


def test_a_mutant_leaves_the_function_as_it_was(tmp_path):
    module = loaded(tmp_path, PAIR)
    subject = pair(module.forward, module.backward, "(n)->(n)", options={"slope": Real(0.0, 1.0)})
    (found, *_), _ = targets_of([subject])
    before = found.function.__code__
    for mutant in mutants_of(found)[:4]:
        settled([subject], found.function, mutant.code, EFFORT)
        assert found.function.__code__ is before
    wrong = loaded(tmp_path, PAIR.replace("return strength * ct", "raise KeyError(strength)\n        return ct"))
    with pytest.raises(KeyError):
        mutated(subject, found.function, wrong.backward.__code__).vjp(np.ones(2))[1](np.ones(2))
    assert found.function.__code__ is before
    assert settled([subject], found.function, wrong.backward.__code__, EFFORT).verdict is Verdict.KILLED
    assert found.function.__code__ is before


def test_the_forward_is_not_what_is_mutated(tmp_path):
    module = loaded(tmp_path, "def op(x):\n    two = 2.0\n    return two * x, lambda ct: two * ct\n")
    became = fates(pullback(module.op, "(n)->(n)"))
    assert became["wrong_number", ("two = 3.0",)].verdict is Verdict.KILLED  # 3 x with the pullback of 3 x


def test_what_the_tape_derives_is_left_out():
    found, left_out = targets_of([registered()["layers.hardtanh"]])
    assert found == []
    assert "the tape derives" in left_out["layers.hardtanh"]


def test_what_does_not_end_or_dies_is_stopped():
    assert dict(run_limited(time.sleep, [(60, 0.2), (0, 60)], 1)) == {0: Stopped("does not end"), 1: None}
    assert dict(run_limited(os._exit, [(3, 60)], 1)) == {0: Stopped("the process died")}


LISTED = """[[equivalent]]
function = "dead.triple"
operator = "{}"
before = "unused = x + 1"
after = "unused = {}"
because = "nobody uses it"
"""


@pytest.fixture
def dead(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dead.py").write_text(DEAD)
    return lambda *arguments: CliRunner().invoke(
        main, ["mutate", "dead.py", "--examples", "3", "--processes", "1", *arguments], catch_exceptions=False
    )


def test_survivors_are_shown_as_diffs_and_listed_ones_are_not_counted(dead, tmp_path):
    entries = [("flip_sign", "x - 1"), ("drop_term", "x"), ("wrong_number", "x + 2"), ("drop_sum", "gone")]
    (tmp_path / "mine.toml").write_text("\n".join(LISTED.format(*entry) for entry in entries))
    result = dead("--equivalent", "mine.toml")
    assert result.exit_code == 1
    assert "  --- dead.py:12\n  +++ drop_term\n  -unused = x + 1\n  +unused = 1\n" in result.output
    assert "no property told this from the original" in result.output
    assert "equivalent: nobody uses it" in result.output
    assert "nothing of it survives: dead.triple, drop_sum" in result.output
    assert "3 equivalent, 1 survived in" in result.output


def test_wrong_questions(dead, tmp_path):
    (tmp_path / "mine.toml").write_text(LISTED.format("drop_sun", "x"))
    assert "an operator that exists" in dead("--equivalent", "mine.toml").stderr
    assert dead("--equivalent", "nowhere.toml").exit_code == 2
    (tmp_path / "dead.py").write_text(DEAD.replace("lambda ct: 3 * ct", "lambda ct: 4 * ct"))
    result = dead()
    assert result.exit_code == 2
    assert "does not pass as it is" in result.stderr


def test_the_engines_list_speaks_of_mutants_that_there_are():
    entries = read_equivalents(ENGINES)
    targets, _ = targets_of(list(registered().values()))
    spoken_of = [(each, {entry.operator for entry in entries if entry.function == each.name}) for each in targets]
    mutants = [mutant for each, operators in spoken_of if operators for mutant in mutants_of(each, operators)]
    _, stale = listed_equivalents(mutants, entries)
    assert stale == []


def test_a_function_without_source_is_refused():
    namespace = {}
    exec("def op(x):\n    return x, lambda ct: ct", namespace)
    with pytest.raises(SpecError, match="source"):
        mutants_of(target(namespace["op"]))
