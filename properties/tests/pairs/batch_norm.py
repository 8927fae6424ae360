"""Batch normalisation, by four hands: through the graph, in one line, over pixels, and with frozen statistics."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import positive
from backproof.engine.options import Real

from ._making import planted_pair

eps = 1e-5


# batch norm, walked through the computational graph -------------------------------------------


def batchnorm_forward(x, gamma, beta):
    N = x.shape[0]
    mu = 1.0 / N * np.sum(x, axis=0)
    xmu = x - mu
    sq = xmu**2
    var = 1.0 / N * np.sum(sq, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    out = gamma * xhat + beta
    return out, (xhat, gamma, xmu, ivar, sqrtvar, var)


def batchnorm_backward(dout, cache):
    xhat, gamma, xmu, ivar, sqrtvar, var = cache
    N, D = dout.shape
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1.0 / (sqrtvar**2) * divar
    dvar = 0.5 * 1.0 / np.sqrt(var + eps) * dsqrtvar
    dsq = 1.0 / N * np.ones((N, D), dtype=dout.dtype) * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    dx2 = 1.0 / N * np.ones((N, D), dtype=dout.dtype) * dmu
    return dx1 + dx2, dgamma, dbeta


def batchnorm_backward_wrong(dout, cache):
    xhat, gamma, xmu, ivar, sqrtvar, var = cache
    N, D = dout.shape
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1.0 / (sqrtvar**2) * divar
    dvar = 0.5 * 1.0 / np.sqrt(var + eps) * dsqrtvar
    dsq = 1.0 / N * np.ones((N, D), dtype=dout.dtype) * dvar
    dxmu2 = 2 * xmu * dsq
    return dxmu1 + dxmu2, dgamma, dbeta


# batch norm in one line, with running statistics updated in place -----------------------------


def bn_train(x, gamma, beta, running_mean, running_var, momentum=0.9):
    mean, var = x.mean(axis=0), x.var(axis=0)
    running_mean *= momentum
    running_mean += (1 - momentum) * mean
    running_var *= momentum
    running_var += (1 - momentum) * var
    std = np.sqrt(var + eps)
    z = (x - mean) / std
    return gamma * z + beta, {"z": z, "gamma": gamma, "std": std}


def bn_train_backward(dout, cache):
    z, gamma, std = cache["z"], cache["gamma"], cache["std"]
    m = z.shape[0]
    dbeta, dgamma = dout.sum(axis=0), (dout * z).sum(axis=0)
    dx = gamma / (m * std) * (m * dout - dbeta - z * dgamma)
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


def bn_train_backward_wrong(dout, cache):
    z, gamma, std = cache["z"], cache["gamma"], cache["std"]
    m = z.shape[0]
    dbeta, dgamma = dout.sum(axis=0), (dout * z).sum(axis=0)
    dx = gamma / (m * std) * (m * dout - dbeta - dgamma)
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


# spatial batch norm, by the vanilla one on transposed axes ------------------------------------


def spatial_forward(x, gamma, beta):
    N, C, H, W = x.shape
    rows = x.transpose(0, 2, 3, 1).reshape(N * H * W, C)
    out, cache = batchnorm_forward(rows, gamma, beta)
    return out.reshape(N, H, W, C).transpose(0, 3, 1, 2), cache


def spatial_backward(dout, cache):
    N, C, H, W = dout.shape
    rows = dout.transpose(0, 2, 3, 1).reshape(N * H * W, C)
    dx, dgamma, dbeta = batchnorm_backward(rows, cache)
    return dx.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma, dbeta


def spatial_backward_wrong(dout, cache):
    N, C, H, W = dout.shape
    rows = dout.reshape(N * H * W, C)
    dx, dgamma, dbeta = batchnorm_backward(rows, cache)
    return dx.reshape(N, C, H, W), dgamma, dbeta


# frozen statistics ----------------------------------------------------------------------------


def bn_eval(x, gamma, beta, mean, var):
    scale = gamma / np.sqrt(var + eps)
    return (x - mean) * scale + beta, (x, mean, var, scale)


def bn_eval_backward(dy, cache):
    x, mean, var, scale = cache
    return dy * scale, np.sum(dy * (x - mean) / np.sqrt(var + eps), 0), np.sum(dy, 0)


def bn_eval_backward_wrong(dy, cache):
    x, mean, var, scale = cache
    dx = scale * (dy - dy.mean(0))
    return dx, np.sum(dy * (x - mean) / np.sqrt(var + eps), 0), np.sum(dy, 0)


BN, STATISTICS, NCHW = "(n,d),(d),(d)->(n,d)", "(n,d),(d),(d),(d),(d)->(n,d)", "(n,c,h,w),(c),(c)->(n,c,h,w)"

PAIRS = [
    planted_pair(
        "cs_batchnorm",
        BN,
        batchnorm_forward,
        batchnorm_backward,
        batchnorm_backward_wrong,
        "forgets the path through the mean",
    ),
    planted_pair(
        "bn_train",
        STATISTICS,
        bn_train,
        bn_train_backward,
        bn_train_backward_wrong,
        "the path through the variance lacks its factor z",
        state=("running_mean", "running_var"),
        domain={"running_var": positive},
        options={"momentum": Real(0.0, 1.0)},
    ),
    planted_pair(
        "spatial_batchnorm",
        NCHW,
        spatial_forward,
        spatial_backward,
        spatial_backward_wrong,
        "reshapes the gradient without moving the channels last",
    ),
    planted_pair(
        "bn_eval",
        STATISTICS,
        bn_eval,
        bn_eval_backward,
        bn_eval_backward_wrong,
        "subtracts the mean of the gradient although the statistics are frozen",
        constants=("mean", "var"),
        domain={"var": positive},
    ),
]
