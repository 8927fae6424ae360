"""Tables looked up by integers: embeddings, bags, positions, tied outputs, word2vec."""

from __future__ import annotations

import math

import numpy as np

from backproof.engine.domains import Labels

from ._making import planted_pair, planted_pullback

# cs231n -------------------------------------------------------------------------------------------


def word_embedding_forward(x, W):
    return W[x], (x, W.shape)


def word_embedding_backward(dout, cache):
    x, shape = cache
    dW = np.zeros(shape, dtype=dout.dtype)
    np.add.at(dW, x, dout)
    return dW


def word_embedding_backward_wrong(dout, cache):
    x, shape = cache
    dW = np.zeros(shape, dtype=dout.dtype)
    dW[x] += dout
    return dW


# an embedding bag: the mean of the words in it ----------------------------------------------------


class Bag:
    def __init__(self, table):
        self.table = table

    def __call__(self, words):
        self.words = words
        return np.stack([np.mean([self.table[w] for w in row], axis=0) for row in words])

    def grad(self, g):
        d = np.zeros_like(self.table)
        for row, gi in zip(self.words, g, strict=True):
            for w in row:
                d[w] += gi / len(row)
        return d


class BagWrong(Bag):
    def grad(self, g):
        d = np.zeros_like(self.table)
        for row, gi in zip(self.words, g, strict=True):
            for w in row:
                d[w] += gi
        return d


def bag(words, table):
    layer = Bag(table)
    return layer(words), layer.grad


def bag_wrong(words, table):
    layer = BagWrong(table)
    return layer(words), layer.grad


# sinusoidal positions from a table of floats ------------------------------------------------------

D_MODEL = 4
POSITIONS = np.array(
    [
        [(math.sin if i % 2 == 0 else math.cos)(pos / 10000 ** (2 * (i // 2) / D_MODEL)) for i in range(D_MODEL)]
        for pos in range(32)
    ]
)


def embed_with_positions(tokens, E):
    return E[tokens] * math.sqrt(D_MODEL) + POSITIONS[: tokens.shape[1]], {"tokens": tokens, "E": E}


def embed_with_positions_backward(dout, cache):
    dE = np.zeros_like(cache["E"])
    for token, g in zip(cache["tokens"].ravel(), dout.reshape(-1, D_MODEL), strict=True):
        dE[token] += g * math.sqrt(D_MODEL)
    return {"dE": dE}


def embed_with_positions_backward_wrong(dout, cache):
    dE = np.zeros_like(cache["E"])
    for token, g in zip(cache["tokens"].ravel(), dout.reshape(-1, D_MODEL), strict=True):
        dE[token] += g
    return {"dE": dE}


# a language model in one line: the table is looked up and projected on ----------------------------


def tied(tokens, E):
    x = np.tanh(E[tokens])

    def vjp(dlogits):
        dE = dlogits.T @ x
        np.add.at(dE, tokens, dlogits @ E * (1 - x**2))
        return dE

    return x @ E.T, vjp


def tied_wrong(tokens, E):
    x = np.tanh(E[tokens])

    def vjp(dlogits):
        return dlogits.T @ x

    return x @ E.T, vjp


# word2vec with negative samples -------------------------------------------------------------------


def sgns(center, context, negative, U, V):
    """-log s(u.v) - sum log s(-u.n)"""
    u, v, neg = U[center], V[context], V[negative]
    pos = 1 / (1 + np.exp(-np.sum(u * v, axis=1)))
    neg_p = 1 / (1 + np.exp(np.einsum("nd,nkd->nk", u, neg)))
    loss = -np.sum(np.log(pos)) - np.sum(np.log(neg_p))
    return loss, (center, context, negative, U, V, pos, neg_p)


def sgns_backward(dloss, cache):
    center, context, negative, U, V, pos, neg_p = cache
    u, v, neg = U[center], V[context], V[negative]
    dU, dV = np.zeros_like(U), np.zeros_like(V)
    gpos, gneg = (pos - 1)[:, None] * dloss, (1 - neg_p)[:, :, None] * dloss
    np.add.at(dU, center, gpos * v + np.sum(gneg * neg, axis=1))
    np.add.at(dV, context, gpos * u)
    np.add.at(dV, negative, gneg * u[:, None, :])
    return dU, dV


def sgns_backward_wrong(dloss, cache):
    center, context, negative, U, V, pos, neg_p = cache
    u, v, neg = U[center], V[context], V[negative]
    dU, dV = np.zeros_like(U), np.zeros_like(V)
    gpos, gneg = (pos - 1)[:, None] * dloss, (neg_p - 1)[:, :, None] * dloss
    np.add.at(dU, center, gpos * v + np.sum(gneg * neg, axis=1))
    np.add.at(dV, context, gpos * u)
    np.add.at(dV, negative, gneg * u[:, None, :])
    return dU, dV


TABLE = {"domain": {"x": Labels("v")}}
SGNS = {"domain": {"center": Labels("u"), "context": Labels("v"), "negative": Labels("v")}}

PAIRS = [
    planted_pair(
        "cs_embedding",
        "(n,t),(v,d)->(n,t,d)",
        word_embedding_forward,
        word_embedding_backward,
        word_embedding_backward_wrong,
        "dW[x] += dout adds only once for repeated words",
        **TABLE,
    ),
    planted_pullback(
        "bag", "(n,k),(v,d)->(n,d)", bag, bag_wrong, "forgets the mean's 1/k", domain={"words": Labels("v")}
    ),
    planted_pair(
        "embed_with_positions",
        "(n,t),(v,4)->(n,t,4)",
        embed_with_positions,
        embed_with_positions_backward,
        embed_with_positions_backward_wrong,
        "forgets the factor sqrt(d)",
        domain={"tokens": Labels("v")},
    ),
    planted_pullback(
        "tied",
        "(n),(v,d)->(n,v)",
        tied,
        tied_wrong,
        "forgets the path through the lookup",
        domain={"tokens": Labels("v")},
    ),
    planted_pair(
        "sgns",
        "(n),(n),(n,k),(u,d),(v,d)->()",
        sgns,
        sgns_backward,
        sgns_backward_wrong,
        "the negative samples' gradient has the wrong sign",
        **SGNS,
    ),
]
