"""An LSTM over a sequence, whose last hidden state is classified by softmax cross-entropy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES

from .cross_entropy import cross_entropy, slope_of_cross_entropy

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Sizes:
    """Steps, batch, inputs, hidden units and classes."""

    steps: int
    batch: int
    inputs: int
    hidden: int
    classes: int

    def __str__(self) -> str:
        return f"{self.steps} steps of ({self.batch},{self.inputs},{self.hidden},{self.classes})"


SMALL, LARGE = Sizes(10, 4, 8, 16, 10), Sizes(20, 64, 128, 256, 10)


def arrays(sizes: Sizes) -> tuple[Array, ...]:
    """x, wx, wh, b, v, d and labels, the same ones for everybody."""
    source = np.random.default_rng(7)
    t, n, i, h, c = sizes.steps, sizes.batch, sizes.inputs, sizes.hidden, sizes.classes
    shapes = ((t, n, i), (i, 4 * h), (h, 4 * h), (4 * h,), (h, c), (c,))
    return (*(source.standard_normal(shape) / np.sqrt(shape[0]) for shape in shapes), source.integers(0, c, n))


def loss(x: Array, wx: Array, wh: Array, b: Array, v: Array, d: Array, labels: Array) -> Array:
    """The network in the engine's layers."""
    start = np.zeros((x.shape[1], len(wh)))
    hidden = LAYERS["lstm"](x, start, start, wx, wh, b)[-1]
    return LOSSES["softmax_cross_entropy"](LAYERS["affine"](hidden, v, d), labels)


def forward(xp: Any, x: Any, wx: Any, wh: Any, b: Any, v: Any, d: Any, labels: Array) -> Any:
    """The network in plain NumPy, or in what looks like it."""
    size = len(wh)
    h = c = np.zeros((x.shape[1], size))
    for step in range(len(x)):
        z = xp.dot(x[step], wx) + xp.dot(h, wh) + b
        i, f, o = (1 / (1 + xp.exp(-z[:, k * size : (k + 1) * size])) for k in (0, 1, 3))
        c = f * c + i * xp.tanh(z[:, 2 * size : 3 * size])
        h = o * xp.tanh(c)
    return cross_entropy(xp, xp.dot(h, v) + d, labels)


def plain_loss(*given: Array) -> Array:
    """The same in plain NumPy, traced operation by operation."""
    return forward(np, *given)


def by_hand(x: Array, wx: Array, wh: Array, b: Array, v: Array, d: Array, labels: Array) -> tuple[Array, ...]:
    """The gradient of the same loss, written out by hand: backpropagation through time."""
    steps, n, _ = x.shape
    size = len(wh)
    hs, cs = np.zeros((steps + 1, n, size)), np.zeros((steps + 1, n, size))
    gates, tanhs = np.empty((steps, n, 4 * size)), np.empty((steps, n, size))
    inputs = x @ wx + b
    new = slice(2 * size, 3 * size)
    for t in range(steps):
        z = inputs[t] + hs[t] @ wh
        gates[t] = 1 / (1 + np.exp(-z))
        gates[t, :, new] = np.tanh(z[:, new])
        i, f, g, o = (gates[t, :, k * size : (k + 1) * size] for k in range(4))
        cs[t + 1] = f * cs[t] + i * g
        tanhs[t] = np.tanh(cs[t + 1])
        hs[t + 1] = o * tanhs[t]
    dlogits = slope_of_cross_entropy(hs[-1] @ v + d, labels)
    dh, dc, dz = dlogits @ v.T, np.zeros((n, size)), np.empty((steps, n, 4 * size))
    for t in reversed(range(steps)):
        i, f, g, o = (gates[t, :, k * size : (k + 1) * size] for k in range(4))
        dc = dc + dh * o * (1 - tanhs[t] ** 2)
        dz[t] = np.concatenate(
            [dc * g * i * (1 - i), dc * cs[t] * f * (1 - f), dc * i * (1 - g**2), dh * tanhs[t] * o * (1 - o)], axis=1
        )
        dh, dc = dz[t] @ wh.T, dc * f
    flat = dz.reshape(-1, 4 * size)
    dwh = hs[:-1].reshape(-1, size).T @ flat
    return dz @ wx.T, x.reshape(steps * n, -1).T @ flat, dwh, flat.sum(axis=0), hs[-1].T @ dlogits, dlogits.sum(axis=0)


def in_autograd() -> Any:
    """The same loss for HIPS autograd."""
    import autograd.numpy as anp

    return lambda *given: forward(anp, *given)


def in_torch() -> Any:
    """The same loss for torch, by its own LSTM."""
    import torch

    def loss(x: Any, wx: Any, wh: Any, b: Any, v: Any, d: Any, labels: Any) -> Any:
        start = torch.zeros(1, x.shape[1], len(wh), dtype=x.dtype)
        flat = [wx.T, wh.T, b, torch.zeros_like(b)]
        hidden = torch.lstm(x, (start, start), flat, True, 1, 0.0, True, False, False)[0][-1]
        return torch.nn.functional.cross_entropy(hidden @ v + d, labels)

    return loss
