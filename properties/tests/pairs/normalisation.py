"""Normalisations other than batch: layer, group, RMS, weight, and a standardised input."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Nonzero
from backproof.engine.options import Choice

from ._making import planted_pair, planted_pullback

eps = 1e-5


# layer norm over the last axis ----------------------------------------------------------------


def layer_norm(x, g, b):
    mu = x.mean(-1, keepdims=True)
    inv = 1 / np.sqrt(((x - mu) ** 2).mean(-1, keepdims=True) + eps)
    xhat = (x - mu) * inv

    def vjp(dy):
        lead = tuple(range(x.ndim - 1))
        dh = dy * g
        dx = inv * (dh - dh.mean(-1, keepdims=True) - xhat * (dh * xhat).mean(-1, keepdims=True))
        return dx, np.sum(dy * xhat, axis=lead), np.sum(dy, axis=lead)

    return xhat * g + b, vjp


def layer_norm_wrong(x, g, b):
    mu = x.mean(-1, keepdims=True)
    inv = 1 / np.sqrt(((x - mu) ** 2).mean(-1, keepdims=True) + eps)
    xhat = (x - mu) * inv

    def vjp(dy):
        lead = tuple(range(x.ndim - 1))
        dh = dy * g
        dx = inv * (dh - dh.mean(-1, keepdims=True))
        return dx, np.sum(dy * xhat, axis=lead), np.sum(dy, axis=lead)

    return xhat * g + b, vjp


# group norm -----------------------------------------------------------------------------------


def groupnorm_forward(x, gamma, beta, G=2):
    N, C, H, W = x.shape
    groups = x.reshape((N * G, C // G * H * W)).T
    mean = np.mean(groups, axis=0)
    std = np.sqrt(np.var(groups, axis=0) + eps)
    xhat = ((groups - mean) / std).T.reshape(N, C, H, W)
    return gamma * xhat + beta, (xhat, std, gamma, G)


def groupnorm_backward(dout, cache, per_channel=False):
    xhat, std, gamma, G = cache
    N, C, H, W = dout.shape
    dbeta = np.sum(dout, axis=(0, 2, 3), keepdims=True)
    dgamma = np.sum(dout * xhat, axis=(0, 2, 3), keepdims=True)
    size = C // G * H * W
    h = xhat.reshape((N * G, size)).T
    d = (dout * gamma).reshape((N * G, size)).T
    n = C * H * W if per_channel else size
    dx = (d - np.sum(d, axis=0) / n - h * np.sum(d * h, axis=0) / n) / std
    return dx.T.reshape(N, C, H, W), dgamma, dbeta


def groupnorm_backward_wrong(dout, cache):
    return groupnorm_backward(dout, cache, per_channel=True)


# RMS norm -------------------------------------------------------------------------------------


def rms_norm(x, w):
    r = 1 / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + eps)
    return w * x * r, (x, w, r)


def rms_norm_bwd(g, res):
    x, w, r = res
    gw = g * w
    dx = r * gw - r**3 * x * np.mean(gw * x, axis=-1, keepdims=True)
    return dx, np.sum(g * x * r, axis=0)


def rms_norm_bwd_wrong(g, res):
    x, w, r = res
    gw = g * w
    dx = r * gw - r**2 * x * np.mean(gw * x, axis=-1, keepdims=True)
    return dx, np.sum(g * x * r, axis=0)


# weight norm: x (g v / |v|), a norm a column --------------------------------------------------


def weight_norm(x, v, g):
    norm = np.linalg.norm(v, axis=0)
    u = v / norm

    def backward(dy):
        dw = x.T @ dy
        dg = np.sum(dw * u, axis=0)
        return dy @ (g * u).T, (dw - u * dg) * g / norm, dg

    return x @ (g * u), backward


def weight_norm_wrong(x, v, g):
    norm = np.linalg.norm(v, axis=0)
    u = v / norm

    def backward(dy):
        dw = x.T @ dy
        dg = np.sum(dw * u, axis=0)
        return dy @ (g * u).T, dw * g / norm, dg

    return x @ (g * u), backward


# inputs standardised by the statistics of a data set ------------------------------------------

HEIGHTS = np.array([1.52, 1.61, 1.75, 1.68, 1.93, 1.80])
CENTRE, SPREAD = np.mean(HEIGHTS), np.std(HEIGHTS)


def standardised(x, w):
    z = (x - CENTRE) / SPREAD
    return z * w, lambda dy: (dy * w / SPREAD, dy * z)


def standardised_wrong(x, w):
    z = (x - CENTRE) / SPREAD
    return z * w, lambda dy: (dy * w, dy * z)


AFFINE, GROUPS = "(...,d),(d),(d)->(...,d)", "(n,4,h,w),(1,4,1,1),(1,4,1,1)->(n,4,h,w)"

PAIRS = [
    planted_pullback("layer_norm", AFFINE, layer_norm, layer_norm_wrong, "forgets the path through the variance"),
    planted_pair(
        "groupnorm",
        GROUPS,
        groupnorm_forward,
        groupnorm_backward,
        groupnorm_backward_wrong,
        "divides by the size of all channels instead of a group's",
        options={"G": Choice((1, 2, 4))},
    ),
    planted_pair("rms_norm", "(n,d),(d)->(n,d)", rms_norm, rms_norm_bwd, rms_norm_bwd_wrong, "r squared, not cubed"),
    planted_pullback(
        "weight_norm",
        "(n,i),(i,o),(o)->(n,o)",
        weight_norm,
        weight_norm_wrong,
        "forgets to project out the direction of v",
        domain={"v": Nonzero()},
    ),
    planted_pullback(
        "standardised", "(n),(n)->(n)", standardised, standardised_wrong, "forgets to divide by the spread"
    ),
]
