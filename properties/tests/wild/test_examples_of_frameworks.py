"""Functions of torch, jax and autograd by an example call, with nested arguments."""

import autograd.numpy as anp
import jax.numpy as jnp
import numpy as np
import pytest
import torch

import backproof
from backproof.properties.judgement import Evidence, Verdict

pytestmark = pytest.mark.wild

PARAMS = {"hidden": {"W": np.ones((3, 4)), "b": np.ones(4)}, "out": [np.ones((4, 5))]}


def by_jax(params, x):
    hidden = jnp.tanh(x @ params["hidden"]["W"] + params["hidden"]["b"])
    return hidden @ params["out"][0]


def by_torch(params, x):
    hidden = torch.exp(x @ params["hidden"]["W"] + params["hidden"]["b"])
    return hidden @ params["out"][0]


def by_autograd(params, x):
    hidden = anp.tanh(anp.dot(x, params["hidden"]["W"]) + params["hidden"]["b"])
    return anp.dot(hidden, params["out"][0])


SUBJECTS = {
    "jax": lambda **declared: backproof.jax_function(by_jax, **declared),
    "torch": lambda **declared: backproof.torch_function(by_torch, **declared),
    "autograd": lambda **declared: backproof.autograd_function(by_autograd, **declared),
}


@pytest.mark.parametrize("framework", SUBJECTS)
def test_nested_arguments_by_example(framework):
    subject = SUBJECTS[framework](like=(PARAMS, np.ones((2, 3))))
    assert subject.arguments == ("params.hidden.W", "params.hidden.b", "params.out.0", "x")
    assert str(subject.signature) == "(n,m),(m),(m,k),(i,n)->(i,k)"
    (outcome,) = backproof.check(subject, examples=3, properties=["vjp_matches_differences"]).outcomes
    assert (outcome.verdict, outcome.evidence) == (Verdict.PASSED, Evidence.FORMULA), outcome.reason


def test_a_module_by_an_example_of_its_data():
    subject = backproof.torch_function(torch.nn.Linear(3, 4), like=(torch.ones(2, 3),))
    assert subject.arguments == ("input", "weight", "bias")
    assert str(subject.signature) == "(n,m),(k,m),(k)->(n,k)"
    (outcome,) = backproof.check(subject, examples=3, properties=["vjp_matches_differences"]).outcomes
    assert outcome.verdict is Verdict.PASSED, outcome.reason


def test_labels_by_example():
    def loss(scores, labels):
        return -jnp.mean(jnp.take_along_axis(scores, labels[:, None], axis=1))

    subject = backproof.jax_function(loss, like=(np.ones((2, 5)), np.array([0, 4])))
    assert str(subject.signature) == "(n,m),(n)->()"
    assert subject.is_differentiated(0)
    assert not subject.is_differentiated(1)
