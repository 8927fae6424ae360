"""Fully connected layers: cs231n caches, nested loops, closures, a switch for the transposed weight."""

from __future__ import annotations

import numpy as np

from backproof.engine.options import Choice

from ._making import planted_pair, planted_pullback

# --- the cs231n way -----------------------------------------------------------------------------------------------


def affine_forward(x, w, b):
    """x of shape (N, d_1, ..., d_k), w of shape (D, M), b of shape (M,)"""
    out = x.reshape(x.shape[0], -1).dot(w) + b
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    x, w, _ = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


def affine_backward_averaging(dout, cache):
    x, w, _ = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = np.mean(dout, axis=0)
    return dx, dw, db


def relu_forward(x):
    return np.maximum(0, x), x


def relu_backward(dout, cache):
    dx, x = dout.copy(), cache
    dx[x <= 0] = 0
    return dx


def relu_backward_by_gradient(dout, cache):
    dx = dout.copy()
    dx[dout <= 0] = 0
    return dx


def affine_relu_forward(x, w, b):
    a, fc_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    return out, (fc_cache, relu_cache)


def affine_relu_backward(dout, cache):
    fc_cache, relu_cache = cache
    da = relu_backward(dout, relu_cache)
    return affine_backward(da, fc_cache)


def affine_relu_backward_wrong(dout, cache):
    fc_cache, relu_cache = cache
    da = relu_backward_by_gradient(dout, relu_cache)
    return affine_backward(da, fc_cache)


# --- loops, before anybody has heard of matmul --------------------------------------------------------------------


def fc_loop_forward(x, w):
    N, M = x.shape[0], w.shape[1]
    out = np.zeros((N, M))
    for n in range(N):
        for m in range(M):
            total = 0.0
            for k in range(x.shape[1]):
                total += x[n, k] * w[k, m]
            out[n, m] = total
    return out, {"x": x, "w": w}


def fc_loop_backward(dout, cache):
    x, w = cache["x"], cache["w"]
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for n in range(dout.shape[0]):
        for m in range(dout.shape[1]):
            for k in range(x.shape[1]):
                dx[n, k] += dout[n, m] * w[k, m]
                dw[k, m] += dout[n, m] * x[n, k]
    return {"dx": dx, "dw": dw}


def fc_loop_backward_wrong(dout, cache):
    x, w = cache["x"], cache["w"]
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for n in range(dout.shape[0]):
        for m in range(dout.shape[1]):
            for k in range(x.shape[1]):
                dx[n, k] = dout[n, m] * w[k, m]
                dw[k, m] += dout[n, m] * x[n, k]
    return {"dx": dx, "dw": dw}


# --- closures over any number of leading axes ---------------------------------------------------------------------


def tanh_dense(x, W, b):
    y = np.tanh(x @ W + b)

    def vjp(ct):
        dz = ct * (1 - y**2)
        batch = tuple(range(x.ndim - 1))
        return dz @ W.T, np.tensordot(x, dz, axes=(batch, batch)), dz.sum(axis=batch)

    return y, vjp


def tanh_dense_wrong(x, W, b):
    z = x @ W + b

    def vjp(ct):
        dz = ct * (1 - z**2)
        batch = tuple(range(x.ndim - 1))
        return dz @ W.T, np.tensordot(x, dz, axes=(batch, batch)), dz.sum(axis=batch)

    return np.tanh(z), vjp


# --- y = alpha x W with a switch for the transposed weight --------------------------------------------------------


def scaled_linear(x, w, alpha, transpose=False):
    return alpha * (x @ (w.T if transpose else w)), (x, w, alpha)


def scaled_linear_grad(cache, dy, transpose=False):
    x, w, alpha = cache
    dw = alpha * (x.T @ dy)
    if transpose:
        return alpha * (dy @ w), dw.T, np.sum(dy * (x @ w.T))
    return alpha * (dy @ w.T), dw, np.sum(dy * (x @ w))


def scaled_linear_grad_wrong(cache, dy, transpose=False):
    x, w, alpha = cache
    dw = alpha * (x.T @ dy)
    if transpose:
        return alpha * (dy @ w), dw, np.sum(dy * (x @ w.T))
    return alpha * (dy @ w.T), dw, np.sum(dy * (x @ w))


FC = "(n,i),(i,o),(o)->(n,o)"

PAIRS = [
    planted_pair(
        "cs_affine",
        "(n,2,3),(6,o),(o)->(n,o)",
        affine_forward,
        affine_backward,
        affine_backward_averaging,
        "db is the mean over the batch instead of the sum",
    ),
    planted_pair(
        "cs_affine_relu",
        FC,
        affine_relu_forward,
        affine_relu_backward,
        affine_relu_backward_wrong,
        "relu's backward masks where the gradient is negative instead of where the input is",
    ),
    planted_pair(
        "fc_loop",
        "(n,i),(i,o)->(n,o)",
        fc_loop_forward,
        fc_loop_backward,
        fc_loop_backward_wrong,
        "dx is overwritten for every output instead of accumulated",
    ),
    planted_pullback(
        "tanh_dense",
        "(...,i),(i,o),(o)->(...,o)",
        tanh_dense,
        tanh_dense_wrong,
        "1 - z^2 uses the pre-activation instead of the output",
    ),
    planted_pair(
        "scaled_linear",
        "(n,k),(k,k),()->(n,k)",
        scaled_linear,
        scaled_linear_grad,
        scaled_linear_grad_wrong,
        "with transpose=True the weight's gradient is not transposed",
        options={"transpose": Choice((False, True))},
    ),
]
