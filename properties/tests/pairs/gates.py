"""Layers that choose: maxout, dropout with a mask, gated linear units, highways, squeeze and excite, experts."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Mask
from backproof.engine.options import Real

from ._making import planted_pair, planted_pullback


def sigmoid(z):
    return np.reciprocal(1 + np.exp(-z))


# maxout: the largest of three linear pieces -------------------------------------------------------------------


def maxout(x, W, b):
    z = np.einsum("ni,kio->kno", x, W) + b[:, None, :]
    winner = np.argmax(z, axis=0)[None]
    return np.take_along_axis(z, winner, axis=0)[0], (x, W, z, winner)


def maxout_back(grad, saved):
    x, W, z, winner = saved
    dz = np.zeros_like(z)
    np.put_along_axis(dz, winner, grad[None], axis=0)
    return np.einsum("kno,kio->ni", dz, W), np.einsum("ni,kno->kio", x, dz), dz.sum(axis=1)


def maxout_back_wrong(grad, saved):
    x, W, z, winner = saved
    dz = np.zeros_like(z)
    np.put_along_axis(dz, winner, grad[None], axis=0)
    db = np.stack([grad.sum(axis=0) for _ in range(len(W))])
    return np.einsum("kno,kio->ni", dz, W), np.einsum("ni,kno->kio", x, dz), db


# inverted dropout after a dense layer, with the mask as an argument -------------------------------------------


def dense_dropout(x, W, mask, p=0.5):
    keep = mask / (1 - p)
    return (x @ W) * keep, x, W, keep


def dense_dropout_backward(delta, x, W, keep):
    delta = delta * keep
    return delta @ W.T, x.T @ delta


def dense_dropout_backward_wrong(delta, x, W, keep):
    delta = delta * (keep > 0)
    return delta @ W.T, x.T @ delta


# gated linear unit: one half gates the other ------------------------------------------------------


def glu(x):
    a, b = np.split(x, 2, axis=-1)
    s = sigmoid(b)
    return a * s, lambda g: np.concatenate([g * s, g * a * s * (1 - s)], axis=-1)


def glu_wrong(x):
    a, b = np.split(x, 2, axis=-1)
    s = sigmoid(b)
    return a * s, lambda g: np.concatenate([g * s, g * s * (1 - s)], axis=-1)


# highway ------------------------------------------------------------------------------------------


def highway(x, Wh, Wt, bt):
    h, t = np.tanh(x @ Wh), sigmoid(x @ Wt + bt)
    return t * h + (1 - t) * x, {"x": x, "Wh": Wh, "Wt": Wt, "h": h, "t": t}


def highway_backward(dy, c):
    dh = dy * c["t"] * (1 - c["h"] ** 2)
    dt = dy * (c["h"] - c["x"]) * c["t"] * (1 - c["t"])
    dx = dy * (1 - c["t"]) + dh @ c["Wh"].T + dt @ c["Wt"].T
    return {"x": dx, "Wh": c["x"].T @ dh, "Wt": c["x"].T @ dt, "bt": dt.sum(0)}


def highway_backward_wrong(dy, c):
    dh = dy * c["t"] * (1 - c["h"] ** 2)
    dt = dy * c["h"] * c["t"] * (1 - c["t"])
    dx = dy * (1 - c["t"]) + dh @ c["Wh"].T + dt @ c["Wt"].T
    return {"x": dx, "Wh": c["x"].T @ dh, "Wt": c["x"].T @ dt, "bt": dt.sum(0)}


# squeeze and excite: channels weighted by what is in them -----------------------------------------


def squeeze_excite(x, w1, w2):
    n, c, h, w = x.shape
    squeezed = x.mean(axis=(2, 3))
    hidden = np.maximum(squeezed @ w1, 0)
    scale = sigmoid(hidden @ w2).reshape(n, c, 1, 1)

    def backward(dout):
        dscale = (dout * x).sum(axis=(2, 3)) * (scale * (1 - scale)).reshape(n, c)
        dhidden = (dscale @ w2.T) * (hidden > 0)
        dsqueezed = dhidden @ w1.T
        dx = dout * scale + dsqueezed.reshape(n, c, 1, 1) / (h * w)
        return dx, squeezed.T @ dhidden, hidden.T @ dscale

    return x * scale, backward


def squeeze_excite_wrong(x, w1, w2):
    n, c = x.shape[:2]
    squeezed = x.mean(axis=(2, 3))
    hidden = np.maximum(squeezed @ w1, 0)
    scale = sigmoid(hidden @ w2).reshape(n, c, 1, 1)

    def backward(dout):
        dscale = (dout * x).sum(axis=(2, 3)) * (scale * (1 - scale)).reshape(n, c)
        dhidden = (dscale @ w2.T) * (hidden > 0)
        dx = dout * scale
        return dx, squeezed.T @ dhidden, hidden.T @ dscale

    return x * scale, backward


# a mixture of experts -----------------------------------------------------------------------------


def experts(x, gate, W):
    """x (n, i), gate (i, e), W (e, i, o)"""
    logits = x @ gate
    p = np.exp(logits) / np.exp(logits).sum(axis=1)[:, None]
    ys = np.stack([x @ We for We in W], axis=1)
    return np.einsum("ne,neo->no", p, ys), (x, gate, W, p, ys)


def experts_backward(dy, cache):
    x, gate, W, p, ys = cache
    dp = np.einsum("neo,no->ne", ys, dy)
    dlogits = p * (dp - (p * dp).sum(axis=1)[:, None])
    dys = p[:, :, None] * dy[:, None, :]
    dx = dlogits @ gate.T + np.einsum("neo,eio->ni", dys, W)
    return dx, x.T @ dlogits, np.einsum("ni,neo->eio", x, dys)


def experts_backward_wrong(dy, cache):
    x, gate, W, p, ys = cache
    dp = np.einsum("neo,no->ne", ys, dy)
    dlogits = p * (1 - p) * dp
    dys = p[:, :, None] * dy[:, None, :]
    dx = dlogits @ gate.T + np.einsum("neo,eio->ni", dys, W)
    return dx, x.T @ dlogits, np.einsum("ni,neo->eio", x, dys)


PAIRS = [
    planted_pair(
        "maxout",
        "(n,i),(3,i,o),(3,o)->(n,o)",
        maxout,
        maxout_back,
        maxout_back_wrong,
        "every piece's bias gets the whole gradient, not only the winner's",
    ),
    planted_pair(
        "dense_dropout",
        "(n,i),(i,o),(n,o)->(n,o)",
        dense_dropout,
        dense_dropout_backward,
        dense_dropout_backward_wrong,
        "the backward applies the mask without the factor 1/(1-p)",
        domain={"mask": Mask()},
        options={"p": Real(0.0, 1.0)},
    ),
    planted_pullback("glu", "(n,6)->(n,3)", glu, glu_wrong, "the gate's gradient forgets what it gates"),
    planted_pair(
        "highway",
        "(n,d),(d,d),(d,d),(d)->(n,d)",
        highway,
        highway_backward,
        highway_backward_wrong,
        "the gate's gradient forgets the part that is carried",
    ),
    planted_pullback(
        "squeeze_excite",
        "(n,c,h,w),(c,s),(s,c)->(n,c,h,w)",
        squeeze_excite,
        squeeze_excite_wrong,
        "forgets the path through the squeezed channels",
    ),
    planted_pair(
        "experts",
        "(n,i),(i,e),(e,i,o)->(n,o)",
        experts,
        experts_backward,
        experts_backward_wrong,
        "softmax's Jacobian is reduced to its diagonal",
    ),
]
