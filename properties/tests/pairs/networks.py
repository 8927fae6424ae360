"""Whole networks: cs231n's two layers, a residual block of pieces, a Sequential of objects."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Labels
from backproof.engine.options import Real
from backproof.engine.subjects import pair

from . import Pair
from ._making import planted_object, planted_pair

# cs231n's assignment: a loss, and a dict of gradients ---------------------------------------------


class TwoLayerNet:
    def __init__(self, params, reg):
        self.params, self.reg = params, reg

    def loss(self, X, y):
        W1, b1, W2, b2 = (self.params[k] for k in ("W1", "b1", "W2", "b2"))
        hidden = np.maximum(0, X.dot(W1) + b1)
        scores = hidden.dot(W2) + b2
        probs = np.exp(scores - np.max(scores, axis=1, keepdims=True))
        probs /= np.sum(probs, axis=1, keepdims=True)
        N = X.shape[0]
        loss = -np.log(probs[np.arange(N), y]).sum() / N
        loss += 0.5 * self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

        dscores = probs.copy()
        dscores[np.arange(N), y] -= 1
        dscores /= N
        dhidden = dscores.dot(W2.T)
        dhidden[hidden <= 0] = 0
        grads = {"W2": hidden.T.dot(dscores), "b2": dscores.sum(axis=0)}
        grads["W1"], grads["b1"] = X.T.dot(dhidden), dhidden.sum(axis=0)
        grads["W1"] += self.decay() * W1
        grads["W2"] += self.decay() * W2
        return loss, grads

    def decay(self):
        return self.reg


class TwoLayerNetDoubled(TwoLayerNet):
    def decay(self):
        return 2 * self.reg


def two_layer_loss(X, y, W1, b1, W2, b2, reg=0.1, network=TwoLayerNet):
    return network({"W1": W1, "b1": b1, "W2": W2, "b2": b2}, reg).loss(X, y)


def two_layer_loss_doubled(X, y, W1, b1, W2, b2, reg=0.1):
    return two_layer_loss(X, y, W1, b1, W2, b2, reg, TwoLayerNetDoubled)


def times_upstream(g, grads):
    return {k: g * v for k, v in grads.items()}


# a residual block of pieces -------------------------------------------------------------------------


def linear_fwd(x, w):
    return x @ w, (x, w)


def linear_bwd(dy, cache):
    x, w = cache
    return dy @ w.T, x.T @ dy


def relu_fwd(x):
    return x * (x > 0), x > 0


def relu_bwd(dy, on):
    return dy * on


def residual_fwd(x, w1, w2):
    a, c1 = linear_fwd(x, w1)
    h, c2 = relu_fwd(a)
    b, c3 = linear_fwd(h, w2)
    y, c4 = relu_fwd(b + x)
    return y, [c1, c2, c3, c4]


def residual_bwd(dy, caches):
    c1, c2, c3, c4 = caches
    dsum = relu_bwd(dy, c4)
    dh, dw2 = linear_bwd(dsum, c3)
    dx, dw1 = linear_bwd(relu_bwd(dh, c2), c1)
    return dx + dsum, dw1, dw2


def residual_bwd_wrong(dy, caches):
    c1, c2, c3, c4 = caches
    dsum = relu_bwd(dy, c4)
    dh, dw2 = linear_bwd(dsum, c3)
    dx, dw1 = linear_bwd(relu_bwd(dh, c2), c1)
    return dx + dy, dw1, dw2


# a Sequential of objects, gradients accumulated ------------------------------------------------------


class Affine:
    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, dy):
        self.gW += self.x.T @ dy
        return dy @ self.W.T


class Relu:
    def forward(self, x):
        self.on = x > 0
        return np.where(self.on, x, 0)

    def backward(self, dy):
        return np.where(self.on, dy, 0)


class Sequential:
    def __init__(self):
        self.layers = [Affine(), Relu(), Affine()]

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dy):
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
        return dy


class SequentialSkipping(Sequential):
    def backward(self, dy):
        for layer in self.layers[::-2]:
            dy = layer.backward(dy)
        return dy


TWO_LAYERS = "(n,d),(n),(d,h),(h),(h,c),(c)->()"
DECLARED = {"domain": {"y": Labels("c")}, "constants": ("X",), "options": {"reg": Real(0.0, 1.0)}}
TWICE = {"w1": ("layers.0.W", "layers.0.gW"), "w2": ("layers.2.W", "layers.2.gW")}

PAIRS = [
    Pair(
        right=pair(two_layer_loss, times_upstream, TWO_LAYERS, name="cs_two_layer_net", **DECLARED),
        wrong=pair(two_layer_loss_doubled, times_upstream, TWO_LAYERS, name="cs_two_layer_net (wrong)", **DECLARED),
        mistake="the penalty's gradient lacks the 1/2 of the penalty",
    ),
    planted_pair(
        "residual",
        "(n,d),(d,h),(h,d)->(n,d)",
        residual_fwd,
        residual_bwd,
        residual_bwd_wrong,
        "the shortcut goes around the last relu",
    ),
    planted_object(
        "Sequential",
        "(n,i),(i,h),(h,o)->(n,o)",
        Sequential,
        SequentialSkipping,
        "the activation is skipped on the way back",
        parameters=TWICE,
        gradients="accumulate",
    ),
]
