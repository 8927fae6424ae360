"""A mistake planted in each hand-derived pullback."""

import numpy as np
import pytest

from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES
from backproof.engine.subjects import layer_subject
from backproof.properties.tests.planting import assert_readable, falsified, noticed, planted_fused

FUSED = [layer for layer in (*LAYERS.values(), *LOSSES.values()) if layer.fused is not None]
# Shrinking is the same for all layers: a few of different kinds show it.
SHRUNK = (
    "affine",
    "relu",
    "softmax",
    "embedding",
    "layer_norm",
    "mean_squared_error",
    "softmax_cross_entropy",
    "triplet",
)
MISTAKES = {"vjp_matches_differences": lambda ct: -ct, "fused_equals_traced": lambda ct: 2 * ct}
PLANTED = [
    pytest.param(layer, position, mistake, prop, id=f"{layer.name}-{layer.arguments[position]}-{prop}")
    for layer in FUSED
    for position in layer_subject(layer, "layers").differentiated
    for prop, mistake in MISTAKES.items()
]


@pytest.mark.parametrize(("layer", "position", "mistake", "prop"), PLANTED)
def test_wrong_sign_or_factor(layer, position, mistake, prop):
    subject = layer_subject(planted_fused(layer, position, mistake), "layers")
    assert f"cotangent for {layer.arguments[position]}" in noticed(subject, prop).reason
    if layer.name in SHRUNK:
        assert_readable(falsified(subject, prop))


def affine_with(pull):
    return LAYERS["affine"].pullback(lambda x, w, b: (x @ w + b, lambda ct: pull(ct, x, w)))


def cross_entropy_with(pull):
    def fused(z, labels):
        weights = np.exp(z - np.max(z, axis=1, keepdims=True))
        s = weights / np.sum(weights, axis=1, keepdims=True)
        y = np.arange(z.shape[1]) == labels[:, None]
        loss = LOSSES["softmax_cross_entropy"].function(z, labels)
        return loss, lambda ct: (pull(ct, s, y, len(labels)), None)

    return LOSSES["softmax_cross_entropy"].pullback(fused)


def softmax_with(pull):
    def fused(z):
        weights = np.exp(z - np.max(z, axis=-1, keepdims=True))
        s = weights / np.sum(weights, axis=-1, keepdims=True)
        return s, lambda ct: pull(ct, s)

    return LAYERS["softmax"].pullback(fused)


WRONG = {
    "affine: missing transpose of w": affine_with(lambda ct, x, w: (ct @ w, x.T @ ct, ct.sum(axis=0))),
    "affine: missing transpose of x": affine_with(lambda ct, x, w: (ct @ w.T, x @ ct, ct.sum(axis=0))),
    "affine: missing sum": affine_with(lambda ct, x, w: (ct @ w.T, x.T @ ct, ct)),
    "affine: mean for the sum": affine_with(lambda ct, x, w: (ct @ w.T, x.T @ ct, ct.mean(axis=0))),
    "affine: sum over the wrong axis": affine_with(lambda ct, x, w: (ct @ w.T, x.T @ ct, ct.sum(axis=1))),
    "affine: swapped": affine_with(lambda ct, x, w: (x.T @ ct, ct @ w.T, ct.sum(axis=0))),
    "cross-entropy: not divided by the batch": cross_entropy_with(lambda ct, s, y, n: ct * (s - y)),
    "cross-entropy: ignores the cotangent": cross_entropy_with(lambda ct, s, y, n: (s - y) / n),
    "cross-entropy: forgets the labels": cross_entropy_with(lambda ct, s, y, n: ct * s / n),
    "softmax: diagonal of the Jacobian alone": softmax_with(lambda ct, s: ct * s * (1 - s)),
    "softmax: missing sum": softmax_with(lambda ct, s: s * (ct - ct * s)),
    "softmax: sum over the wrong axis": softmax_with(lambda ct, s: s * (ct - np.sum(ct * s, axis=0, keepdims=True))),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_mistakes_that_people_make(mistake):
    assert_readable(falsified(layer_subject(WRONG[mistake], "layers"), "vjp_matches_differences"))
