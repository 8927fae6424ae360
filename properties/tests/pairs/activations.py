"""Activation functions in pieces: leaky relu, elu, selu, hard tanh, prelu."""

from __future__ import annotations

import numpy as np

from backproof.engine.options import Real

from ._making import planted_pair, planted_pullback

# leaky relu -----------------------------------------------------------------


def leaky_relu_forward(x, slope=0.01):
    out = np.where(x > 0, x, slope * x)
    return out, (x, slope)


def leaky_relu_backward(dout, cache):
    x, slope = cache
    dx = dout.copy()
    dx[x < 0] *= slope
    return dx


def leaky_relu_backward_wrong(dout, cache):
    x, slope = cache
    dx = dout.copy()
    dx[x < 0] = slope
    return dx


# elu ------------------------------------------------------------------------


def elu(x, alpha=1.0):
    y = np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1))
    return y, lambda g: g * np.where(x > 0, 1, y + alpha)


def elu_wrong(x, alpha=1.0):
    y = np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1))
    return y, lambda g: g * np.where(x > 0, 1, y)


# selu -----------------------------------------------------------------------

LAMBDA = 1.0507009873554805
ALPHA = 1.6732632423543772


def selu(x):
    return LAMBDA * (np.maximum(x, 0) + ALPHA * (np.exp(np.minimum(x, 0)) - 1))


def selu_grad(dy, x):
    return dy * LAMBDA * np.where(x > 0, 1.0, ALPHA * np.exp(np.minimum(x, 0)))


def selu_grad_wrong(dy, x):
    return dy * np.where(x > 0, LAMBDA, ALPHA * np.exp(np.minimum(x, 0)))


# hard tanh, written for a list of numbers -----------------------------------


def hardtanh(x):
    y = np.zeros_like(x)
    for i in range(len(x)):
        y[i] = 1.0 if x[i] > 1 else (-1.0 if x[i] < -1 else x[i])
    return y, x


def hardtanh_back(dy, x):
    return dy * ((x > -1) & (x < 1))


def hardtanh_back_wrong(dy, x):
    return dy * ((x > -1) | (x < 1))


# prelu over channels --------------------------------------------------------


def prelu_forward(x, a):
    out = np.maximum(x, 0) + a[:, None, None] * np.minimum(x, 0)
    return out, {"x": x, "a": a}


def prelu_backward(dout, cache):
    x, a = cache["x"], cache["a"]
    dx = np.where(x > 0, dout, a[:, None, None] * dout)
    da = np.sum(dout * np.minimum(x, 0), axis=(0, 2, 3))
    return {"dx": dx, "da": da}


def prelu_backward_wrong(dout, cache):
    x, a = cache["x"], cache["a"]
    dx = np.where(x > 0, dout, a[:, None, None] * dout)
    da = np.sum(dout * x, axis=(0, 2, 3))
    return {"dx": dx, "da": da}


ANY = "(...)->(...)"
NCHW = "(n,c,h,w),(c)->(n,c,h,w)"
SLOPE = {"slope": Real(0.0, 1.0)}

PAIRS = [
    planted_pair(
        "leaky_relu",
        ANY,
        leaky_relu_forward,
        leaky_relu_backward,
        leaky_relu_backward_wrong,
        "assigns the slope where x < 0 instead of multiplying by it",
        options=SLOPE,
    ),
    planted_pullback("elu", ANY, elu, elu_wrong, "y, not y + alpha, where x < 0", options={"alpha": Real(0.0, 2.0)}),
    planted_pair("selu", ANY, selu, selu_grad, selu_grad_wrong, "forgets lambda in the negative branch"),
    planted_pair(
        "hardtanh", "(n)->(n)", hardtanh, hardtanh_back, hardtanh_back_wrong, "'or', not 'and': no mask at all"
    ),
    planted_pair("prelu", NCHW, prelu_forward, prelu_backward, prelu_backward_wrong, "the slope forgets its mask"),
]
