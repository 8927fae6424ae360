"""torch functions: own backwards are judged by their formulas, torch's own derivatives hold, and where they do not."""

from __future__ import annotations

import copy
import sys

import numpy as np
import pytest
import torch

from backproof.engine.errors import SpecError
from backproof.engine.extended import ExtendedArray, balls, computing, extended, to_float
from backproof.engine.options import Choice
from backproof.engine.subjects.of_torch import torch_function
from backproof.properties.battery import PROPERTIES, applicable
from backproof.properties.judgement import Evidence, Verdict
from backproof.properties.searching import Effort, search
from backproof.properties.tests.wild.torch_examples import (
    IN_PLACE,
    MODULES,
    ON_FLOATS,
    ON_FORMULAE,
    ON_VALUES,
    Affine,
    Legendre3,
)
from backproof.properties.tests.wild.torch_library import FINDINGS, INEXACT, LIBRARY

pytestmark = pytest.mark.wild

VJP = PROPERTIES["vjp_matches_differences"]
FEW = Effort(6, seed=1)


def named(example):
    return example.right.name


@pytest.mark.parametrize("example", [*ON_FORMULAE, IN_PLACE, ON_VALUES], ids=named)
def test_a_right_backward_passes_every_property(example):
    for prop in applicable(example.right):
        outcome = search(example.right, prop, FEW)
        assert outcome.verdict is Verdict.PASSED, f"{prop.name}: {outcome.reason}"
        if prop is VJP:
            assert outcome.evidence is (Evidence.VALUES if example is ON_VALUES else Evidence.FORMULA)


@pytest.mark.parametrize("example", ON_FORMULAE, ids=named)
def test_a_mistake_in_a_backward_is_found_on_formula_evidence_and_is_small(example):
    outcome = search(example.wrong, VJP, Effort(60))
    assert outcome.verdict is Verdict.FALSIFIED, example.mistake
    assert outcome.counterexample.judgement.evidence is Evidence.FORMULA
    values = [value for p in outcome.counterexample.point.primals for value in p.ravel().tolist()]
    assert len(values) <= 6
    assert all(abs(value) <= 2 and value == round(value) for value in values)


def test_a_cotangent_that_is_written_into_is_found():
    outcome = search(IN_PLACE.wrong, PROPERTIES[IN_PLACE.caught_by], Effort(20))
    assert outcome.verdict is Verdict.FALSIFIED
    assert "changed its cotangent" in outcome.reason


def test_compiled_derivatives_are_judged_by_values_and_named():
    right, wrong = search(ON_VALUES.right, VJP, FEW), search(ON_VALUES.wrong, VJP, Effort(20))
    assert "aten.tanh_backward" in right.reason
    assert wrong.verdict is Verdict.FALSIFIED
    assert wrong.evidence is Evidence.VALUES


@pytest.mark.parametrize(
    ("example", "named_in_reason"), [(ON_FLOATS[0], "asks for the value of a tensor"), (ON_FLOATS[1], "aten.erfinv")]
)
def test_what_cannot_run_in_extended_precision_is_named_and_judged_on_floats(example, named_in_reason):
    right, wrong = search(example.right, VJP, FEW), search(example.wrong, VJP, Effort(20))
    assert (right.verdict, right.evidence) == (Verdict.PASSED, Evidence.NATIVE)
    assert named_in_reason in right.reason
    assert (wrong.verdict, wrong.evidence) == (Verdict.FALSIFIED, Evidence.NATIVE)


@pytest.mark.parametrize(("module", "signature", "evidence", "declared"), MODULES)
def test_a_module_is_verified_with_its_parameters(module, signature, evidence, declared):
    before = copy.deepcopy(module.state_dict()) if isinstance(module, torch.nn.Module) else None
    subject = torch_function(module, signature, **declared)
    outcome = search(subject, VJP, FEW)
    assert (outcome.verdict, outcome.evidence) == (Verdict.PASSED, evidence), outcome.reason
    for name in ("pure", "repeatable", "layout_independent"):
        assert search(subject, PROPERTIES[name], FEW).verdict is Verdict.PASSED
    if before is not None:
        assert all(torch.equal(value, before[key]) for key, value in module.state_dict().items())
        assert all(parameter.grad is None for parameter in module.parameters())


def test_a_modules_parameters_are_named_as_torch_names_them():
    subject = torch_function(torch.nn.Sequential(torch.nn.Linear(2, 1)), "(n,2),(1,2),(1)->(n,1)")
    assert subject.arguments == ("input", "0.weight", "0.bias")


def test_a_factory_takes_the_options_that_it_names():
    def made(width):
        return torch.nn.Linear(2, width, bias=False)

    subject = torch_function(lambda scale: torch.nn.CELU(scale), "(n)->(n)", options={"scale": Choice((1.0, 2.0))})
    assert search(subject, VJP, FEW).verdict is Verdict.PASSED
    with pytest.raises(SpecError, match="parameters 'weight'"):
        torch_function(made, "(n,2)->(n,2)", options={"width": Choice((2,))})


@pytest.mark.parametrize(
    ("name", "function", "signature", "evidence", "declared"), LIBRARY, ids=lambda v: v if isinstance(v, str) else ""
)
def test_torchs_own_derivatives_hold(name, function, signature, evidence, declared):
    outcome = search(torch_function(function, signature, name=name, **declared), VJP, FEW)
    assert outcome.verdict is Verdict.PASSED, outcome.reason
    assert outcome.evidence == evidence, outcome.reason


def test_there_are_functions_enough():
    assert len(LIBRARY) >= 100


@pytest.mark.parametrize(("found", "by", "says"), FINDINGS, ids=lambda v: v if isinstance(v, str) else "")
def test_what_torch_gets_wrong_is_found(found, by, says):
    name, function, signature, evidence, declared = found
    outcome = search(torch_function(function, signature, name=name, **declared), PROPERTIES[by], Effort(60))
    assert outcome.verdict is Verdict.FALSIFIED, outcome.reason
    assert outcome.counterexample.judgement.evidence == evidence
    assert says in outcome.reason


@pytest.mark.parametrize(("name", "function", "signature", "evidence", "declared"), INEXACT)
def test_derivatives_that_lose_half_their_digits_are_not_passed(name, function, signature, evidence, declared):
    outcome = search(torch_function(function, signature, name=name, **declared), VJP, FEW)
    assert (outcome.verdict, outcome.evidence) == (Verdict.INCONCLUSIVE, evidence)


def test_dropout_that_is_declared_random_repeats_itself():
    subject = torch_function(lambda x: torch.nn.functional.dropout(x, 0.5), "(n)->(n)", name="dropout", random=True)
    outcome = search(subject, VJP, FEW)
    assert (outcome.verdict, outcome.evidence) == (Verdict.PASSED, Evidence.NATIVE)
    assert "aten.bernoulli_" in outcome.reason or "aten.native_dropout" in outcome.reason


def test_outputs_and_cotangents_are_copies_and_pullbacks_can_be_called_again():
    x, weight, bias = np.ones((2, 3)), np.ones((1, 3)), np.ones(1)
    output, pull = torch_function(Affine, "(n,i),(o,i),(o)->(n,o)").vjp(x, weight, bias)
    first = pull(np.ones((2, 1)))
    x[...] = 7
    first[0][...] = 7
    again = pull(np.ones((2, 1)))
    assert np.array_equal(output, [[4.0], [4.0]])
    assert np.array_equal(again[0], np.ones((2, 3)))
    assert np.array_equal(again[1], [[2.0, 2.0, 2.0]])


def test_a_program_is_run_to_fifty_digits():
    with computing(balls, 256):
        output, pull = torch_function(Legendre3, "(n)->(n)").vjp(extended(np.array([1.0 / 3.0])))
        (cotangent,) = pull(extended(np.array([1.0])))
        third = extended(np.array([1.0 / 3.0]))
        assert isinstance(output, ExtendedArray)
        error = cotangent - (7.5 * third * third - 1.5)
        assert abs(to_float(error)[0]) < 1e-60


def test_a_tensor_that_a_function_captures_is_read_at_every_run():
    weight = torch.tensor([2.0, 3.0], dtype=torch.float64)
    subject = torch_function(lambda x: weight * x, "(2)->(2)", name="scaled")
    x = np.ones(2)
    with computing(balls, 128):
        assert to_float(subject.forward(extended(x))).tolist() == [2.0, 3.0]
        weight.mul_(2)
        assert to_float(subject.forward(extended(x))).tolist() == [4.0, 6.0]


def test_more_than_one_output_is_refused():
    subject = torch_function(lambda x: torch.max(x, 0), "(3)->()", name="largest")
    with pytest.raises(SpecError, match="one tensor"):
        subject.forward(np.ones(3))


def test_torch_is_asked_for_where_it_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(SpecError, match=r"pip install 'backproof\[torch\]'"):
        torch_function(abs, "()->()")


def test_what_is_no_function_is_refused():
    with pytest.raises(SpecError, match="torch_function was given"):
        torch_function(3.0, "()->()")
