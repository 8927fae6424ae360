"""State and mutation: what a backward changes, and what it keeps from other runs."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Labels
from backproof.engine.options import Choice, Real

from ._making import planted_object, planted_pair, planted_pullback

PURE, REPEATABLE = "pure", "repeatable"

# what is changed ----------------------------------------------------------------------------------------


def rectified(x):
    return np.maximum(x, 0), x


def right_rectified(dout, x):
    return dout * (x > 0)


def wrong_rectified(dout, x):
    x[x <= 0] = 0
    x[x > 0] = 1
    return dout * x


def leaky(x):
    return np.where(x > 0, x, 0.25 * x), x


def right_leaky(dout, x):
    dx = dout.copy()
    dx[x <= 0] *= 0.25
    return dx


def wrong_leaky(dout, x):
    dx = dout
    dx[x <= 0] *= 0.25
    return dx


def right_row_softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return p, lambda ct: p * (ct - (ct * p).sum(axis=1, keepdims=True))


def wrong_row_softmax(x):
    x -= x.max(axis=1, keepdims=True)
    e = np.exp(x)
    p = e / e.sum(axis=1, keepdims=True)
    return p, lambda ct: p * (ct - (ct * p).sum(axis=1, keepdims=True))


def summed(x, axes=()):
    sizes = []
    for axis in axes:
        sizes.append(x.shape[axis])
        x = x.sum(axis=axis)
    return x, sizes


def right_summed(ct, sizes, axes=()):
    for axis, size in zip(reversed(axes), reversed(sizes), strict=True):
        ct = np.repeat(np.expand_dims(ct, axis), size, axis=axis)
    return ct


def wrong_summed(ct, sizes, axes=()):
    axes.reverse()
    for axis, size in zip(axes, reversed(sizes), strict=True):
        ct = np.repeat(np.expand_dims(ct, axis), size, axis=axis)
    return ct


def right_dropout(x, seed=0):
    keep = np.random.RandomState(seed).uniform(size=x.shape) < 0.5
    return x * keep * 2, lambda ct: ct * keep * 2


def wrong_dropout(x, seed=0):
    np.random.seed(seed)
    keep = np.random.uniform(size=x.shape) < 0.5
    return x * keep * 2, lambda ct: ct * keep * 2


# what is used up ----------------------------------------------------------------------------------------


def cross_entropy(z, labels):
    z = z - z.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(z)), labels]).sum(), (p, labels)


def right_cross_entropy(ct, cache):
    p, labels = cache
    dz = p.copy()
    dz[np.arange(len(p)), labels] -= 1
    return ct * dz


def wrong_cross_entropy(ct, cache):
    p, labels = cache
    p[np.arange(len(p)), labels] -= 1
    return ct * p


def right_two_layers(x, w, v):
    h = np.tanh(x @ w)
    stack = [(x, w), (h, v)]

    def pull(dy):
        dh, dv = dy @ stack[1][1].T, stack[1][0].T @ dy
        da = dh * (1 - h**2)
        return da @ stack[0][1].T, stack[0][0].T @ da, dv

    return h @ v, pull


def wrong_two_layers(x, w, v):
    h = np.tanh(x @ w)
    stack = [(x, w), (h, v)]

    def pull(dy):
        into, weights = stack.pop()
        dh, dv = dy @ weights.T, into.T @ dy
        da = dh * (1 - h**2)
        into, weights = stack.pop()
        return da @ weights.T, into.T @ da, dv

    return h @ v, pull


def right_scaled(x, g):
    def pull(ct):
        dg = np.zeros_like(g)
        for row, d in zip(x, ct, strict=True):
            dg += row * d
        return ct * g, dg

    return x * g, pull


def wrong_scaled(x, g):
    dg = np.zeros_like(g)

    def pull(ct):
        for row, d in zip(x, ct, strict=True):
            dg[...] += row * d
        return ct * g, dg

    return x * g, pull


class Linear:
    def __init__(self):
        self.w, self.dw = None, 0

    def forward(self, x):
        self.x = x
        return x @ self.w

    def backward(self, dy):
        self.dw = self.x.T @ dy
        return dy @ self.w.T


class LinearAccumulating(Linear):
    def backward(self, dy):
        self.dw = self.dw + self.x.T @ dy
        return dy @ self.w.T


# what is kept from other runs ---------------------------------------------------------------------------


def right_exponential(x):
    y = np.exp(-x * x)
    return y, lambda ct: -2 * x * y * ct


SAVED = {}


def wrong_exponential(x):
    SAVED["x"], SAVED["y"] = x, np.exp(-x * x)
    return SAVED["y"], lambda ct: -2 * SAVED["x"] * SAVED["y"] * ct


class Cubic:
    def forward(self, x):
        self.saved = [x]
        return x**3

    def backward(self, dy):
        return 3 * self.saved[-1] ** 2 * dy


class CubicOfTheClass:
    saved = ()

    def forward(self, x):
        type(self).saved += (x,)
        return x**3

    def backward(self, dy):
        return 3 * self.saved[-1] ** 2 * dy


def right_mean_square(x):
    squares = x * x
    return squares.mean(), lambda ct: 2 * ct * x / squares.size


BUFFERS = {}


def wrong_mean_square(x):
    buffer = BUFFERS.get(x.dtype)
    if buffer is None or len(buffer) < len(x):
        buffer = BUFFERS[x.dtype] = np.empty(len(x), x.dtype)
    buffer[: len(x)] = x * x
    return buffer[: len(x)].mean(), lambda ct: 2 * ct * x / len(buffer)


def right_gate(x):
    on = x > 0
    return x * on, lambda ct: ct * on


GATES = {}


def wrong_gate(x):
    on = x > 0
    GATES[x.shape] = on
    return x * on, lambda ct: ct * GATES[ct.shape]


def right_sine(x):
    return np.sin(x), lambda ct: ct * np.cos(x)


def wrong_sine(x, slopes={}):  # noqa: B006
    slopes.setdefault(x.shape, np.cos(x))
    return np.sin(x), lambda ct: ct * slopes[x.shape]


# randomness and running statistics ----------------------------------------------------------------------


def right_noisy(x):
    keep = np.random.uniform(size=x.shape) < 0.5
    return x * keep, lambda ct: ct * keep


def wrong_noisy(x):
    keep = np.random.uniform(size=x.shape) < 0.5
    return x * keep, lambda ct: ct * (np.random.uniform(size=ct.shape) < 0.5)


class Norm:
    def __init__(self, momentum=0.9):
        self.momentum, self.running_mean, self.running_var = momentum, 0.5, 2.0

    def forward(self, x):
        mean, var = x.mean(axis=0), x.var(axis=0)
        self.inv = 1 / np.sqrt(var + 0.125)
        self.xn = (x - mean) * self.inv
        self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
        self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        return self.xn

    def backward(self, dy):
        return self.inv * (dy - dy.mean(axis=0) - self.xn * (dy * self.xn).mean(axis=0))


class NormByRunningVariance(Norm):
    def backward(self, dy):
        inv = 1 / np.sqrt(self.running_var + 0.125)
        return inv * (dy - dy.mean(axis=0) - self.xn * (dy * self.xn).mean(axis=0))


class Centred:
    def __init__(self, momentum=0.5):
        self.momentum, self.center = momentum, 0.0

    def forward(self, x):
        y = x - self.center
        self.center = self.momentum * self.center + (1 - self.momentum) * x.mean(axis=0)
        return y * y

    def backward(self, dy):
        raise NotImplementedError


class CentredBefore(Centred):
    def forward(self, x):
        self.y = x - self.center
        return super().forward(x)

    def backward(self, dy):
        return 2 * self.y * dy


class CentredAfter(Centred):
    def forward(self, x):
        self.x = x
        return super().forward(x)

    def backward(self, dy):
        return 2 * (self.x - self.center) * dy


PLANTED = (
    planted_pair(
        "rectified",
        "(n)->(n)",
        (rectified, right_rectified),
        (rectified, wrong_rectified),
        "turns its input into a mask in place",
        PURE,
    ),
    planted_pair(
        "leaky",
        "(n)->(n)",
        (leaky, right_leaky),
        (leaky, wrong_leaky),
        "scales the cotangent it was given in place",
        PURE,
    ),
    planted_pullback(
        "row_softmax",
        "(n,3)->(n,3)",
        right_row_softmax,
        wrong_row_softmax,
        "subtracts the maximum from its input in place, in the forward",
        PURE,
    ),
    planted_pair(
        "summed",
        "(a,b,c)->",
        (summed, right_summed),
        (summed, wrong_summed),
        "reverses the list of axes that it was given as an option",
        PURE,
        options={"axes": Choice(([0, 0], [1, 0], [0, 1]))},
    ),
    planted_pullback(
        "dropout",
        "(n)->(n)",
        right_dropout,
        wrong_dropout,
        "seeds the global generator to draw its own mask",
        PURE,
        options={"seed": Choice((0, 1, 2))},
    ),
    planted_pair(
        "cross_entropy",
        "(n,3),(n)->()",
        (cross_entropy, right_cross_entropy),
        (cross_entropy, wrong_cross_entropy),
        "subtracts the labels from its cached probabilities in place",
        REPEATABLE,
        domain={"labels": Labels(3)},
    ),
    planted_pullback(
        "two_layers",
        "(n,d),(d,h),(h,k)->(n,k)",
        right_two_layers,
        wrong_two_layers,
        "pops its saved arrays, so that a second backward finds none",
        REPEATABLE,
    ),
    planted_pullback(
        "scaled",
        "(n,d),(d)->(n,d)",
        right_scaled,
        wrong_scaled,
        "allocates a gradient once in the forward, and adds to it in every backward",
        REPEATABLE,
    ),
    planted_object(
        "linear",
        "(n,i),(i,o)->(n,o)",
        Linear,
        LinearAccumulating,
        "accumulates the gradient of the weights where it is said to assign it",
        REPEATABLE,
        parameters={"w": ("w", "dw")},
    ),
    planted_pullback(
        "exponential",
        "(n)->(n)",
        right_exponential,
        wrong_exponential,
        "keeps its context in the module, where a later forward overwrites it",
        REPEATABLE,
    ),
    planted_object(
        "cubic",
        "(n)->(n)",
        Cubic,
        CubicOfTheClass,
        "keeps its stack of saved inputs in the class, so that all instances share it",
        REPEATABLE,
    ),
    planted_pullback(
        "mean_square",
        "(n)->()",
        right_mean_square,
        wrong_mean_square,
        "divides by the length of a buffer that keeps the largest size seen",
    ),
    planted_pullback(
        "gate",
        "(n)->(n)",
        right_gate,
        wrong_gate,
        "keeps its masks in the module by shape, where a forward of the same shape overwrites them",
        REPEATABLE,
    ),
    planted_pullback(
        "sine_by_shape",
        "(n)->(n)",
        right_sine,
        wrong_sine,
        "memoises the slopes by the shape of the input, in a default argument",
    ),
    planted_pullback(
        "noisy",
        "(n)->(n)",
        right_noisy,
        wrong_noisy,
        "draws another mask in the backward",
        random=True,
    ),
    planted_object(
        "norm",
        "(n,d)->(n,d)",
        Norm,
        NormByRunningVariance,
        "scales by the running variance in training, where the forward has used the batch's",
        state=("running_mean", "running_var"),
        options={"momentum": Real(0.0, 1.0)},
    ),
    planted_object(
        "centred_by_running_mean",
        "(n,d)->(n,d)",
        CentredBefore,
        CentredAfter,
        "subtracts the running mean that the forward has updated in the meantime",
        state=("center",),
        options={"momentum": Choice((0.5, 0.75))},
    ),
)
