"""Random stacks of all registered layers against every property, and what is said of a stack that is wrong."""

from dataclasses import replace

import numpy as np
import pytest

from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES
from backproof.engine.subjects import append, empty_stack, penalized, stack_subject
from backproof.properties.battery import PROPERTIES
from backproof.properties.chain_rule import chain_rule
from backproof.properties.judgement import Setting, Verdict
from backproof.properties.searching import Effort, search_stacks
from backproof.properties.vjp_matches_differences import vjp_matches_differences
from backproof.strategies.points import Point

OF_STACKS = [prop for name, prop in PROPERTIES.items() if name != "fused_equals_traced"]


@pytest.mark.parametrize("prop", OF_STACKS, ids=lambda prop: prop.name)
def test_holds(prop, backproof_report, pytestconfig):
    examples, seed = pytestconfig.getoption("backproof_examples"), pytestconfig.getoption("backproof_seed")
    backproof_report(search_stacks(prop, Effort(2 * examples, seed)))


def wrong_tanh():
    def fused(x):
        y = np.tanh(x)
        return y, lambda ct: 2 * ct * (1 - y**2)

    return replace(LAYERS["tanh"], fused=fused)


def wrong_stacks():
    """Random stacks in which every tanh is wrong."""
    return {**LAYERS, "tanh": wrong_tanh()}


def test_a_wrong_layer_is_found_named_and_alone_in_the_smallest_stack():
    outcome = search_stacks(chain_rule, Effort(examples=100), layers=wrong_stacks())
    assert outcome.verdict is Verdict.FALSIFIED
    found = outcome.counterexample
    assert [stage.subject.name for stage in found.subject.stages][:-1] == ["tanh"]
    assert ", tanh: the cotangent for x" in found.judgement.reason
    assert all(array.size <= 2 for array in found.point.primals)


def small_stack(tanh):
    stack = empty_stack((2, 3))
    for layer, width in ((LAYERS["affine"], 2), (tanh, 0), (LOSSES["softmax_cross_entropy"], 0)):
        stack = append(stack, layer, width, {})
    return penalized(stack, LOSSES["l2_penalty"], 1, {"strength": 0.5})


def small_point():
    x = np.array([[1.0, -2.0, 0.5], [0.25, 1.5, -1.0]])
    w = np.array([[0.5, -1.0], [0.25, 2.0], [1.0, 0.75]])
    return Point((x, w, np.array([0.5, -0.25]), np.array([0, 1])), {}, np.array(1.0))


def test_a_layer_that_does_not_fit_is_dropped():
    stack = append(empty_stack((2, 3)), LAYERS["affine"], 4, {})
    assert stack.output == (2, 4)
    assert stack.shapes == ((2, 3), (3, 4), (4,))
    scalar = append(stack, LOSSES["softmax_cross_entropy"], 1, {})
    assert scalar.output == ()
    assert append(scalar, LAYERS["affine"], 4, {}) is None


@pytest.mark.parametrize(("tanh", "verdict"), [(LAYERS["tanh"], "passed"), (wrong_tanh(), "falsified")])
def test_a_stack_is_judged_whole_and_by_its_layers(tanh, verdict):
    subject = stack_subject(small_stack(tanh))
    for prop in (vjp_matches_differences, chain_rule):
        assert prop.judge(subject, small_point(), Setting()).verdict.value == verdict
