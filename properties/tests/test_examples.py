"""Subjects described by an example call: nested arguments, and signatures that are inferred from the example."""

from dataclasses import dataclass
from typing import NamedTuple

import hypothesis.strategies as st
import numpy as np
import pytest

import backproof
from backproof.engine.domains import Labels, Mask
from backproof.engine.errors import SpecError
from backproof.properties.judgement import Verdict


def affine_forward(x, w, b):
    return x @ w + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def ones(*shapes):
    return tuple(np.ones(shape) for shape in shapes)


@pytest.mark.parametrize(
    ("forward", "like", "signature"),
    [
        (lambda x, w, b: x @ w + b, ones((2, 3), (3, 4), 4), "(n,m),(m,k),(k)->(n,k)"),
        (lambda x, w: x @ w, ones((3, 3), (3, 3)), "(n,m),(m,k)->(n,k)"),  # sizes that are equal by accident
        (lambda x: np.tanh(x), ones((2, 5)), "(n,m)->(n,m)"),
        (lambda x: np.sum(x), ones((2, 3)), "(n,m)->()"),
        (lambda x: np.outer(x, x), ones(3), "(n)->(n,n)"),
        (lambda x: np.convolve(x, [1.0, 2.0, 1.0], "valid"), ones(7), "(n)->"),
        (lambda x: np.cross(x, x[::-1]), ones((2, 3)), "(n,3)->(n,3)"),
        (lambda x, gamma: x * gamma, ones((4, 3), (1, 3)), "(n,m),(1,m)->(n,m)"),
        (lambda x, scale: x * scale, (np.ones(3), 2.0), "(n),()->(n)"),
        (lambda x: x.reshape(-1, 2), ones(6), "(6)->(3,2)"),
    ],
)
def test_what_changes_together_is_one_dimension(forward, like, signature):
    subject = backproof.pullback(lambda *given: (forward(*given), None), like=like)
    assert str(subject.signature) == signature


def test_integers_are_labels_of_the_dimension_that_they_index_and_booleans_are_masks():
    def embedded(table, words, keep):
        return table[words] * keep[:, None], None

    like = (np.ones((5, 3)), np.array([0, 4, 1]), np.array([True, False, True]))
    subject = backproof.pullback(embedded, like=like)
    assert str(subject.signature) == "(n,m),(k),(k)->(k,m)"
    assert subject.domains[1:] == (Labels("n"), Mask())


class Pair(NamedTuple):
    first: np.ndarray
    second: np.ndarray


@dataclass(frozen=True)
class Dense:
    W: np.ndarray
    b: np.ndarray
    width: int = 4


def network(params, x):
    """Two layers whose parameters are nested in every way; the width is no array, and stays as it is."""
    dense, out, shift = params["dense"], params["out"], params["shift"]
    assert dense.width == 4
    h = np.tanh(x @ dense.W + dense.b)
    y = h @ out[0] + out[1] + shift.first * shift.second

    def pull(ct):
        dh = (ct @ out[0].T) * (1 - h**2)
        d_dense = Dense(x.T @ dh, dh.sum(axis=0))
        d_shift = Pair(ct.sum(axis=0) * shift.second, ct.sum(axis=0) * shift.first)
        return {"dense": d_dense, "out": [h.T @ ct, ct.sum(axis=0)], "shift": d_shift}, dh @ dense.W.T

    return y, pull


PARAMS = {"dense": Dense(*ones((3, 4), 4)), "out": list(ones((4, 5), 5)), "shift": Pair(*ones(5, 5))}
LIKE = (PARAMS, np.ones((2, 3)))
NAMES = ("params.dense.W", "params.dense.b", "params.out.0", "params.out.1")
NAMES += ("params.shift.first", "params.shift.second", "x")


def forgetful(params, x):
    y, pull = network(params, x)

    def forgets(ct):
        d_params, dx = pull(ct)
        return {**d_params, "out": [d_params["out"][0], ct.mean(axis=0)]}, dx

    return y, forgets


def test_nested_arguments_are_named_leaf_by_leaf():
    subject = backproof.pullback(network, like=LIKE)
    assert subject.arguments == NAMES
    assert str(subject.signature) == "(n,m),(m),(m,k),(k),(k),(k),(i,n)->(i,k)"
    assert backproof.check(subject, examples=6).passed


def test_messages_name_the_leaf_that_is_wrong():
    (outcome,) = backproof.check(
        backproof.pullback(forgetful, like=LIKE), properties=["vjp_matches_differences"]
    ).outcomes
    assert outcome.verdict is Verdict.FALSIFIED
    assert outcome.reason == "the cotangent for params.out.1 is not J^T ct"


def returning(made):
    def operation(params, x):
        y, pull = network(params, x)
        return y, lambda ct: made(*pull(ct))

    return operation


@pytest.mark.parametrize(
    "made",
    [
        lambda d_params, dx: (d_params, dx),
        lambda d_params, dx: {"dparams": d_params, "dx": dx},
        lambda d, dx: (d["dense"].W, d["dense"].b, *d["out"], *d["shift"], dx),
        lambda d, dx: ({**d, "dense": {"dW": d["dense"].W, "db": d["dense"].b}}, dx),
    ],
    ids=["nested", "by argument", "flat", "by name"],
)
def test_cotangents_come_in_the_ways_that_people_return_them(made):
    subject = backproof.pullback(returning(made), like=LIKE)
    assert backproof.check(subject, examples=4, properties=["vjp_matches_differences"]).passed


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda d, dx: ({"dense": d["dense"]}, dx), "none of them is for params.out"),
        (lambda d, dx: ({**d, "out": [1.0]}, dx), "where the cotangent for params.out.1 should be"),
        (lambda d, dx: dx, "Return one cotangent an argument, nested as the argument is"),
    ],
)
def test_cotangents_that_lack_a_leaf_are_a_wrong_description(made, says):
    with pytest.raises(SpecError, match=says):
        backproof.check(backproof.pullback(returning(made), like=LIKE), examples=2)


def test_a_single_nested_argument():
    subject = backproof.pullback(
        lambda p: (p["a"] * p["b"], lambda ct: {"a": ct * p["b"], "b": ct * p["a"]}),
        like=({"a": np.ones(3), "b": 2.0},),
    )
    assert subject.arguments == ("p.a", "p.b")
    (outcome,) = backproof.check(subject, properties=["vjp_matches_differences"]).outcomes
    assert outcome.verdict is Verdict.FALSIFIED
    assert "p.b" in outcome.reason  # it is one number for all of a: the sum is missing


class Linear:
    def __init__(self):
        self.W, self.b = ones((3, 4), 4)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dy):
        self.dW, self.db = self.x.T @ dy, dy.sum(axis=0)
        return dy @ self.W.T


def test_pairs_and_objects_by_example():
    pair = backproof.pair(affine_forward, affine_backward, like=ones((2, 3), (3, 4), 4))
    linear = backproof.layer_object(Linear, like=ones((2, 3)), parameters={"W": ("W", "dW"), "b": ("b", "db")})
    for subject in (pair, linear):
        assert str(subject.signature) == "(n,m),(m,k),(k)->(n,k)"
        assert backproof.check(subject, examples=4, properties=["vjp_matches_differences"]).passed


def test_what_is_declared_beside_nested_arguments_takes_them_nested():
    def dropped(params, x):
        return params["w"] * np.round(x), lambda ct: ({"w": np.sum(ct * np.round(x))}, ct * params["w"])

    subject = backproof.pullback(
        dropped, like=({"w": 2.0}, np.ones(3)), derivative_of=lambda params, x: params["w"] * x, at_kink="any"
    )
    (outcome,) = backproof.check(subject, properties=["vjp_matches_differences"]).outcomes
    assert outcome.verdict is Verdict.FALSIFIED
    assert "params.w" in outcome.reason  # x itself is meant there, and its rounding is used


def test_domains_by_position_and_strategies_of_numbers():
    def rooted(x, k=1):
        return np.sqrt(x) * k, lambda ct: ct * k / (2 * np.sqrt(x))

    positive, whole = st.floats(0.5, 4.0), st.integers(1, 3)
    subject = backproof.pullback(rooted, "(n)->(n)", domain={0: positive}, options={"k": whole})
    assert backproof.check(subject, examples=6).passed
    forgets = backproof.pullback(
        lambda x, k=1: (np.sqrt(x) * k, lambda ct: ct / (2 * np.sqrt(x))),
        "(n)->(n)",
        domain={0: positive},
        options={"k": whole},
    )
    (outcome,) = backproof.check(forgets, properties=["vjp_matches_differences"]).outcomes
    assert outcome.counterexample.point.options == {"k": 2}


@pytest.mark.parametrize(
    ("described", "says"),
    [
        ({}, "has neither a signature nor an example"),
        ({"like": ones(3)}, "like= of affine_forward has 1 examples, but there are 3 arguments"),
        ({"like": ones((2, 3), (4, 3), 3)}, "like= of affine_forward does not run: ValueError"),
        ({"like": np.ones(3)}, "is a ndarray, but should be a tuple with an example of each argument"),
        ({"like": (1, 2, None)}, "holds no array and no float"),
        ({"signature": "(n,i),(i,o),(o)->(n,o)", "domain": {7: backproof.positive}}, "domain names '7'"),
        ({"signature": "(n,i),(i,o),(o)->(n,o)", "domain": {"x": 7}}, "domain x=7 is a int"),
    ],
)
def test_an_example_that_does_not_fit_is_an_error(described, says):
    with pytest.raises(SpecError, match=says):
        backproof.pair(affine_forward, affine_backward, **described)
