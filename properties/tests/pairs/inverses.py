"""Linear algebra that inverts: inverse, solve, determinant, a Gaussian with its precision factored."""

from __future__ import annotations

import numpy as np
import numpy.linalg as la

from backproof.engine.domains import Invertible

from ._making import planted_pair, planted_pullback

# inverses -------------------------------------------------------------------------------------------


def inverse(a):
    y = la.inv(a)
    return y, y


def inverse_backward(dy, y):
    return -y.T @ dy @ y.T


def inverse_backward_wrong(dy, y):
    return -y @ dy @ y


def solve(a, b):
    x = la.solve(a, b)

    def vjp(dx):
        db = la.solve(a.T, dx)
        return -db @ x.T, db

    return x, vjp


def solve_wrong(a, b):
    x = la.solve(a, b)

    def vjp(dx):
        db = la.solve(a, dx)
        return -db @ x.T, db

    return x, vjp


def logdet(a):
    return la.slogdet(a)[1], la.inv(a)


def logdet_backward(g, a_inv):
    return g * a_inv.T


def logdet_backward_wrong(g, a_inv):
    return g * a_inv


# the density of a Gaussian whose precision is A^T A, without its constant -----------------------------


def gaussian(x, mu, a):
    z = (x - mu) @ a.T
    logdet = la.slogdet(a)[1]
    return logdet - 0.5 * np.sum(z**2, axis=1), (x, mu, a, z)


def gaussian_backward(g, cache):
    x, mu, a, z = cache
    dz = -g[:, None] * z
    dx = dz @ a
    da = dz.T @ (x - mu) + np.sum(g) * la.inv(a).T
    return dx, -dx.sum(axis=0), da


def gaussian_backward_wrong(g, cache):
    x, mu, a, z = cache
    dz = -g[:, None] * z
    dx = dz @ a
    da = dz.T @ (x - mu)
    return dx, -dx.sum(axis=0), da


SQUARE = {"domain": {"a": Invertible()}}

PAIRS = [
    planted_pair(
        "inverse", "(n,n)->(n,n)", inverse, inverse_backward, inverse_backward_wrong, "forgets the transposes", **SQUARE
    ),
    planted_pullback("solve", "(n,n),(n,k)->(n,k)", solve, solve_wrong, "solves with a, not its transpose", **SQUARE),
    planted_pair("logdet", "(n,n)->()", logdet, logdet_backward, logdet_backward_wrong, "not transposed", **SQUARE),
    planted_pair(
        "gaussian",
        "(n,d),(d),(d,d)->(n)",
        gaussian,
        gaussian_backward,
        gaussian_backward_wrong,
        "forgets the determinant's gradient",
        **SQUARE,
    ),
]
