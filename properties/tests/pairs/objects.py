"""Layers as objects: weights and gradients in attributes, dicts and lists, assigned or accumulated."""

from __future__ import annotations

import numpy as np

from backproof.engine.options import Choice

from ._making import planted_object

# attributes ---------------------------------------------------------------------------------------


class Linear:
    def __init__(self):
        self.W = self.b = self.dW = self.db = None

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)


class LinearNormalised(Linear):
    def backward(self, dout):
        dx = super().backward(dout)
        self.dW = self.dW / len(self.x)
        return dx


# dicts, into which gradients are accumulated ------------------------------------------------------


class Dense:
    """A dense layer with its activation."""

    def __init__(self, act="tanh"):
        self.params, self.grads, self.act = {}, {}, act

    def forward(self, inp):
        z = inp @ self.params["W"] + self.params["b"]
        self.inp = inp
        self.out = np.tanh(z) if self.act == "tanh" else np.maximum(z, 0)
        return self.out

    def slope(self):
        return 1 - self.out**2 if self.act == "tanh" else self.out > 0

    def backward(self, grad):
        grad = grad * self.slope()
        self.grads["W"] += self.inp.T @ grad
        self.grads["b"] += grad.sum(axis=0)
        return grad @ self.params["W"].T


class DenseTooMuch(Dense):
    def backward(self, grad):
        self.grads["W"] += self.inp.T @ (grad * self.slope())
        self.grads["b"] += grad.sum(axis=0)
        return (grad * self.slope()) @ self.params["W"].T


# lists, as in Deep Learning from Scratch ------------------------------------------------------------


class RNNCell:
    def __init__(self):
        self.params = [None, None, None]
        self.grads = [None, None, None]
        self.cache = None

    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        h_next = np.tanh(np.dot(h_prev, Wh) + np.dot(x, Wx) + b)
        self.cache = (x, h_prev, h_next)
        return h_next

    def backward(self, dh_next):
        Wx, Wh, _ = self.params
        x, h_prev, h_next = self.cache
        dt = dh_next * (1 - h_next**2)
        self.grads[0][...] += np.dot(x.T, dt)
        self.grads[1][...] += np.dot(h_prev.T, dt)
        self.grads[2][...] += np.sum(dt, axis=0)
        return np.dot(dt, Wx.T), np.dot(dt, Wh.T)


class RNNCellSwapped(RNNCell):
    def backward(self, dh_next):
        Wx, Wh, _ = self.params
        x, _, h_next = self.cache
        dt = dh_next * (1 - h_next**2)
        self.grads[0][...] += np.dot(x.T, dt)
        self.grads[1][...] += np.dot(h_next.T, dt)
        self.grads[2][...] += np.sum(dt, axis=0)
        return np.dot(dt, Wx.T), np.dot(dt, Wh.T)


# without parameters ---------------------------------------------------------------------------------


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dout):
        return dout * (1.0 - self.out) * self.out


class SigmoidOfOutput(Sigmoid):
    def backward(self, dout):
        s = 1 / (1 + np.exp(-self.out))
        return dout * (1.0 - s) * s


FC, ACCUMULATE = "(n,i),(i,o),(o)->(n,o)", {"gradients": "accumulate"}
RNN = {"Wx": ("params.0", "grads.0"), "Wh": ("params.1", "grads.1"), "b": ("params.2", "grads.2")}

PAIRS = [
    planted_object(
        "Linear",
        FC,
        Linear,
        LinearNormalised,
        "dW is divided by the batch size",
        parameters={"w": ("W", "dW"), "b": ("b", "db")},
    ),
    planted_object(
        "Dense",
        FC,
        Dense,
        DenseTooMuch,
        "the bias' gradient is taken before the activation's",
        parameters={"W": ("params.W", "grads.W"), "b": ("params.b", "grads.b")},
        options={"act": Choice(("tanh", "relu"))},
        **ACCUMULATE,
    ),
    planted_object(
        "RNNCell",
        "(n,d),(n,h),(d,h),(h,h),(h)->(n,h)",
        RNNCell,
        RNNCellSwapped,
        "h_next instead of h_prev in the recurrent weight's gradient",
        parameters=RNN,
        **ACCUMULATE,
    ),
    planted_object("Sigmoid", "(...)->(...)", Sigmoid, SigmoidOfOutput, "the sigmoid is applied a second time"),
]
