"""Operator notation: the exercises that the idea comes from, written out by hand."""

import numpy as np
import pytest

from backproof import explain
from backproof.engine.explaining import explain_layer
from backproof.engine.layers import LAYERS
from backproof.engine.linear import identity
from backproof.engine.maps import left_multiply, negate, permute, reshape, right_multiply, scale

EXERCISES = {
    "W @ x + b": (
        lambda W, x, b: W @ x + b,
        {"W": (2, 3), "x": (3, 1), "b": (2, 1)},
        {"W": "[. @ x.T]", "x": "[W.T @ .]", "b": "[.]"},
    ),
    "x.T @ W @ x": (
        lambda x, W: x.T @ W @ x,
        {"x": (3, 1), "W": (3, 3)},
        {"W": "[x @ . @ x.T]", "x": "[W.T @ x @ .] + [W @ x @ .]"},
    ),
    "A @ B @ C": (
        lambda A, B, C: A @ B @ C,
        {"A": (2, 3), "B": (3, 4), "C": (4, 5)},
        {"A": "[. @ C.T @ B.T]", "B": "[A.T @ . @ C.T]", "C": "[B.T @ A.T @ .]"},
    ),
    "relu(x @ W)": (
        lambda x, W: np.maximum(x @ W, 0),
        {"x": (2, 3), "W": (3, 4)},
        {"x": "[. @ W.T] o [* mask]", "W": "[x.T @ .] o [* mask]"},
    ),
    "x.T @ A @ y": (
        lambda x, A, y: x.T @ A @ y,
        {"x": (3, 1), "A": (3, 2), "y": (2, 1)},
        {"A": "[x @ . @ y.T]", "x": "[A @ y @ .]", "y": "[A.T @ x @ .]"},
    ),
}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_pullbacks_read_as_the_exercises_say(exercise):
    function, shapes, expected = EXERCISES[exercise]
    explained = explain(function, **shapes)
    assert {e.argument: e.pullback for e in explained.explanations} == expected


def test_names_in_a_notation_are_explained():
    explained = explain(lambda x, W: np.maximum(x @ W, 0), x=(2, 3), W=(3, 4))
    assert explained.where == {"mask": "x @ W > 0"}


def test_layers_are_explained():
    derivatives = {e.argument: e.derivative for e in explain_layer(LAYERS["affine"]).explanations}
    assert derivatives == {"x": "[. @ w]", "w": "[x @ .]", "b": "[repeat over axis 0]"}
    assert explain_layer(LAYERS["tanh"]).explanations[0].pullback == "[* (1 - tanh(x) ** 2)]"


COMPOSED = {
    "scaling twice by -1 is nothing": (negate() @ negate(), "[.]", "[.]"),
    "-1 joins a factor": (negate() @ scale(3.0), "[* -3]", "[* -3]"),
    "reshaping there and back is nothing": (reshape((6,), (2, 3)) @ reshape((2, 3), (6,)), "[.]", "[.]"),
    "axes that are permuted back are nothing": (permute((1, 2, 0)) @ permute((2, 0, 1)), "[.]", "[.]"),
    "identities vanish": (identity @ scale(2.0) @ identity, "[* 2]", "[* 2]"),
    "sums stay sums": (scale(2.0) + scale(3.0) + identity, "[* 2] + [* 3] + [.]", "[* 2] + [* 3] + [.]"),
    "a sum after a map": ((scale(2.0) + identity) @ negate(), "([* 2] + [.]) o [* -1]", "[* -1] o ([* 2] + [.])"),
    "both sides of a product": (
        left_multiply(np.ones((2, 3))) @ right_multiply(np.ones((4, 5))),
        "[c @ . @ c]",
        "[c @ . @ c]",
    ),
}


@pytest.mark.parametrize("case", COMPOSED)
def test_composition_simplifies(case):
    linear, notation, transposed = COMPOSED[case]
    assert linear.notation == notation
    assert linear.transpose.notation == transposed
    assert linear.transpose.transpose.notation == notation
    assert repr(linear) == f"LinearMap({notation})"


def test_transposing_swaps_apply_and_its_transpose():
    linear = left_multiply(np.array([[1.0, 2.0], [0.0, 1.0]]))
    column = np.array([[1.0], [1.0]])
    assert linear.apply(column).tolist() == [[3.0], [1.0]]
    assert linear.transpose.apply(column).tolist() == [[1.0], [3.0]]
    composed = scale(2.0) @ linear
    assert composed.apply_transpose(column).tolist() == [[2.0], [6.0]]
    assert (linear + linear).apply_transpose(column).tolist() == [[2.0], [6.0]]
