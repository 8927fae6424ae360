"""Attention: one head, several heads under a mask, causal, additive."""

from __future__ import annotations

import math

import numpy as np

from backproof.engine.domains import Mask
from backproof.engine.options import Choice

from ._making import planted_pair, planted_pullback


def softmax(s):
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_back(dp, p):
    return p * (dp - np.sum(dp * p, axis=-1, keepdims=True))


# one head -----------------------------------------------------------------------------------------


def scaled_dot_product(q, k, v):
    scale = 1.0 / math.sqrt(q.shape[-1])
    p = softmax(q @ k.swapaxes(-1, -2) * scale)

    def vjp(dy):
        ds = softmax_back(dy @ v.swapaxes(-1, -2), p) * scale
        return ds @ k, ds.swapaxes(-1, -2) @ q, p.swapaxes(-1, -2) @ dy

    return p @ v, vjp


def scaled_dot_product_wrong(q, k, v):
    scale = 1.0 / math.sqrt(q.shape[-1])
    p = softmax(q @ k.swapaxes(-1, -2) * scale)

    def vjp(dy):
        ds = softmax_back(dy @ v.swapaxes(-1, -2), p)
        return ds @ k, ds.swapaxes(-1, -2) @ q, p.swapaxes(-1, -2) @ dy

    return p @ v, vjp


# several heads, with a mask of who may look at whom -----------------------------------------------

HEADS, WIDTH = 2, 4


def split(x):
    n, t, _ = x.shape
    return x.reshape(n, t, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)


def merge(x):
    n, _, t, _ = x.shape
    return x.transpose(0, 2, 1, 3).reshape(n, t, WIDTH)


def multi_head(x, Wq, Wk, Wv, Wo, mask):
    q, k, v = split(x @ Wq), split(x @ Wk), split(x @ Wv)
    scores = np.einsum("nhqd,nhkd->nhqk", q, k) / math.sqrt(WIDTH // HEADS)
    p = softmax(np.where(mask, scores, -1e9))
    heads = merge(np.einsum("nhqk,nhkd->nhqd", p, v))
    return heads @ Wo, (x, Wq, Wk, Wv, Wo, mask, q, k, v, p, heads)


def multi_head_backward(dout, cache):
    x, Wq, Wk, Wv, Wo, mask, q, k, v, p, heads = cache
    dWo = np.einsum("ntd,nte->de", heads, dout)
    dheads = split(dout @ Wo.T)
    dv = merge(np.einsum("nhqk,nhqd->nhkd", p, dheads))
    dscores = np.where(mask, softmax_back(np.einsum("nhqd,nhkd->nhqk", dheads, v), p), 0) / math.sqrt(WIDTH // HEADS)
    dq, dk = merge(np.einsum("nhqk,nhkd->nhqd", dscores, k)), merge(np.einsum("nhqk,nhqd->nhkd", dscores, q))
    dx = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
    return (dx, *(np.einsum("ntd,nte->de", x, d) for d in (dq, dk, dv)), dWo)


def multi_head_backward_wrong(dout, cache):
    x, Wq, Wk, Wv, Wo, mask, q, k, v, p, heads = cache
    dWo = np.einsum("ntd,nte->de", heads, dout)
    dheads = split(dout @ Wo.T)
    dv = merge(np.einsum("nhqk,nhqd->nhkd", p, dheads))
    dscores = np.where(mask, softmax_back(np.einsum("nhqd,nhkd->nhqk", dheads, v), p), 0) / math.sqrt(WIDTH)
    dq, dk = merge(np.einsum("nhqk,nhkd->nhqd", dscores, k)), merge(np.einsum("nhqk,nhqd->nhkd", dscores, q))
    dx = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
    return (dx, *(np.einsum("ntd,nte->de", x, d) for d in (dq, dk, dv)), dWo)


# causal: nobody looks ahead -----------------------------------------------------------------------


def causal(q, k, v, scale=True):
    t, d = q.shape
    s = q @ k.T / (math.sqrt(d) if scale else 1.0)
    s[np.triu_indices(t, 1)] = -np.inf
    p = np.exp(s - np.max(s, axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return p @ v, (q, k, v, p)


def causal_backward(dy, cache, scale=True):
    q, k, v, p = cache
    dp = dy @ v.T
    ds = p * dp - p * (p * dp).sum(axis=1, keepdims=True)
    ds = ds / math.sqrt(q.shape[1]) if scale else ds
    return ds @ k, ds.T @ q, p.T @ dy


def causal_backward_wrong(dy, cache, scale=True):
    q, k, v, p = cache
    dp = np.tril(dy @ v.T)
    ds = p * dp - p * dp.mean(axis=1, keepdims=True)
    ds = ds / math.sqrt(q.shape[1]) if scale else ds
    return ds @ k, ds.T @ q, p.T @ dy


# additive -----------------------------------------------------------------------------------------


def additive(query, keys, Wq, Wk, v):
    """Weights softmax(v . tanh(Wq query + Wk key)); returns the mean key under them."""
    hidden = np.tanh(query @ Wq + keys @ Wk)
    weights = softmax(hidden @ v)
    return weights @ keys, (query, keys, Wq, Wk, v, hidden, weights)


def additive_backward(dmean, cache):
    query, keys, Wq, Wk, v, hidden, weights = cache
    dscore = softmax_back(keys @ dmean, weights)
    dpre = np.outer(dscore, v) * (1 - hidden**2)
    dkeys = np.outer(weights, dmean) + dpre @ Wk.T
    dquery = dpre.sum(axis=0)
    return {
        "query": dquery @ Wq.T,
        "keys": dkeys,
        "Wq": np.outer(query, dquery),
        "Wk": keys.T @ dpre,
        "v": dscore @ hidden,
    }


def additive_backward_wrong(dmean, cache):
    query, keys, Wq, Wk, v, hidden, weights = cache
    dscore = softmax_back(keys @ dmean, weights)
    dpre = np.outer(dscore, v) * (1 - hidden**2)
    dkeys = dpre @ Wk.T
    dquery = dpre.sum(axis=0)
    return {
        "query": dquery @ Wq.T,
        "keys": dkeys,
        "Wq": np.outer(query, dquery),
        "Wk": keys.T @ dpre,
        "v": dscore @ hidden,
    }


QKV, WEIGHTS = "(...,q,d),(...,k,d),(...,k,e)->(...,q,e)", ",".join(["(4,4)"] * 4)

PAIRS = [
    planted_pullback("scaled_dot_product", QKV, scaled_dot_product, scaled_dot_product_wrong, "forgets the scale"),
    planted_pair(
        "multi_head",
        f"(n,t,4),{WEIGHTS},(t,t)->(n,t,4)",
        multi_head,
        multi_head_backward,
        multi_head_backward_wrong,
        "scales by the width of all heads",
        domain={"mask": Mask()},
    ),
    planted_pair(
        "causal",
        "(t,d),(t,d),(t,e)->(t,e)",
        causal,
        causal_backward,
        causal_backward_wrong,
        "subtracts the plain mean of the gradient instead of the mean under the weights",
        options={"scale": Choice((True, False))},
    ),
    planted_pair(
        "additive",
        "(a),(t,b),(a,h),(b,h),(h)->(b)",
        additive,
        additive_backward,
        additive_backward_wrong,
        "the keys' gradient forgets that they are averaged too",
    ),
]
