"""Options: a backward that does not look at one, or knows only its default."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Labels, Mask, Nonzero
from backproof.engine.options import Axes, Choice, Real, flag

from ._making import planted_object, planted_pair, planted_pullback


def right_total(x, axis=None, keepdims=False):
    def pull(ct):
        return np.zeros_like(x) + (ct if keepdims else np.expand_dims(ct, across(x, axis)))

    return x.sum(axis=axis, keepdims=keepdims), pull


def across(x, axis):
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return tuple(each % x.ndim for each in axes)


def wrong_total(x, axis=None, keepdims=False):
    def pull(ct):
        return np.zeros_like(x) + np.expand_dims(ct, across(x, axis))

    return x.sum(axis=axis, keepdims=keepdims), pull


def softmax_along(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    p = e / e.sum(axis=axis, keepdims=True)
    return p, p


def right_softmax_along(dp, p, axis=-1):
    return p * (dp - (dp * p).sum(axis=axis, keepdims=True))


def wrong_softmax_along(dp, p, axis=-1):
    return p * (dp - (dp * p).sum(axis=-1, keepdims=True))


def scaled_rows(x, eps=1e-3):
    inv = 1 / np.sqrt((x * x).mean(axis=1, keepdims=True) + eps)
    return x * inv, x


def right_scaled_rows(dy, x, eps=1e-3):
    inv = 1 / np.sqrt((x * x).mean(axis=1, keepdims=True) + eps)
    return inv * dy - x * inv**3 * (dy * x).mean(axis=1, keepdims=True)


def wrong_scaled_rows(dy, x, eps=1e-3):
    inv = 1 / np.sqrt((x * x).mean(axis=1, keepdims=True) + 1e-3)
    return inv * dy - x * inv**3 * (dy * x).mean(axis=1, keepdims=True)


def squared_error(x, t, reduction="mean"):
    losses = (x - t) ** 2
    return losses if reduction == "none" else losses.sum() if reduction == "sum" else losses.mean()


def right_squared_error(ct, x, t, reduction="mean"):
    d = 2 * (x - t) * ct
    d = d / x.size if reduction == "mean" else d
    return d, -d


def wrong_squared_error(ct, x, t, reduction="mean"):
    d = 2 * (x - t) * ct
    d = d / x.size if reduction != "none" else d
    return d, -d


def right_padded(x, mode="constant"):
    def pull(ct):
        dx = ct[1:-1].copy()
        if mode == "edge":
            dx[0] += ct[0]
            dx[-1] += ct[-1]
        elif mode == "wrap":
            dx[-1] += ct[0]
            dx[0] += ct[-1]
        return dx

    return np.pad(x, 1, mode=mode), pull


def wrong_padded(x, mode="constant"):
    return np.pad(x, 1, mode=mode), lambda ct: ct[1:-1].copy()


class LeakyRelu:
    def __init__(self, slope=0.01):
        self.slope = slope

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, dy):
        return np.where(self.x > 0, dy, self.slope * dy)


class LeakyReluOfOneSlope(LeakyRelu):
    def backward(self, dy):
        return np.where(self.x > 0, dy, 0.01 * dy)


def elu(x, alpha=1.0):
    y = np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))
    return y, (x, y)


def right_elu(dout, cache, alpha=1.0):
    x, y = cache
    return dout * np.where(x > 0, 1, y + alpha)


def wrong_elu(dout, cache, alpha=1.0):
    x, y = cache
    return dout * np.where(x > 0, 1, y + 1)


def right_distilled(z, temperature=1.0):
    e = np.exp((z - z.max()) / temperature)
    p = e / e.sum()
    return p, lambda ct: p * (ct - ct @ p) / temperature


def wrong_distilled(z, temperature=1.0):
    e = np.exp((z - z.max()) / temperature)
    p = e / e.sum()
    return p, lambda ct: p * (ct - ct @ p)


class Dropout:
    def __init__(self, keep=0.5, training=True):
        self.keep, self.training = keep, training

    def forward(self, x, m):
        self.m = m
        return x * m / self.keep if self.training else x.copy()

    def backward(self, dy):
        return dy * self.m / self.keep if self.training else dy.copy()


class DropoutAlwaysTraining(Dropout):
    def backward(self, dy):
        return dy * self.m / self.keep


def product(a, b, transpose=False):
    return a @ b.T if transpose else a @ b, (a, b)


def right_product(ct, cache, transpose=False):
    a, b = cache
    return (ct @ b, ct.T @ a) if transpose else (ct @ b.T, a.T @ ct)


def wrong_product(ct, cache, transpose=False):
    a, b = cache
    return (ct @ b, a.T @ ct) if transpose else (ct @ b.T, a.T @ ct)


def right_power_mean(x, p=2):
    m = (x**p).mean()
    return m, lambda ct: ct * p * x ** (p - 1) / x.size


def wrong_power_mean(x, p=2):
    m = (x**p).mean()
    return m, lambda ct: ct * 2 * x / x.size


def variance(x, ddof=0):
    xc = x - x.mean(axis=0)
    return (xc * xc).sum(axis=0) / (len(x) - ddof), xc


def right_variance(ct, xc, ddof=0):
    return 2 * ct * xc / (len(xc) - ddof)


def wrong_variance(ct, xc, ddof=0):
    return 2 * ct * xc / len(xc)


def reciprocal(x, safe=True):
    return x / (1 + x * x) if safe else 1 / x, x


def right_reciprocal(ct, x, safe=True):
    return ct * (1 - x * x) / (1 + x * x) ** 2 if safe else -ct / x**2


def wrong_reciprocal(ct, x, safe=True):
    return ct * (1 - x * x) / (1 + x * x) ** 2


def right_cumulated(x, axis=0):
    return np.cumsum(x, axis=axis), lambda ct: np.flip(np.cumsum(np.flip(ct, axis), axis=axis), axis)


def wrong_cumulated(x, axis=0):
    back = (slice(None),) * axis + (slice(None, None, -1),)
    return np.cumsum(x, axis=axis), lambda ct: np.cumsum(ct[back], axis=axis)[back]


def nll(logp, labels, ignored=-1):
    kept = labels != ignored
    count = max(kept.sum(), 1)
    return -np.where(kept, logp[np.arange(len(labels)), labels], 0).sum() / count, (logp, labels, kept, count)


def right_nll(ct, cache):
    logp, labels, kept, count = cache
    d = np.zeros_like(logp)
    d[np.arange(len(labels)), labels] = np.where(kept, -ct / count, 0)
    return d


def wrong_nll(ct, cache):
    logp, labels, kept, _ = cache
    d = np.zeros_like(logp)
    d[np.arange(len(labels)), labels] = np.where(kept, -ct / len(labels), 0)
    return d


PLANTED = (
    planted_pullback(
        "total",
        "(a,b,c)->",
        right_total,
        wrong_total,
        "expands the summed axes although keepdims has kept them",
        "shapes_and_dtypes",
        options={"axis": Axes(), "keepdims": flag},
    ),
    planted_pair(
        "softmax_along",
        "(a,b)->(a,b)",
        (softmax_along, right_softmax_along),
        (softmax_along, wrong_softmax_along),
        "sums over the last axis whatever axis is asked for",
        options={"axis": Choice((-1, 0, 1, -2))},
    ),
    planted_pair(
        "scaled_rows",
        "(n,d)->(n,d)",
        (scaled_rows, right_scaled_rows),
        (scaled_rows, wrong_scaled_rows),
        "hard-codes the default of eps",
        options={"eps": Choice((1e-3, 1e-2, 1.0))},
    ),
    planted_pair(
        "squared_error",
        "(n),(n)->",
        (squared_error, right_squared_error),
        (squared_error, wrong_squared_error),
        'divides by the size for the reduction "sum" too',
        options={"reduction": Choice(("mean", "sum", "none"))},
    ),
    planted_pullback(
        "padded",
        "(n)->",
        right_padded,
        wrong_padded,
        "treats every mode of padding as constant",
        options={"mode": Choice(("constant", "edge", "wrap"))},
    ),
    planted_object(
        "leaky_relu",
        "(...)->(...)",
        LeakyRelu,
        LeakyReluOfOneSlope,
        "hard-codes the slope",
        options={"slope": Choice((0.01, 0.25, 0.5))},
    ),
    planted_pair(
        "elu",
        "(...)->(...)",
        (elu, right_elu),
        (elu, wrong_elu),
        "adds 1 to the output where it is alpha",
        options={"alpha": Choice((1.0, 0.5, 2.0))},
    ),
    planted_pullback(
        "distilled",
        "(n)->(n)",
        right_distilled,
        wrong_distilled,
        "forgets to divide by the temperature",
        options={"temperature": Choice((1.0, 2.0, 0.5))},
    ),
    planted_object(
        "dropout_object",
        "(n,d),(n,d)->(n,d)",
        Dropout,
        DropoutAlwaysTraining,
        "applies the mask in evaluation too",
        domain={"m": Mask()},
        options={"keep": Real(0.0, 1.0), "training": Choice((True, False))},
    ),
    planted_pair(
        "product",
        "(d,d),(d,d)->(d,d)",
        (product, right_product),
        (product, wrong_product),
        "transposes for one of the two factors only",
        options={"transpose": flag},
    ),
    planted_pullback(
        "power_mean",
        "(n)->()",
        right_power_mean,
        wrong_power_mean,
        "knows the exponent 2 only",
        options={"p": Choice((2, 3, 4))},
    ),
    planted_pair(
        "variance",
        "(4,d)->(d)",
        (variance, right_variance),
        (variance, wrong_variance),
        "ignores ddof",
        options={"ddof": Choice((0, 1))},
    ),
    planted_pullback(
        "cumulated",
        "(a,b)->(a,b)",
        right_cumulated,
        wrong_cumulated,
        "builds an index from the axis that takes every negative axis for the first",
        options={"axis": Choice((0, 1, -1, -2))},
    ),
    planted_pair(
        "nll_with_ignored",
        "(n,3),(n)->()",
        (nll, right_nll),
        (nll, wrong_nll),
        "divides by all labels where the forward counts those that are not ignored",
        domain={"labels": Labels(3)},
        options={"ignored": Choice((-1, 0, 2))},
    ),
    planted_pair(
        "reciprocal",
        "(...)->(...)",
        (reciprocal, right_reciprocal),
        (reciprocal, wrong_reciprocal),
        "has one formula for both branches of a flag",
        domain={"x": Nonzero()},
        options={"safe": Choice((True, False))},
    ),
)
