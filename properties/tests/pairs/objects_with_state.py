"""Layer objects that keep more than weights: dropout's mask, a loss with its own softmax, running statistics."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Labels, Mask
from backproof.engine.options import Choice, Real

from ._making import planted_object


class Dropout:
    def __init__(self, rate=0.5):
        self.keep = 1 - rate

    def forward(self, x, mask):
        self.mask = mask
        return x * mask / self.keep

    def backward(self, dout):
        return dout * self.mask / self.keep


class DropoutUnscaled(Dropout):
    def backward(self, dout):
        return dout * self.mask


class SoftmaxWithLoss:
    def __init__(self):
        self.loss = None
        self.y = None
        self.t = None

    def forward(self, x, t):
        self.t = t
        x = x - np.max(x, axis=1, keepdims=True)
        self.y = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)
        self.loss = -np.sum(np.log(self.y[np.arange(len(t)), t])) / t.shape[0]
        return self.loss

    def backward(self, dout=1):
        batch_size = self.t.shape[0]
        dx = self.y.copy()
        dx[np.arange(batch_size), self.t] -= 1
        dx *= dout
        return dx / batch_size


class SoftmaxWithLossDeaf(SoftmaxWithLoss):
    def backward(self, dout=1):
        batch_size = self.t.shape[0]
        dx = self.y.copy()
        dx[np.arange(batch_size), self.t] -= 1
        return dx / batch_size


# batch norm, with running statistics -----------------------------------------------------------------


class BatchNorm:
    def __init__(self, momentum=0.9, training=True):
        self.gamma = self.beta = self.dgamma = self.dbeta = None
        self.momentum, self.training = momentum, training
        self.running_mean, self.running_var = 0.25, 2.0

    def forward(self, x):
        if self.training:
            mu = x.mean(axis=0)
            self.xc = x - mu
            var = np.mean(self.xc**2, axis=0)
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mu
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        else:
            self.xc = x - self.running_mean
            var = self.running_var
        self.std = np.sqrt(var + 1e-7)
        self.xn = self.xc / self.std
        return self.gamma * self.xn + self.beta

    def backward(self, dout):
        self.dbeta = dout.sum(axis=0)
        self.dgamma = np.sum(self.xn * dout, axis=0)
        dxn = self.gamma * dout
        if not self.training:
            return dxn / self.std
        dxc = dxn / self.std
        dstd = -np.sum((dxn * self.xc) / (self.std * self.std), axis=0)
        dvar = 0.5 * dstd / self.std
        dxc = dxc + (2.0 / len(dout)) * self.xc * dvar
        return dxc - np.sum(dxc, axis=0) / len(dout)


class BatchNormAlwaysTraining(BatchNorm):
    def backward(self, dout):
        training, self.training = self.training, True
        dx = super().backward(dout)
        self.training = training
        return dx


PAIRS = [
    planted_object(
        "Dropout",
        "(n,d),(n,d)->(n,d)",
        Dropout,
        DropoutUnscaled,
        "forgets the scale on the way back",
        domain={"mask": Mask()},
        options={"rate": Real(0.0, 1.0)},
    ),
    planted_object(
        "SoftmaxWithLoss",
        "(n,c),(n)->()",
        SoftmaxWithLoss,
        SoftmaxWithLossDeaf,
        "ignores the gradient that comes from above",
        domain={"t": Labels("c")},
    ),
    planted_object(
        "BatchNorm",
        "(n,d),(d),(d)->(n,d)",
        BatchNorm,
        BatchNormAlwaysTraining,
        "in eval mode, the gradient goes through the batch's statistics all the same",
        parameters={"gamma": ("gamma", "dgamma"), "beta": ("beta", "dbeta")},
        state=("running_mean", "running_var"),
        options={"momentum": Real(0.0, 1.0), "training": Choice((True, False))},
    ),
]
