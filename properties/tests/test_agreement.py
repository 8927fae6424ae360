"""What must not be judged by its formulae, what mpmath says alone, and checks that must be able to fail."""

import sys

import numpy as np
import pytest
from click.testing import CliRunner

from backproof.engine.subjects import pullback
from backproof.properties.battery import PROPERTIES, applicable
from backproof.properties.judgement import Evidence, Setting, Verdict
from backproof.properties.searching import Effort, search
from backproof.reports.command import main
from backproof.reports.runs.running import Finished, Item
from backproof.strategies.points import Point

VJP = PROPERTIES["vjp_matches_differences"]


def cubed_on_floats(x):
    """Right on floats; where numbers are no NumPy floats it does something else, which is right too."""
    power = 3 if type(x.reshape(-1)[:1].sum()) is np.float64 else 2
    return x**power, lambda ct: power * x ** (power - 1) * ct


def wrong_on_floats(x):
    power = 3 if type(x.reshape(-1)[:1].sum()) is np.float64 else 2
    return x**power, lambda ct: 2 * x ** (power - 1) * ct


def test_another_program_than_on_floats_is_not_judged_by_its_formulae():
    right = search(pullback(cubed_on_floats, "(n)->(n)"), VJP, Effort(40))
    assert right.evidence is not Evidence.FORMULA
    assert "on floats" in right.reason
    wrong = search(pullback(wrong_on_floats, "(n)->(n)"), VJP, Effort(40))
    assert wrong.verdict is not Verdict.PASSED


def test_where_both_programs_have_one_value_their_slopes_tell_them_apart():
    at_one = Point((np.ones(2),), {}, np.ones(2))
    setting = Setting(strength=Evidence.VALUES)
    assert VJP.judge(pullback(cubed_on_floats, "(n)->(n)"), at_one, setting).weaken
    thrice = pullback(lambda x: (x**2, lambda ct: 3 * x * ct), "(n)->(n)")
    assert VJP.judge(thrice, at_one, setting).verdict is Verdict.FALSIFIED


def test_float32_that_is_declared_to_be_meant_is_no_matter_of_layout():
    def operation(x, w):
        return x @ w, lambda ct: ((ct.astype(np.float32) @ w.T.astype(np.float32)).astype(x.dtype), x.T @ ct)

    narrow = pullback(operation, "(n,i),(i,o)->(n,o)", accuracy="any")
    for prop in applicable(narrow):
        assert search(narrow, prop, Effort(40)).verdict is not Verdict.FALSIFIED, prop.name


@pytest.mark.parametrize(("factor", "verdict"), [(2, Verdict.PASSED), (3, Verdict.FALSIFIED)])
def test_mpmath_alone(factor, verdict):
    squared = pullback(lambda x: (x * x, lambda ct: factor * x * ct), "(n)->(n)")
    assert search(squared, VJP, Effort(10, arithmetic="mpmath")).verdict is verdict


def test_a_kink_declared_to_be_anybodys_business():
    odd = pullback(lambda x: (np.abs(x), lambda ct: ct * np.where(x == 0, 7.0, np.sign(x))), "(n)->(n)", at_kink="any")
    assert search(odd, VJP, Effort(40)).verdict is Verdict.PASSED
    wrong = pullback(lambda x: (np.abs(x), lambda ct: ct * np.where(x >= 0, 7.0, -1.0)), "(n)->(n)", at_kink="any")
    assert search(wrong, VJP, Effort(40)).verdict is Verdict.FALSIFIED


def test_soak_fails_where_right_code_is_accused(monkeypatch):
    module = sys.modules[main.commands["soak"].callback.__module__]
    item = Item("pairs.none", VJP.name, Effort(1))
    monkeypatch.setattr(module, "right_items", lambda *_: [item])
    monkeypatch.setattr(module, "run_items", lambda *_: [Finished(item, None, "accused")])
    result = CliRunner().invoke(main, ["soak", "--points", "1"])
    assert result.exit_code == 1
    assert "1 false alarms" in result.output


def weighed(x, v):
    """A softmax of x that weighs equal values: its derivative is zero, and rounding is all that is left."""
    e = np.exp(x - x.max())
    p = e / e.sum()
    return p @ v, lambda ct: (p * (ct * v - np.sum(p * ct * v)), ct * p)


def shrunk(x):
    t = np.tanh(x)
    return x - t, lambda ct: ct * (1 - (1 - t**2))


def one_sided(x):
    return np.abs(x), lambda ct: ct * np.where(x >= 0, 1.0, -1.0)


RIGHT_ON_FLOATS = {
    "rounding of what is zero": ("linear_in_cotangent", weighed, (np.array([0.3, 1.1, -0.7]), np.full(3, 0.1)), 0.7),
    "cancellation": ("vjp_matches_differences", shrunk, (np.array([1e-8, 1.0]),), np.array([1.0, 2.0**-20])),
    "a kink": ("vjp_matches_differences", one_sided, (np.array([0.0, 1.0]),), np.ones(2)),
}


@pytest.mark.parametrize("strength", [Evidence.VALUES, Evidence.NATIVE])
@pytest.mark.parametrize("case", RIGHT_ON_FLOATS)
def test_right_code_is_not_accused_of_what_floats_cannot_tell(case, strength):
    name, operation, primals, ct = RIGHT_ON_FLOATS[case]
    signature = {1: "(n)->(n)", 2: "(n),(n)->()"}[len(primals)]
    judged = PROPERTIES[name].judge(
        pullback(operation, signature), Point(primals, {}, np.asarray(ct)), Setting(strength=strength)
    )
    assert judged.verdict is not Verdict.FALSIFIED, judged.reason


def test_a_kink_beside_it_excuses_no_wrong_entry():
    wrong = pullback(lambda x: (np.abs(x), lambda ct: 2 * ct * np.sign(x)), "(n)->(n)")
    judged = VJP.judge(wrong, Point((np.array([0.0, 1.0]),), {}, np.ones(2)), Setting(strength=Evidence.NATIVE))
    assert judged.verdict is Verdict.FALSIFIED
