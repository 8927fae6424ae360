"""Losses of regression and of densities: squared, huber, smooth L1, KL, Gaussian likelihood."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import positive
from backproof.engine.options import Real

from ._making import planted_pair, planted_pullback

# regression -----------------------------------------------------------------------------------


def mse(pred, target):
    diff = pred - target
    n = np.prod(pred.shape)
    return float(np.sum(diff**2)) / n, diff


def mse_backward(dout, diff):
    n = np.prod(diff.shape)
    return 2 * diff * dout / n, -2 * diff * dout / n


def mse_backward_wrong(dout, diff):
    n = np.prod(diff.shape)
    return 2 * diff * dout / n, 2 * diff * dout / n


def huber(pred, target, delta=1.0):
    r = pred - target
    small = np.abs(r) <= delta
    values = np.where(small, 0.5 * r**2, delta * (np.abs(r) - 0.5 * delta))

    def back(g):
        d = g * np.where(small, r, delta * np.sign(r))
        return d, -d

    return values.sum(), back


def huber_wrong(pred, target, delta=1.0):
    r = pred - target
    small = np.abs(r) <= delta
    values = np.where(small, 0.5 * r**2, delta * (np.abs(r) - 0.5 * delta))

    def back(g):
        d = g * np.where(small, r, delta)
        return d, -d

    return values.sum(), back


def smooth_l1_forward(x, beta=1.0):
    """Of a residual, averaged over rows."""
    a = np.abs(x)
    out = np.zeros(x.shape[0])
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i] += 0.5 * a[i, j] ** 2 / beta if a[i, j] < beta else a[i, j] - 0.5 * beta
    return out, (x, a < beta, beta)


def smooth_l1_backward(dout, cache):
    x, inside, beta = cache
    dx = np.sign(x)
    dx[inside] = x[inside] / beta
    return dout[:, None] * dx


def smooth_l1_backward_wrong(dout, cache):
    x, inside, _ = cache
    dx = np.sign(x)
    dx[inside] = x[inside]
    return dout[:, None] * dx


# densities ------------------------------------------------------------------------------------


def kl(p, q):
    return np.sum(p * (np.log(p) - np.log(q)), axis=-1), {"p": p, "q": q}


def kl_backward(dout, cache):
    p, q = cache["p"], cache["q"]
    dout = dout[..., np.newaxis]
    return {"p": dout * (np.log(p / q) + 1), "q": -dout * p / q}


def kl_backward_wrong(dout, cache):
    p, q = cache["p"], cache["q"]
    dout = dout[..., np.newaxis]
    return {"p": dout * np.log(p / q), "q": -dout * p / q}


LOG_2PI = np.log(2 * np.pi)


def gaussian_nll(mu, log_var, x):
    inv_var = np.exp(-log_var)
    nll = 0.5 * (LOG_2PI + log_var + (x - mu) ** 2 * inv_var)

    def pull(ct):
        dmu = -ct * (x - mu) * inv_var
        dlog_var = ct * 0.5 * (1 - (x - mu) ** 2 * inv_var)
        return [dmu, dlog_var, -dmu]

    return nll.sum(), pull


def gaussian_nll_wrong(mu, log_var, x):
    inv_var = np.exp(-log_var)
    nll = 0.5 * (LOG_2PI + log_var + (x - mu) ** 2 * inv_var)

    def pull(ct):
        dmu = -ct * (x - mu) * inv_var
        dlog_var = ct * 0.5 * (1 - (x - mu) ** 2) * inv_var
        return [dmu, dlog_var, -dmu]

    return nll.sum(), pull


TWO, ROWS = "(n,d),(n,d)->()", "(n,d),(n,d)->(n)"

PAIRS = [
    planted_pair("mse", TWO, mse, mse_backward, mse_backward_wrong, "the target's gradient has the prediction's sign"),
    planted_pullback("huber", TWO, huber, huber_wrong, "no sign outside delta", options={"delta": Real(0.0, 2.0)}),
    planted_pair(
        "smooth_l1",
        "(n,d)->(n)",
        smooth_l1_forward,
        smooth_l1_backward,
        smooth_l1_backward_wrong,
        "forgets to divide by beta inside",
        options={"beta": Real(0.0, 2.0)},
    ),
    planted_pair(
        "kl", ROWS, kl, kl_backward, kl_backward_wrong, "forgets the + 1", domain={"p": positive, "q": positive}
    ),
    planted_pullback(
        "gaussian_nll", "(n),(n),(n)->()", gaussian_nll, gaussian_nll_wrong, "a parenthesis too late in d log_var"
    ),
]
