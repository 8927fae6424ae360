"""Products: quadratic and bilinear forms, outer products, all pairs of features, powers, covariance, polynomials."""

from __future__ import annotations

import numpy as np

from ._making import planted_pair, planted_pullback

# forms ----------------------------------------------------------------------------------------------


def quadratic(x, A):
    """x^T A x for every row"""
    return np.sum((x @ A) * x, axis=1), {"x": x, "A": A}


def quadratic_backward(dout, cache):
    x, A = cache["x"], cache["A"]
    weighted = dout[:, np.newaxis] * x
    return {"dx": weighted @ (A + A.T), "dA": x.T @ weighted}


def quadratic_backward_wrong(dout, cache):
    x, A = cache["x"], cache["A"]
    weighted = dout[:, np.newaxis] * x
    return {"dx": 2 * weighted @ A, "dA": x.T @ weighted}


def bilinear(x, W, y):
    """x (n, i), W (o, i, j), y (n, j)"""
    out = np.zeros((x.shape[0], W.shape[0]))
    for o in range(W.shape[0]):
        out[:, o] = ((x @ W[o]) * y).sum(axis=1)
    return out, (x, W, y)


def bilinear_backward(dout, cache):
    x, W, y = cache
    dx, dW, dy = np.zeros_like(x), np.empty_like(W), np.zeros_like(y)
    for o in range(W.shape[0]):
        d = dout[:, o : o + 1]
        dx += d * (y @ W[o].T)
        dy += d * (x @ W[o])
        dW[o] = (d * x).T @ y
    return dx, dW, dy


def bilinear_backward_wrong(dout, cache):
    x, W, y = cache
    dx, dW, dy = np.zeros_like(x), np.empty_like(W), np.zeros_like(y)
    for o in range(W.shape[0]):
        d = dout[:, o : o + 1]
        dx += d * (y @ W[o].T)
        dy = d * (x @ W[o])
        dW[o] = (d * x).T @ y
    return dx, dW, dy


def outer(u, v):
    return u[:, :, None] * v[:, None, :], lambda g: (np.einsum("nij,nj->ni", g, v), np.einsum("nij,ni->nj", g, u))


def outer_wrong(u, v):
    return u[:, :, None] * v[:, None, :], lambda g: (np.einsum("nij,nj->ni", g, v), np.einsum("nij->nj", g))


# factorisation machine: all products of two features, in linear time ----------------------------------


def pairwise_products(x, V):
    s = x @ V
    return 0.5 * np.sum(s**2 - (x**2) @ (V**2), axis=1), (x, V, s)


def pairwise_products_backward(g, cache):
    x, V, s = cache
    g = g.reshape(-1, 1)
    dx = g * (s @ V.T - x * np.sum(V**2, axis=1))
    dV = x.T @ (g * s) - V * ((g * x**2).sum(axis=0)[:, None])
    return dx, dV


def pairwise_products_backward_wrong(g, cache):
    x, V, s = cache
    g = g.reshape(-1, 1)
    dx = g * (s @ V.T)
    dV = x.T @ (g * s) - V * ((g * x**2).sum(axis=0)[:, None])
    return dx, dV


# powers, covariance, polynomials ----------------------------------------------------------------------


def cube(a):
    a2 = a @ a
    return a2 @ a, (a, a2)


def cube_backward(d, saved):
    a, a2 = saved
    return d @ a2.T + a.T @ d @ a.T + a2.T @ d


def cube_backward_wrong(d, saved):
    _, a2 = saved
    return 3 * d @ a2.T


def covariance(x):
    xc = x - x.mean(axis=0)
    return xc.T @ xc / len(x), lambda dc: xc @ (dc + dc.T) / len(x)


def covariance_wrong(x):
    xc = x - x.mean(axis=0)
    return xc.T @ xc / len(x), lambda dc: 2 * xc @ dc / len(x)


def horner(coefficients, x):
    """Highest power first."""
    partial, y = [], np.zeros_like(x)
    for c in coefficients:
        partial.append(y)
        y = y * x + c
    return y, (partial, x, coefficients)


def horner_backward(dy, cache):
    partial, x, coefficients = cache
    dc, dx = np.zeros_like(coefficients), np.zeros_like(x)
    for i in range(len(coefficients) - 1, -1, -1):
        dc[i] = dy.sum()
        dx += dy * partial[i]
        dy = dy * x
    return dc, dx


def horner_backward_wrong(dy, cache):
    partial, x, coefficients = cache
    dc, dx = np.zeros_like(coefficients), np.zeros_like(x)
    for i in range(len(coefficients) - 1, -1, -1):
        dx += dy * partial[i]
        dy = dy * x
        dc[i] = dy.sum()
    return dc, dx


PAIRS = [
    planted_pair(
        "quadratic",
        "(n,d),(d,d)->(n)",
        quadratic,
        quadratic_backward,
        quadratic_backward_wrong,
        "2 A instead of A + A^T, as if A were symmetric",
    ),
    planted_pair(
        "bilinear",
        "(n,i),(o,i,j),(n,j)->(n,o)",
        bilinear,
        bilinear_backward,
        bilinear_backward_wrong,
        "dy is overwritten instead of accumulated",
    ),
    planted_pullback("outer", "(n,i),(n,j)->(n,i,j)", outer, outer_wrong, "v's gradient forgets to multiply by u"),
    planted_pair(
        "pairwise_products",
        "(n,d),(d,k)->(n)",
        pairwise_products,
        pairwise_products_backward,
        pairwise_products_backward_wrong,
        "forgets the squares that are taken off",
        accuracy="any",  # the difference of squares is known to lose digits
    ),
    planted_pair("cube", "(n,n)->(n,n)", cube, cube_backward, cube_backward_wrong, "as if matrices commuted"),
    planted_pullback("covariance", "(n,d)->(d,d)", covariance, covariance_wrong, "2 dc instead of dc + dc^T"),
    planted_pair(
        "horner",
        "(k),(n)->(n)",
        horner,
        horner_backward,
        horner_backward_wrong,
        "every coefficient's gradient is one power too high",
    ),
]
