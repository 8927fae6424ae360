"""Formulas: a sign, a factor, a term that is dropped, the derivative of another function."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Invertible, Nonzero, positive
from backproof.engine.options import Choice, Real

from ._making import planted_object, planted_pair, planted_pullback

# elementwise --------------------------------------------------------------------------------------------


def squash(x):
    return np.tanh(x), (x, np.tanh(x))


def right_squash(dy, cache):
    _, y = cache
    return dy * (1 - y * y)


def wrong_squash(dy, cache):
    x, _ = cache
    return dy * (1 - x * x)


def right_logistic(x):
    y = 0.5 * (1 + np.tanh(0.5 * x))
    return y, lambda ct: ct * y * (1 - y)


def wrong_logistic(x):
    y = 0.5 * (1 + np.tanh(0.5 * x))
    return y, lambda ct: ct * y * (1 + y)


def mish(x):
    t = np.tanh(np.logaddexp(0, x))
    return x * t, (x, t)


def right_mish(dout, cache):
    x, t = cache
    sigmoid = 0.5 * (1 + np.tanh(x / 2))
    return dout * (t + x * (1 - t**2) * sigmoid)


def wrong_mish(dout, cache):
    x, t = cache
    return dout * (t + x * (1 - t**2))


def tanh_gelu(x):
    u = np.tanh(0.8 * (x + 0.044715 * x**3))
    return 0.5 * x * (1 + u), (x, u)


def right_tanh_gelu(dout, cache):
    x, u = cache
    return dout * (0.5 * (1 + u) + 0.5 * x * (1 - u**2) * 0.8 * (1 + 3 * (0.044715 * x**2)))


def wrong_tanh_gelu(dout, cache):
    x, u = cache
    return dout * (0.5 * (1 + u) + 0.5 * x * (1 - u**2) * 0.8 * (1 + 0.044715 * x**2))


def ratio(a, b):
    return a / b


def right_ratio(ct, a, b):
    return ct / b, -ct * a / b**2


def wrong_ratio(ct, a, b):
    return ct / b, -ct * a / b


def right_from_polar(r, t):
    y = np.stack([r * np.cos(t), r * np.sin(t)])

    def pull(ct):
        dx, dy = ct
        return dx * np.cos(t) + dy * np.sin(t), r * (dy * np.cos(t) - dx * np.sin(t))

    return y, pull


def wrong_from_polar(r, t):
    y = np.stack([r * np.cos(t), r * np.sin(t)])

    def pull(ct):
        dx, dy = ct
        return dx * np.cos(t) + dy * np.sin(t), r * (dy * np.cos(t) + dx * np.sin(t))

    return y, pull


def bell(x, sigma):
    return np.exp(-(x**2) / (2 * sigma**2)), (x, sigma)


def right_bell(ct, cache):
    x, sigma = cache
    y = np.exp(-(x**2) / (2 * sigma**2))
    return -ct * y * x / sigma**2, np.sum(ct * y * x**2) / sigma**3


def wrong_bell(ct, cache):
    x, sigma = cache
    y = np.exp(-(x**2) / (2 * sigma**2))
    return -ct * y * x / sigma**2, np.sum(ct * y * x**2) / sigma**2


# rows ---------------------------------------------------------------------------------------------------


def standardised(x, eps=1e-2):
    xc = x - x.mean(axis=1, keepdims=True)
    inv = 1 / np.sqrt((xc**2).mean(axis=1, keepdims=True) + eps)
    return xc * inv, (xc * inv, inv)


def right_standardised(dy, cache):
    y, inv = cache
    return inv * (dy - dy.mean(axis=1, keepdims=True) - y * (dy * y).mean(axis=1, keepdims=True))


def wrong_standardised(dy, cache):
    y, inv = cache
    return inv * (dy - y * (dy * y).mean(axis=1, keepdims=True))


def right_cosine(a, b):
    na, nb = np.sqrt(a @ a + 1), np.sqrt(b @ b + 1)
    c = (a @ b) / (na * nb)
    return c, lambda ct: (ct * (b / (na * nb) - c * a / na**2), ct * (a / (na * nb) - c * b / nb**2))


def wrong_cosine(a, b):
    na, nb = np.sqrt(a @ a + 1), np.sqrt(b @ b + 1)
    c = (a @ b) / (na * nb)
    return c, lambda ct: (ct * (b / (na * nb) - c * a / na**2), ct * a / (na * nb))


class Softmax:
    def forward(self, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.p = e / e.sum(axis=-1, keepdims=True)
        return self.p

    def backward(self, dp):
        return self.p * (dp - np.sum(dp * self.p, axis=-1, keepdims=True))


class SoftmaxDiagonal(Softmax):
    def backward(self, dp):
        return dp * self.p * (1 - self.p)


def right_soft_maximum(x, temperature=1.0):
    top = x.max()
    e = np.exp((x - top) / temperature)
    return top + temperature * np.log(e.sum()), lambda ct: ct * e / e.sum()


def wrong_soft_maximum(x, temperature=1.0):
    top = x.max()
    e = np.exp((x - top) / temperature)
    return top + temperature * np.log(e.sum()), lambda ct: ct * e / e.sum() / temperature


def divergence(mu, logvar):
    return 0.5 * np.sum(np.exp(logvar) + mu**2 - 1 - logvar), (mu, logvar)


def right_divergence(ct, cache):
    mu, logvar = cache
    return ct * mu, ct * 0.5 * (np.exp(logvar) - 1)


def wrong_divergence(ct, cache):
    mu, logvar = cache
    return ct * mu, ct * (0.5 * np.exp(logvar) - 1)


def ridge(w, strength=0.5):
    return 0.5 * strength * np.sum(w * w), w


def right_ridge(ct, w, strength=0.5):
    return ct * strength * w


def wrong_ridge(ct, w, strength=0.5):
    return ct * 2 * strength * w


# matrices -----------------------------------------------------------------------------------------------


def quadratic(x, a):
    return x @ a @ x, (x, a)


def right_quadratic(ct, cache):
    x, a = cache
    return ct * (a @ x + a.T @ x), ct * np.outer(x, x)


def wrong_quadratic(ct, cache):
    x, a = cache
    return ct * 2 * (a @ x), ct * np.outer(x, x)


def right_log_volume(a):
    return np.linalg.slogdet(a)[1], lambda ct: ct * np.linalg.inv(a).T


def wrong_log_volume(a):
    return np.linalg.slogdet(a)[1], lambda ct: ct * np.linalg.inv(a)


def inverse(a):
    y = np.linalg.inv(a)
    return y, y


def right_inverse(ct, y):
    return -y.T @ ct @ y.T


def wrong_inverse(ct, y):
    return y.T @ ct @ y.T


def solution(a, b):
    x = np.linalg.solve(a, b)
    return x, (a, x)


def right_solution(ct, cache):
    a, x = cache
    db = np.linalg.solve(a.T, ct)
    return -db @ x.T, db


def wrong_solution(ct, cache):
    a, x = cache
    db = np.linalg.solve(a, ct)
    return -db @ x.T, db


def right_cross(a, b):
    return np.cross(a, b), lambda ct: (np.cross(b, ct), np.cross(ct, a))


def wrong_cross(a, b):
    return np.cross(a, b), lambda ct: (np.cross(ct, b), np.cross(ct, a))


PLANTED = (
    planted_pair(
        "squash",
        "(...)->(...)",
        (squash, right_squash),
        (squash, wrong_squash),
        "squares the input of tanh instead of its output",
    ),
    planted_pullback("logistic", "(...)->(...)", right_logistic, wrong_logistic, "has the wrong sign in y (1 - y)"),
    planted_pair(
        "mish", "(...)->(...)", (mish, right_mish), (mish, wrong_mish), "drops the inner derivative, of softplus"
    ),
    planted_pair(
        "tanh_gelu",
        "(...)->(...)",
        (tanh_gelu, right_tanh_gelu),
        (tanh_gelu, wrong_tanh_gelu),
        "drops the factor 3 of the small cubic term",
    ),
    planted_pair(
        "ratio",
        "(n),(n)->(n)",
        (ratio, right_ratio),
        (ratio, wrong_ratio),
        "forgets the square in the quotient rule",
        domain={"b": Nonzero()},
    ),
    planted_pullback(
        "from_polar",
        "(n),(n)->(2,n)",
        right_from_polar,
        wrong_from_polar,
        "has the derivative of the cosine as plus sine",
    ),
    planted_pair(
        "bell",
        "(n),()->(n)",
        (bell, right_bell),
        (bell, wrong_bell),
        "has sigma squared where the derivative for sigma has its cube",
        domain={"sigma": positive},
    ),
    planted_pair(
        "standardised",
        "(n,d)->(n,d)",
        (standardised, right_standardised),
        (standardised, wrong_standardised),
        "drops the term that comes through the mean",
        options={"eps": Choice((1e-2, 1.0))},
    ),
    planted_pullback(
        "cosine", "(d),(d)->()", right_cosine, wrong_cosine, "drops the term through the norm, for the second vector"
    ),
    planted_object(
        "softmax_object",
        "(...,c)->(...,c)",
        Softmax,
        SoftmaxDiagonal,
        "takes the diagonal of the Jacobian for all of it",
    ),
    planted_pullback(
        "soft_maximum",
        "(n)->()",
        right_soft_maximum,
        wrong_soft_maximum,
        "divides by the temperature once more, which the outer factor has cancelled",
        options={"temperature": Choice((1.0, 0.5, 2.0))},
    ),
    planted_pair(
        "divergence",
        "(d),(d)->()",
        (divergence, right_divergence),
        (divergence, wrong_divergence),
        "multiplies only one of two terms with the factor in front of the bracket",
    ),
    planted_pair(
        "ridge",
        "(...)->()",
        (ridge, right_ridge),
        (ridge, wrong_ridge),
        "has a factor 2 that the one half in the forward cancels",
        options={"strength": Real(0.0, 1.0)},
    ),
    planted_pair(
        "quadratic",
        "(d),(d,d)->()",
        (quadratic, right_quadratic),
        (quadratic, wrong_quadratic),
        "takes the matrix for a symmetric one",
    ),
    planted_pullback(
        "log_volume",
        "(d,d)->()",
        right_log_volume,
        wrong_log_volume,
        "forgets to transpose the inverse",
        domain={"a": Invertible()},
    ),
    planted_pair(
        "inverse",
        "(d,d)->(d,d)",
        (inverse, right_inverse),
        (inverse, wrong_inverse),
        "forgets the minus sign",
        domain={"a": Invertible()},
    ),
    planted_pair(
        "solution",
        "(d,d),(d,k)->(d,k)",
        (solution, right_solution),
        (solution, wrong_solution),
        "solves with the matrix instead of its transpose",
        domain={"a": Invertible()},
    ),
    planted_pullback(
        "cross",
        "(n,3),(n,3)->(n,3)",
        right_cross,
        wrong_cross,
        "has the factors of one cross product in the wrong order",
    ),
)
