"""The arithmetic of a pullback: what is inaccurate is found, and what rounding alone explains is not."""

import numpy as np
import pytest

from backproof.engine.domains import Labels, mask, positive
from backproof.engine.subjects import pullback
from backproof.properties.battery import PROPERTIES
from backproof.properties.judgement import Setting, Verdict
from backproof.properties.searching import Effort, search
from backproof.strategies.points import Point

ACCURATE = PROPERTIES["accurate_in_dtype"]


def judged(operation, signature, examples=100, **declared):
    return search(pullback(operation, signature, **declared), ACCURATE, Effort(examples, shrinks=False))


def unshifted_softmax(x):
    e = np.exp(x)
    p = e / e.sum(axis=-1, keepdims=True)
    return p, lambda ct: p * (ct - (ct * p).sum(axis=-1, keepdims=True))


def softmax_backward_unshifted(x):
    shifted = np.exp(x - x.max(axis=-1, keepdims=True))

    def back(ct):
        e = np.exp(x)
        p = e / e.sum(axis=-1, keepdims=True)
        return p * (ct - (ct * p).sum(axis=-1, keepdims=True))

    return shifted / shifted.sum(axis=-1, keepdims=True), back


def standardized_by_difference_of_squares(x):
    mean = x.mean(axis=0)
    variance = (x * x).mean(axis=0) - mean * mean + 1e-3
    xhat = (x - mean) / np.sqrt(((x - mean) ** 2).mean(axis=0) + 1e-3)
    std = np.sqrt(variance)
    return xhat, lambda ct: (ct - ct.mean(axis=0) - xhat * (ct * xhat).mean(axis=0)) / std


def narrow_inside(x, w):
    return x @ w, lambda ct: (ct @ w.T, (x.T.astype(np.float32) @ ct.astype(np.float32)).astype(x.dtype))


def sigmoid(x):
    s = 1 / (1 + np.exp(-x))
    return s, lambda ct: ct * s * (1 - s)


def softmax_narrowed_on_the_way_back(x):
    """The largest entry is subtracted: it ties with itself at every point, which is no excuse for the pullback."""
    e = np.exp(x - x.max(axis=1, keepdims=True))
    s = e / e.sum(axis=1, keepdims=True)
    return s, lambda ct: (s * (ct - (s * ct).sum(axis=1, keepdims=True))).astype(np.float32).astype(x.dtype)


def attention_narrowed_on_the_way_back(q, k, v, seen):
    """Where a key is not seen the score is -inf, which is no reason to allow for errors of any size."""
    scores = np.where(seen, q @ k.T, -np.inf)
    largest = scores.max(axis=1, keepdims=True)
    weights = np.exp(scores - np.where(np.isfinite(largest), largest, 0))
    p = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1)

    def back(ct):
        c = p * (ct @ v.T - ((ct @ v.T) * p).sum(axis=1, keepdims=True))
        return c @ k, c.T @ q, (p.T @ ct).astype(np.float32).astype(v.dtype), None

    return p @ v, back


INACCURATE = {
    "float32 behind a mask of -inf": (
        attention_narrowed_on_the_way_back,
        "(n,d),(m,d),(m,v),(n,m)->(n,v)",
        "in float64.*something narrower is inside",
        {"domain": {"seen": mask}},
    ),
    "float32 behind a tie in the forward": (
        softmax_narrowed_on_the_way_back,
        "(n,c)->(n,c)",
        "in float64.*something narrower is inside",
        {},
    ),
    "variance by a difference": (
        standardized_by_difference_of_squares,
        "(n,d)->(n,d)",
        "bits to its formula",
        {},
    ),
    "float32 inside float64": (narrow_inside, "(n,i),(i,o)->(n,o)", "in float64.*something narrower is inside", {}),
}


@pytest.mark.parametrize("case", INACCURATE)
def test_inaccurate_arithmetic_is_found_and_named(case):
    operation, signature, reason, declared = INACCURATE[case]
    outcome = judged(operation, signature, **declared)
    assert outcome.verdict is Verdict.FALSIFIED
    assert outcome.reason.startswith("inaccurate in float")
    import re

    assert re.search(reason, outcome.reason), outcome.reason


def test_what_overflows_only_in_the_pullback_is_not_finite_where_the_derivative_is():
    subject = pullback(softmax_backward_unshifted, "(n,c)->(n,c)")
    outcome = search(subject, PROPERTIES["finite_where_differentiable"], Effort(100))
    assert outcome.verdict is Verdict.FALSIFIED
    assert "is not finite, where the derivative is" in outcome.reason


def weighted_alike(x):
    """Each of five weights counts 1e24: the derivative is zero, and to rounding in float32 it is 1e17 * 1e23."""
    e = np.exp(1e23 * (x - x.max()))
    p = e / e.sum()
    c = np.full_like(x, 1e24)
    return (p * c).sum(), lambda ct: ct * 1e23 * (p * (c - (p * c).sum()))


def test_what_overflows_by_rounding_alone_is_no_leak():
    subject = pullback(weighted_alike, "(5)->()")
    outcome = search(subject, PROPERTIES["finite_where_differentiable"], Effort(60))
    assert outcome.verdict is Verdict.PASSED, outcome.reason


def test_no_relative_accuracy_is_asked_of_what_underflows():
    def logarithm(x):
        return np.log(-np.expm1(-x)), lambda ct: ct / np.expm1(x)

    subject = pullback(logarithm, "(n)->(n)", domain={"x": positive}, accuracy="relative")
    point = Point((np.array([1.0, 100.0]),), {}, np.array([1.0, -800.0]))  # the second cotangent is -3e-41
    assert ACCURATE.judge(subject, point, Setting()).verdict is Verdict.PASSED


def test_relative_accuracy_is_asked_for_where_it_is_declared():
    assert judged(sigmoid, "(n)->(n)").verdict is Verdict.PASSED
    outcome = judged(sigmoid, "(n)->(n)", accuracy="relative")
    assert outcome.verdict is Verdict.FALSIFIED
    assert "declared to be accurate in every entry" in outcome.reason
    assert ACCURATE.unless(pullback(sigmoid, "(n)->(n)", accuracy="any")) is not None


def tanh(x):
    y = np.tanh(x)
    return y, lambda ct: ct * (1 - y * y)


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return p, lambda ct: p * (ct - (ct * p).sum(axis=-1, keepdims=True))


def cross_entropy(x, y):
    shifted = x - x.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))

    def back(ct):
        d = np.exp(logs)
        d[rows, y] -= 1
        return ct * d / len(x), None

    return -logs[rows, y].mean(), back


def layer_norm(x, g):
    mean = x.mean(axis=1, keepdims=True)
    std = np.sqrt(((x - mean) ** 2).mean(axis=1, keepdims=True) + 1e-5)
    xhat = (x - mean) / std

    def back(ct):
        d = ct * g
        dx = (d - d.mean(axis=1, keepdims=True) - xhat * (d * xhat).mean(axis=1, keepdims=True)) / std
        return dx, (ct * xhat).sum(axis=0)

    return xhat * g, back


TEXTBOOK = {
    "tanh": (tanh, "(n)->(n)", {}),
    "softmax": (softmax, "(n,c)->(n,c)", {}),
    "s - y": (cross_entropy, "(n,c),(n)->()", {"domain": {"y": Labels("c")}}),
    "layer norm": (layer_norm, "(n,d),(d)->(n,d)", {}),
    "square": (lambda x: (x * x, lambda ct: 2 * x * ct), "(n)->(n)", {}),
    "scaled far away": (lambda x: (x * 1e8, lambda ct: ct * 1e8), "(n)->(n)", {}),
    "root of tiny": (lambda x: (np.sqrt(x * x + 1e-16), lambda ct: ct * x / np.sqrt(x * x + 1e-16)), "(n)->(n)", {}),
}


@pytest.mark.parametrize("name", TEXTBOOK)
def test_textbook_pullbacks_are_not_accused(name):
    operation, signature, declared = TEXTBOOK[name]
    outcome = judged(operation, signature, 40, **declared)
    assert outcome.verdict is Verdict.PASSED, outcome.reason
