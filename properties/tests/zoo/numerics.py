"""Numerics: formulas that are right on paper and lose digits, overflow, or compute in too narrow a type."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Interval, positive
from backproof.engine.options import Choice

from ._making import planted_pair, planted_pullback

ACCURATE, FINITE = "accurate_in_dtype", "finite_where_differentiable"

# narrow types -------------------------------------------------------------------------------------------


def dense(x, w):
    return x @ w, (x, w)


def right_dense(dy, cache):
    x, w = cache
    return dy @ w.T, x.T @ dy


def wrong_dense(dy, cache):
    x, w = cache
    narrow = dy.astype(np.float32)
    return (narrow @ w.T.astype(np.float32)).astype(x.dtype), (x.T.astype(np.float32) @ narrow).astype(w.dtype)


def right_arctangent(x):
    slope = 1 / (1 + x * x)
    return np.arctan(x), lambda ct: ct * slope


def wrong_arctangent(x):
    slope = (1 / (1 + x * x)).astype(np.float16)
    return np.arctan(x), lambda ct: ct * slope


def tenth(x):
    return 0.1 * np.sin(x), x


def right_tenth(ct, x):
    return 0.1 * np.cos(x) * ct


def wrong_tenth(ct, x):
    return np.cos(x) * ct * np.float32(0.1).astype(x.dtype)


# overflow -----------------------------------------------------------------------------------------------


def sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e), x


def right_sigmoid(dout, x):
    e = np.exp(-np.abs(x))
    return dout * e / (1 + e) ** 2


def wrong_sigmoid(dout, x):
    e = np.exp(-x)
    return dout * e / (1 + e) ** 2


def right_log_sum_exp(x):
    top = x.max(axis=1, keepdims=True)
    e = np.exp(x - top)
    total = e.sum(axis=1, keepdims=True)
    return (top + np.log(total))[:, 0], lambda ct: ct[:, None] * e / total


def wrong_log_sum_exp(x):
    top = x.max(axis=1, keepdims=True)
    total = np.exp(x - top).sum(axis=1, keepdims=True)

    def pull(ct):
        e = np.exp(x)
        return ct[:, None] * e / e.sum(axis=1, keepdims=True)

    return (top + np.log(total))[:, 0], pull


def logistic_loss(z, t):
    return np.sum(np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))), (z, t)


def right_logistic_loss(ct, cache):
    z, t = cache
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return ct * (p - t)


def wrong_logistic_loss(ct, cache):
    z, t = cache
    p = 0.5 * (1 + np.tanh(0.5 * z))
    dp = ct * (p - t) / (p * (1 - p))
    return dp * p * (1 - p)


# cancellation -------------------------------------------------------------------------------------------


def deviation(x):
    xc = x - x.mean()
    return np.sqrt((xc**2).mean() + 1), x


def right_deviation(ct, x):
    xc = x - x.mean()
    return ct * xc / x.size / np.sqrt((xc**2).mean() + 1)


def wrong_deviation(ct, x):
    var = (x**2).mean() - x.mean() ** 2
    return ct * (x - x.mean()) / x.size / np.sqrt(var + 1)


def whitened(x):
    xc = x - x.mean(axis=0)
    return xc / np.sqrt((xc**2).mean(axis=0) + 1e-5), x


def right_whitened(dy, x):
    xc = x - x.mean(axis=0)
    inv = 1 / np.sqrt((xc**2).mean(axis=0) + 1e-5)
    return inv * (dy - dy.mean(axis=0) - xc * inv**2 * (dy * xc).mean(axis=0))


def wrong_whitened(dy, x):
    xc = x - x.mean(axis=0)
    inv = 1 / np.sqrt((x**2).mean(axis=0) - x.mean(axis=0) ** 2 + 1e-5)
    return inv * (dy - dy.mean(axis=0) - xc * inv**2 * (dy * xc).mean(axis=0))


def right_log_one_minus(x):
    return np.log(-np.expm1(-x)), lambda ct: ct / np.expm1(x)


def wrong_log_one_minus(x):
    return np.log(-np.expm1(-x)), lambda ct: ct * np.exp(-x) / (1 - np.exp(-x))


def right_expm1(x):
    return np.expm1(x), lambda ct: ct * np.exp(x)


def wrong_expm1(x):
    y = np.expm1(x)
    return y, lambda ct: ct * (y + 1)


def right_kernel(x, y):
    d = x - y
    k = np.exp(-np.sum(d**2) / 2)
    return k, lambda ct: (-ct * k * d, ct * k * d)


def wrong_kernel(x, y):
    d = x - y

    def pull(ct):
        k = np.exp(-(np.sum(x**2) - 2 * np.sum(x * y) + np.sum(y**2)) / 2)
        return -ct * k * d, ct * k * d

    return np.exp(-np.sum(d**2) / 2), pull


# eps ----------------------------------------------------------------------------------------------------


def column_norm(x, eps=1e-2):
    xc = x - x.mean(axis=0)
    inv = 1 / np.sqrt((xc**2).mean(axis=0) + eps)
    return xc * inv, xc


def right_column_norm(dy, xc, eps=1e-2):
    inv = 1 / np.sqrt((xc**2).mean(axis=0) + eps)
    return inv * (dy - dy.mean(axis=0) - xc * inv**2 * (dy * xc).mean(axis=0))


def wrong_column_norm(dy, xc, eps=1e-2):
    inv = 1 / (np.sqrt((xc**2).mean(axis=0)) + eps)
    return inv * (dy - dy.mean(axis=0) - xc * inv**2 * (dy * xc).mean(axis=0))


def right_log_shifted(x, eps=1e-3):
    return np.log(x + eps), lambda ct: ct / (x + eps)


def wrong_log_shifted(x, eps=1e-3):
    return np.log(x + eps), lambda ct: ct / x + eps


PLANTED = (
    planted_pair(
        "dense", "(n,i),(i,o)->(n,o)", (dense, right_dense), (dense, wrong_dense), "multiplies in float32", ACCURATE
    ),
    planted_pullback(
        "arctangent",
        "(...)->(...)",
        right_arctangent,
        wrong_arctangent,
        "keeps the slope in float16, to save memory",
        ACCURATE,
    ),
    planted_pair(
        "tenth",
        "(...)->(...)",
        (tenth, right_tenth),
        (tenth, wrong_tenth),
        "has the constant in float32, which is another number",
        ACCURATE,
    ),
    planted_pair(
        "sigmoid",
        "(...)->(...)",
        (sigmoid, right_sigmoid),
        (sigmoid, wrong_sigmoid),
        "computes infinity over infinity far on the negative side",
        FINITE,
    ),
    planted_pullback(
        "log_sum_exp",
        "(n,3)->(n)",
        right_log_sum_exp,
        wrong_log_sum_exp,
        "subtracts the maximum in the forward but not in the backward",
        FINITE,
    ),
    planted_pair(
        "logistic_loss",
        "(n),(n)->()",
        (logistic_loss, right_logistic_loss),
        (logistic_loss, wrong_logistic_loss),
        "divides by p (1 - p), which is zero where the sigmoid saturates, before multiplying with it",
        FINITE,
        domain={"t": Interval(0.0, 1.0)},
        constants=("t",),
    ),
    planted_pair(
        "whitened",
        "(n,d)->(n,d)",
        (whitened, right_whitened),
        (whitened, wrong_whitened),
        "computes each variance as a difference of squares, of which nothing is left where the mean is large",
        ACCURATE,
    ),
    planted_pullback(
        "log_one_minus",
        "(n)->(n)",
        right_log_one_minus,
        wrong_log_one_minus,
        "computes 1 - exp(-x), which cancels for small x",
        ACCURATE,
        domain={"x": positive},
        accuracy="relative",
    ),
    planted_pullback(
        "expm1",
        "(n)->(n)",
        right_expm1,
        wrong_expm1,
        "takes expm1(x) + 1 for exp(x), of which nothing is left for very negative x",
        ACCURATE,
        accuracy="relative",
    ),
    planted_pair(
        "column_norm",
        "(n,d)->(n,d)",
        (column_norm, right_column_norm),
        (column_norm, wrong_column_norm),
        "adds eps to the root instead of below it",
        options={"eps": Choice((1e-2, 0.5))},
    ),
    planted_pullback(
        "log_shifted",
        "(...)->(...)",
        right_log_shifted,
        wrong_log_shifted,
        "misses the parentheses around x + eps",
        domain={"x": positive},
        options={"eps": Choice((1e-3, 0.5))},
    ),
    planted_pullback(
        "kernel",
        "(d),(d)->()",
        right_kernel,
        wrong_kernel,
        "expands the square of a difference of two large vectors",
        ACCURATE,
    ),
)

# Formulae that lose digits, though fewer than half of them: that is no mistake, and is reported.
REPORTED = (
    planted_pair(
        "deviation",
        "(n)->()",
        (deviation, right_deviation),
        (deviation, wrong_deviation),
        "computes the variance as a difference of squares, which cancels where the mean is large",
        ACCURATE,
    ),
)
