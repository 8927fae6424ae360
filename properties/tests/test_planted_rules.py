"""A mistake planted in each derivative rule: found by differences, and shrunk to small integers."""

from dataclasses import replace

import numpy as np
import pytest

from backproof.engine.derivatives import RULES
from backproof.engine.linear import identity
from backproof.engine.maps import left_multiply, right_multiply
from backproof.engine.subjects import rule_subjects
from backproof.properties.tests.planting import MISTAKES, assert_readable, falsified, noticed, planted_rule

# Shrinking is the same for all rules: a few of different kinds show it.
SHRUNK = ("add", "divide", "matmul", "tanh", "sum", "cumsum", "max", "where", "getitem", "transpose", "inv", "norm")
PLANTED = [
    pytest.param(rule, position, mistake, id=f"{rule.name}-{subject.arguments[position]}-{name}")
    for rule in RULES.values()
    for subject in rule_subjects(rule)[:1]
    for position in subject.differentiated
    for name, mistake in MISTAKES.items()
]


@pytest.mark.parametrize(("rule", "position", "mistake"), PLANTED)
def test_wrong_sign_or_factor(rule, position, mistake):
    subject = rule_subjects(planted_rule(rule, position, mistake))[0]
    assert f"cotangent for {subject.arguments[position]}" in noticed(subject, "vjp_matches_differences").reason
    if rule.name in SHRUNK:
        assert_readable(falsified(subject, "vjp_matches_differences"))


def rewritten(function, derive):
    return rule_subjects(replace(RULES[function], derive=derive))[0]


def test_matmul_with_a_missing_transpose():
    def matmul(y, a, b):
        return right_multiply(b.T), left_multiply(a)

    assert_readable(falsified(rewritten(np.matmul, matmul), "vjp_matches_differences"))


def test_transpose_that_is_not_transposed():
    def transpose(y, x, axes=None):
        return identity

    assert_readable(falsified(rewritten(np.transpose, transpose), "vjp_matches_differences"))


BROADCASTING = [rule for rule in RULES.values() if rule.elementwise and "," in rule.signatures[0]]


@pytest.mark.parametrize("rule", BROADCASTING, ids=lambda rule: rule.name)
def test_missing_sum_over_broadcast_axes(rule):
    subject = rule_subjects(replace(rule, elementwise=False))[0]
    found = falsified(subject, "vjp_matches_differences")
    assert "has shape" in found.judgement.reason
    assert_readable(found)


@pytest.mark.parametrize("function", [np.sum, np.mean], ids=lambda function: function.__name__)
def test_sum_that_is_not_repeated(function):
    def derive(y, x, axis=None, keepdims=False):
        linear = RULES[function].derive(y, x, axis=axis, keepdims=keepdims)
        return replace(linear, apply_transpose=lambda ct: np.zeros_like(x) + np.sum(ct))

    assert_readable(falsified(rewritten(function, derive), "vjp_matches_differences"))
