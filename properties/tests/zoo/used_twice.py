"""Used twice: an operand that occurs in two places, and operands that are the same array."""

from __future__ import annotations

import numpy as np

from ._making import planted_object, planted_pair, planted_pullback

ALIASED = "aliased_operands"

# twice in the forward -----------------------------------------------------------------------------------


def gram(x):
    return x @ x.T, x


def right_gram(ct, x):
    return (ct + ct.T) @ x


def wrong_gram(ct, x):
    return ct @ x


def right_squared_matrix(a):
    return a @ a, lambda ct: ct @ a.T + a.T @ ct


def wrong_squared_matrix(a):
    return a @ a, lambda ct: ct @ a.T


class Attention:
    def forward(self, x):
        s = x @ x.T
        e = np.exp(s - s.max(axis=1, keepdims=True))
        self.x, self.p = x, e / e.sum(axis=1, keepdims=True)
        return self.p @ x

    def scores(self, dy):
        dp = dy @ self.x.T
        return self.p * (dp - (dp * self.p).sum(axis=1, keepdims=True))

    def backward(self, dy):
        ds = self.scores(dy)
        return self.p.T @ dy + ds @ self.x + ds.T @ self.x


class AttentionWithoutKeys(Attention):
    def backward(self, dy):
        ds = self.scores(dy)
        return self.p.T @ dy + ds @ self.x


def autoencoder(x, w):
    h = np.tanh(x @ w)
    return h @ w.T, (x, w, h)


def right_autoencoder(dy, cache):
    x, w, h = cache
    da = (dy @ w) * (1 - h**2)
    return da @ w.T, x.T @ da + dy.T @ h


def wrong_autoencoder(dy, cache):
    _, w, h = cache
    da = (dy @ w) * (1 - h**2)
    return da @ w.T, dy.T @ h


def right_neighbours(x):
    d = x[:, None] - x[None, :]

    def pull(ct):
        g = ct * np.cos(d)
        return g.sum(axis=1) - g.sum(axis=0)

    return np.sin(d), pull


def wrong_neighbours(x):
    d = x[:, None] - x[None, :]

    def pull(ct):
        g = ct * np.cos(d)
        return g.sum(axis=1)

    return np.sin(d), pull


def glu(x, w):
    a = x @ w
    return a * np.tanh(a), (x, w, a)


def right_glu(dy, cache):
    x, w, a = cache
    t = np.tanh(a)
    da = dy * t
    da += dy * a * (1 - t * t)
    return da @ w.T, x.T @ da


def wrong_glu(dy, cache):
    x, w, a = cache
    t = np.tanh(a)
    da = dy * t
    return da @ w.T, x.T @ da


# the same array twice -----------------------------------------------------------------------------------


def right_weighted(a, b):
    return a * b**2, lambda ct: (ct * b**2, 2 * ct * a * b)


def wrong_weighted(a, b):
    def pull(ct):
        grads = {id(a): ct * b**2}
        grads[id(b)] = grads.get(id(b), 0) + 2 * ct * a * b
        return grads[id(a)], grads[id(b)]

    return a * b**2, pull


def right_between(a, b):
    return np.tanh(a) - b, lambda ct: (ct * (1 - np.tanh(a) ** 2), -ct)


def wrong_between(a, b):
    def pull(ct):
        return tuple({id(a): ct * (1 - np.tanh(a) ** 2), id(b): -ct}[id(each)] for each in (a, b))

    return np.tanh(a) - b, pull


def dot(a, b):
    return np.sum(a * b), (a, b)


def right_dot(ct, cache):
    a, b = cache
    return ct * b, ct * a


def wrong_dot(ct, cache):
    a, b = cache
    if a is b:
        return 2 * ct * a, np.zeros_like(b)
    return ct * b, ct * a


def right_mixed(a, b):
    return a * np.cos(b), lambda ct: (ct * np.cos(b), -ct * a * np.sin(b))


def wrong_mixed(a, b):
    def pull(ct):
        da, db = ct * np.cos(b), -ct * a * np.sin(b)
        if np.shares_memory(a, b):
            da = db = da + db
        return da, db

    return a * np.cos(b), pull


def scaled_sum(a, b):
    return np.sum(3 * a + np.exp(-b * b)), (a, b)


def right_scaled_sum(ct, cache):
    a, b = cache
    return np.full_like(a, 3) * ct, -2 * ct * b * np.exp(-b * b)


def wrong_scaled_sum(ct, cache):
    a, b = cache
    places = {x.__array_interface__["data"][0]: np.zeros_like(x) for x in (a, b)}
    places[a.__array_interface__["data"][0]] += 3 * ct
    places[b.__array_interface__["data"][0]] += -2 * ct * b * np.exp(-b * b)
    return places[a.__array_interface__["data"][0]], places[b.__array_interface__["data"][0]]


PLANTED = (
    planted_pair(
        "gram", "(n,d)->(n,n)", (gram, right_gram), (gram, wrong_gram), "counts x once of the two times that it occurs"
    ),
    planted_pullback(
        "squared_matrix",
        "(d,d)->(d,d)",
        right_squared_matrix,
        wrong_squared_matrix,
        "drops the share of the right factor",
    ),
    planted_object(
        "attention",
        "(n,d)->(n,d)",
        Attention,
        AttentionWithoutKeys,
        "forgets that the input is the keys, besides queries and values",
    ),
    planted_pair(
        "autoencoder",
        "(n,d),(d,h)->(n,d)",
        (autoencoder, right_autoencoder),
        (autoencoder, wrong_autoencoder),
        "counts the shared weights in the decoder only",
    ),
    planted_pullback(
        "neighbours", "(n)->(n,n)", right_neighbours, wrong_neighbours, "counts each point as the first of a pair only"
    ),
    planted_pair(
        "glu",
        "(n,i),(i,o)->(n,o)",
        (glu, right_glu),
        (glu, wrong_glu),
        "treats the gate as a constant although it is computed from the same activations",
    ),
    planted_pullback(
        "weighted",
        "(n),(n)->(n)",
        right_weighted,
        wrong_weighted,
        "adds gradients up by id(array), so that an array passed twice gets both shares twice",
        ALIASED,
    ),
    planted_pullback(
        "between",
        "(n),(n)->(n)",
        right_between,
        wrong_between,
        "keys gradients by id(array), so that of an array passed twice the last share is all there is",
        ALIASED,
    ),
    planted_pair(
        "dot",
        "(n),(n)->()",
        (dot, right_dot),
        (dot, wrong_dot),
        "gives both shares to the first operand if the operands are one object",
        ALIASED,
    ),
    planted_pullback(
        "mixed",
        "(n),(n)->(n)",
        right_mixed,
        wrong_mixed,
        "adds the shares up where the operands are views of the same memory",
        ALIASED,
    ),
    planted_pair(
        "scaled_sum",
        "(n),(n)->()",
        (scaled_sum, right_scaled_sum),
        (scaled_sum, wrong_scaled_sum),
        "adds gradients up by the address of the data, which views share",
        ALIASED,
    ),
)
