"""Overwriting: one contribution where several belong together."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Interval, Labels
from backproof.engine.options import Choice, Index

from ._making import planted_object, planted_pair, planted_pullback

# repeated places ----------------------------------------------------------------------------------------


def messages(x, source, target):
    y = np.zeros_like(x)
    np.add.at(y, target, np.tanh(x[source]))
    return y, (x, source, target)


def right_messages(dy, cache):
    x, source, target = cache
    dx = np.zeros_like(x)
    np.add.at(dx, source, dy[target] * (1 - np.tanh(x[source]) ** 2))
    return dx


def wrong_messages(dy, cache):
    x, source, target = cache
    dx = np.zeros_like(x)
    dx[source] += dy[target] * (1 - np.tanh(x[source]) ** 2)
    return dx


def right_indexed(x, index=0):
    def pull(ct):
        dx = np.zeros_like(x)
        np.add.at(dx, index, ct)
        return dx

    return x[index].copy(), pull


def wrong_indexed(x, index=0):
    def pull(ct):
        dx = np.zeros_like(x)
        dx[index] = ct
        return dx

    return x[index].copy(), pull


def interpolated(table, at):
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, len(table) - 1)
    part = at - low
    return (1 - part) * table[low] + part * table[high], (table, low, high, part)


def right_interpolated(ct, cache):
    table, low, high, part = cache
    dtable = np.zeros_like(table)
    np.add.at(dtable, low, (1 - part) * ct)
    np.add.at(dtable, high, part * ct)
    return dtable, ct * (table[high] - table[low])


def wrong_interpolated(ct, cache):
    table, low, high, part = cache
    dtable = np.zeros_like(table)
    np.add.at(dtable, low, (1 - part) * ct)
    dtable[high] = part * ct
    return dtable, ct * (table[high] - table[low])


def windows(x, size=3):
    return np.stack([x[i : i + size] for i in range(len(x) - size + 1)]), (x.shape, x.dtype, size)


def right_windows(dy, cache):
    shape, dtype, size = cache
    dx = np.zeros(shape, dtype)
    for i, row in enumerate(dy):
        dx[i : i + size] += row
    return dx


def wrong_windows(dy, cache):
    shape, dtype, size = cache
    dx = np.zeros(shape, dtype)
    for i, row in enumerate(dy):
        dx[i : i + size] = row
    return dx


# shared weights -----------------------------------------------------------------------------------------


class Recurrent:
    def forward(self, xs, h):
        self.xs, self.hs = xs, [h]
        for x in xs:
            self.hs.append(np.tanh(x + self.hs[-1] @ self.w + self.b))
        return self.hs[-1]

    def backward(self, dh):
        dxs, self.dw, self.db = np.zeros_like(self.xs), np.zeros_like(self.w), np.zeros_like(self.b)
        for t in reversed(range(len(self.xs))):
            da = dh * (1 - self.hs[t + 1] ** 2)
            dxs[t] = da
            self.dw += np.outer(self.hs[t], da)
            self.db += da
            dh = da @ self.w.T
        return dxs, dh


class RecurrentAssigningWeights(Recurrent):
    def backward(self, dh):
        dxs, self.dw, self.db = np.zeros_like(self.xs), np.zeros_like(self.w), np.zeros_like(self.b)
        for t in reversed(range(len(self.xs))):
            da = dh * (1 - self.hs[t + 1] ** 2)
            dxs[t] = da
            self.dw = np.outer(self.hs[t], da)
            self.db += da
            dh = da @ self.w.T
        return dxs, dh


class RecurrentAssigningBias(Recurrent):
    def backward(self, dh):
        dxs, self.dw, self.db = np.zeros_like(self.xs), np.zeros_like(self.w), np.zeros_like(self.b)
        for t in reversed(range(len(self.xs))):
            da = dh * (1 - self.hs[t + 1] ** 2)
            dxs[t] = da
            self.dw += np.outer(self.hs[t], da)
            self.db[:] = da
            dh = da @ self.w.T
        return dxs, dh


def tied_logits(table, word):
    h = np.tanh(table[word])
    return table @ h, (table, word, h)


def right_tied_logits(ct, cache):
    table, word, h = cache
    dtable = np.outer(ct, h)
    dtable[word] += (table.T @ ct) * (1 - h**2)
    return dtable


def wrong_tied_logits(ct, cache):
    table, word, h = cache
    dtable = np.outer(ct, h)
    dtable[word] = (table.T @ ct) * (1 - h**2)
    return dtable


# loops --------------------------------------------------------------------------------------------------


def heads(x, w):
    return np.stack([x @ each for each in w]), (x, w)


def right_heads(dy, cache):
    x, w = cache
    dx = np.zeros_like(x)
    for each, d in zip(w, dy, strict=True):
        dx += d @ each.T
    return dx, np.stack([x.T @ d for d in dy])


def wrong_heads(dy, cache):
    x, w = cache
    dx = np.zeros_like(x)
    for each, d in zip(w, dy, strict=True):
        dx = d @ each.T
    return dx, np.stack([x.T @ d for d in dy])


def right_horner(x, a, b, c):
    y, steps = c, []
    for coefficient in (b, a):
        steps.append(y)
        y = y * x + coefficient

    def pull(ct):
        dx, grads = np.zeros_like(x), []
        for before in reversed(steps):
            grads.append(ct)
            dx = dx + ct * before
            ct = ct * x
        return dx, grads[0], grads[1], ct

    return y, pull


def wrong_horner(x, a, b, c):
    y, steps = c, []
    for coefficient in (b, a):
        steps.append(y)
        y = y * x + coefficient

    def pull(ct):
        grads = []
        for before in reversed(steps):
            grads.append(ct)
            dx = ct * before
            ct = ct * x
        return dx, grads[0], grads[1], ct

    return y, pull


def right_residual(x, w):
    h = np.tanh(x @ w)

    def pull(ct):
        grads = {"x": ct}
        da = ct * (1 - h**2)
        grads["w"] = x.T @ da
        grads["x"] = grads["x"] + da @ w.T
        return grads

    return x + h, pull


def wrong_residual(x, w):
    h = np.tanh(x @ w)

    def pull(ct):
        grads = {"x": ct}
        da = ct * (1 - h**2)
        grads["w"] = x.T @ da
        grads["x"] = da @ w.T
        return grads

    return x + h, pull


RECURRENT = {"parameters": {"w": ("w", "dw"), "b": ("b", "db")}}

PLANTED = (
    planted_pair(
        "messages",
        "(v,d),(e),(e)->(v,d)",
        (messages, right_messages),
        (messages, wrong_messages),
        "adds at repeated source nodes with +=, which keeps the last edge only",
        domain={"source": Labels("v"), "target": Labels("v")},
    ),
    planted_pullback(
        "indexed",
        "(n,d)->",
        right_indexed,
        wrong_indexed,
        "assigns at an index that may name a place twice",
        options={"index": Index()},
    ),
    planted_pair(
        "interpolated",
        "(5),(n)->(n)",
        (interpolated, right_interpolated),
        (interpolated, wrong_interpolated),
        "assigns the upper neighbour's share over what the lower ones have added",
        domain={"at": Interval(0.0, 5.0)},
    ),
    planted_pair(
        "windows",
        "(7)->",
        (windows, right_windows),
        (windows, wrong_windows),
        "assigns windows that overlap",
        options={"size": Choice((3, 2, 1))},
    ),
    planted_object(
        "recurrent_weights",
        "(t,d),(d),(d,d),(d)->(d)",
        Recurrent,
        RecurrentAssigningWeights,
        "assigns the gradient of the recurrent weights in every time step",
        **RECURRENT,
    ),
    planted_object(
        "recurrent_bias",
        "(t,d),(d),(d,d),(d)->(d)",
        Recurrent,
        RecurrentAssigningBias,
        "keeps the gradient of the bias from the first time step only",
        **RECURRENT,
    ),
    planted_pair(
        "tied_logits",
        "(v,d),()->(v)",
        (tied_logits, right_tied_logits),
        (tied_logits, wrong_tied_logits),
        "overwrites the row of a tied table that the output layer has written",
        domain={"word": Labels("v")},
    ),
    planted_pair(
        "heads",
        "(n,d),(h,d,k)->(h,n,k)",
        (heads, right_heads),
        (heads, wrong_heads),
        "keeps the gradient that comes from the last head",
    ),
    planted_pullback(
        "horner",
        "(n),(n),(n),(n)->(n)",
        right_horner,
        wrong_horner,
        "keeps the contribution of one step of the loop only",
    ),
    planted_pullback(
        "residual",
        "(n,d),(d,d)->(n,d)",
        right_residual,
        wrong_residual,
        "overwrites the gradient of the skip connection with that of the branch",
    ),
)
