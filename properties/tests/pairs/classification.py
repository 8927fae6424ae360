"""Losses of classifiers, and the softmax before them: cs231n's, SVM, one-hot, smoothed labels, log-softmax."""

from __future__ import annotations

import math

import numpy as np

from backproof.engine.domains import Labels, positive
from backproof.engine.options import Choice, Real

from ._making import planted_pair, planted_pullback

# cs231n ---------------------------------------------------------------------------------------


def softmax_loss(x, y):
    shifted_logits = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted_logits), axis=1, keepdims=True)
    log_probs = shifted_logits - np.log(Z)
    probs = np.exp(log_probs)
    N = x.shape[0]
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


def softmax_loss_wrong(x, y):
    loss, dx = softmax_loss(x, y)
    return loss, dx * x.shape[0]


def svm_loss(x, y):
    N = x.shape[0]
    correct_class_scores = x[np.arange(N), y]
    margins = np.maximum(0, x - correct_class_scores[:, np.newaxis] + 1.0)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N
    num_pos = np.sum(margins > 0, axis=1)
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[np.arange(N), y] -= num_pos
    dx /= N
    return loss, dx


def svm_loss_wrong(x, y):
    loss, _ = svm_loss(x, y)
    N = x.shape[0]
    margins = np.maximum(0, x - x[np.arange(N), y][:, np.newaxis] + 1.0)
    margins[np.arange(N), y] = 0
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


def with_upstream(loss_function):
    """The losses above know no upstream gradient: this is the chain rule's last link."""

    def wrapped(x, y):
        loss, dx = loss_function(x, y)
        return loss, lambda g: g * dx

    return wrapped


# one-hot rows of an identity matrix -----------------------------------------------------------


def onehot_ce(logits, labels):
    num_classes = logits.shape[-1]
    Y = np.eye(num_classes)[labels]
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    loss = -np.mean(np.sum(Y * np.log(p), axis=-1))
    return loss, (p, Y)


def onehot_ce_backward(upstream, cache):
    p, Y = cache
    return upstream * (p - Y) / Y.shape[0]


def onehot_ce_backward_wrong(upstream, cache):
    p, Y = cache
    return upstream * (p - Y) / Y.size


# label smoothing, one row at a time -----------------------------------------------------------


def log_softmax_row(row):
    top = max(row)
    return row - (top + math.log(sum(math.exp(v - top) for v in row)))


def smoothed_ce(logits, y, eps=0.1):
    n, k = logits.shape
    lp = np.stack([log_softmax_row(row) for row in logits])
    total = 0.0
    for i in range(n):
        total -= (1 - eps) * lp[i, y[i]] + eps / k * np.sum(lp[i])
    return total / n, (lp, y)


def smoothed_ce_backward(dl, saved, eps=0.1):
    lp, y = saved
    n, k = lp.shape
    d = np.exp(lp)
    d -= eps / k
    d[range(n), y] -= 1 - eps
    return dl * d / n


def smoothed_ce_backward_wrong(dl, saved, eps=0.1):
    lp, y = saved
    n = lp.shape[0]
    d = np.exp(lp)
    d[range(n), y] -= 1 - eps
    return dl * d / n


# softmax by its Jacobian, row after row ---------------------------------------------------------


def softmax_rows(z, temperature):
    p = np.stack([np.exp(row) / np.exp(row).sum() for row in z / temperature])
    return p, (p, z, temperature)


def softmax_rows_backward(dout, cache):
    p, z, temperature = cache
    dz = np.empty_like(z)
    for i in range(len(p)):
        jacobian = np.diag(p[i]) - np.outer(p[i], p[i])
        dz[i] = jacobian @ dout[i]
    return dz / temperature, -np.sum(dz * z) / temperature**2


def softmax_rows_backward_wrong(dout, cache):
    p, z, temperature = cache
    dz = np.empty_like(z)
    for i in range(len(p)):
        jacobian = np.diag(p[i]) - np.outer(p[i], p[i])
        dz[i] = jacobian @ dout[i]
    return dz / temperature, -np.sum(dz * z) / temperature


def log_softmax(x, axis=-1):
    m = np.max(x, axis=axis, keepdims=True)
    y = x - m - np.log(np.sum(np.exp(x - m), axis=axis, keepdims=True))
    return y, lambda g: g - np.exp(y) * g.sum(axis=axis, keepdims=True)


def log_softmax_wrong(x, axis=-1):
    m = np.max(x, axis=axis, keepdims=True)
    y = x - m - np.log(np.sum(np.exp(x - m), axis=axis, keepdims=True))
    return y, lambda g: g - np.exp(y) * g


LOGITS, LABELS = "(n,c),(n)->()", {"domain": {"y": Labels("c")}}

PAIRS = [
    planted_pullback(
        "cs_softmax_loss",
        LOGITS,
        with_upstream(softmax_loss),
        with_upstream(softmax_loss_wrong),
        "the gradient is not divided by the batch size",
        **LABELS,
    ),
    planted_pullback(
        "cs_svm_loss",
        LOGITS,
        with_upstream(svm_loss),
        with_upstream(svm_loss_wrong),
        "subtracts 1 from the correct class instead of the number of positive margins",
        **LABELS,
    ),
    planted_pair(
        "onehot_ce",
        LOGITS,
        onehot_ce,
        onehot_ce_backward,
        onehot_ce_backward_wrong,
        "divides by the number of entries instead of the number of rows",
        domain={"labels": Labels("c")},
    ),
    planted_pair(
        "smoothed_ce",
        LOGITS,
        smoothed_ce,
        smoothed_ce_backward,
        smoothed_ce_backward_wrong,
        "forgets the smoothed share of the other classes",
        options={"eps": Real(0.0, 1.0)},
        **LABELS,
    ),
    planted_pair(
        "softmax_rows",
        "(n,c),()->(n,c)",
        softmax_rows,
        softmax_rows_backward,
        softmax_rows_backward_wrong,
        "divides the temperature's gradient by it once instead of twice",
        domain={"temperature": positive},
    ),
    planted_pullback(
        "log_softmax",
        "(n,m)->(n,m)",
        log_softmax,
        log_softmax_wrong,
        "forgets the sum over the classes",
        options={"axis": Choice((-1, 0, 1))},
    ),
]
