"""Smooth activation functions: gelu both ways, swish, softplus, mish, softsign."""

from __future__ import annotations

import math

import numpy as np

from ._making import planted_pair, planted_pullback


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# gelu, both ways ------------------------------------------------------------

C = np.sqrt(2 / np.pi)


def gelu_tanh(x):
    t = np.tanh(C * (x + 0.044715 * x**3))
    return 0.5 * x * (1 + t), (x, t)


def gelu_tanh_backward(dout, cache):
    x, t = cache
    du = C * (1 + 3 * 0.044715 * x**2)
    return dout * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * du)


def gelu_tanh_backward_wrong(dout, cache):
    x, t = cache
    du = C * (1 + 0.044715 * x**2)
    return dout * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * du)


def normal_cdf(x):
    return np.array([0.5 * (1.0 + math.erf(v / math.sqrt(2.0))) for v in x])


def gelu_erf(x):
    cdf = normal_cdf(x)

    def back(g):
        pdf = np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)
        return g * (cdf + x * pdf)

    return x * cdf, back


def gelu_erf_wrong(x):
    cdf = normal_cdf(x)

    def back(g):
        pdf = np.exp(-x * x) / math.sqrt(2 * math.pi)
        return g * (cdf + x * pdf)

    return x * cdf, back


# swish with a learned beta for each feature ---------------------------------


def swish(x, beta):
    s = sigmoid(beta * x)

    def vjp(dy):
        ds = dy * x * s * (1 - s)
        return dy * s + ds * beta, np.sum(ds * x, axis=0)

    return x * s, vjp


def swish_wrong(x, beta):
    s = sigmoid(beta * x)

    def vjp(dy):
        ds = dy * x * s * (1 - s)
        return dy * s + ds * beta, np.sum(ds, axis=0)

    return x * s, vjp


# softplus and mish ----------------------------------------------------------


def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def softplus_backward(dout, x):
    return dout / (1.0 + np.exp(-x))


def softplus_backward_wrong(dout, x):
    return dout / (1.0 + np.exp(x))


def mish(x):
    t = np.tanh(softplus(x))
    return x * t, (x, t)


def mish_backward(dout, cache):
    x, t = cache
    return dout * (t + x * (1 - t * t) * sigmoid(x))


def mish_backward_wrong(dout, cache):
    x, t = cache
    return dout * (t + x * (1 - t * t))


# softsign -------------------------------------------------------------------


def softsign(x):
    d = 1 + np.abs(x)
    return x / d, lambda g: g / d**2


def softsign_wrong(x):
    d = 1 + np.abs(x)
    return x / d, lambda g: g / d


ANY = "(...)->(...)"
N_D = "(n,d),(d)->(n,d)"

PAIRS = [
    planted_pair(
        "gelu_tanh",
        ANY,
        gelu_tanh,
        gelu_tanh_backward,
        gelu_tanh_backward_wrong,
        "forgets the factor 3 of the cube's derivative",
    ),
    planted_pullback("gelu_erf", "(n)->(n)", gelu_erf, gelu_erf_wrong, "the density lacks the 1/2 in its exponent"),
    planted_pullback("swish", N_D, swish, swish_wrong, "beta's gradient forgets the inner factor x"),
    planted_pair("softplus", ANY, softplus, softplus_backward, softplus_backward_wrong, "sigmoid(-x), not sigmoid(x)"),
    planted_pair("mish", ANY, mish, mish_backward, mish_backward_wrong, "forgets the derivative of softplus"),
    planted_pullback("softsign", ANY, softsign, softsign_wrong, "forgets the square of the denominator"),
]
