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
    """x, w, u, b, v, d and labels, the same ones for everybody; w, u, b of the gates i, f, o and of the new memory."""
    source = np.random.default_rng(7)
    t, n, i, h, c = sizes.steps, sizes.batch, sizes.inputs, sizes.hidden, sizes.classes
    shapes = ((t, n, i), (4, i, h), (4, h, h), (4, h), (h, c), (c,))
    return (*(source.standard_normal(shape) / np.sqrt(shape[-2:][0]) for shape in shapes), source.integers(0, c, n))


def loss(x: Array, w: Array, u: Array, b: Array, v: Array, d: Array, labels: Array) -> Array:
    """The network in the engine's layers."""
    start = np.zeros((x.shape[1], b.shape[1]))
    hidden = LAYERS["lstm"](x, start, start, w, u, b)[-1]
    return LOSSES["softmax_cross_entropy"](LAYERS["affine"](hidden, v, d), labels)


def forward(xp: Any, x: Any, w: Any, u: Any, b: Any, v: Any, d: Any, labels: Array) -> Any:
    """The network in plain NumPy, or in what looks like it."""
    h = c = np.zeros((x.shape[1], b.shape[1]))
    for step in range(len(x)):
        z = xp.matmul(x[step], w) + xp.matmul(h, u) + b[:, None, :]
        i, f, o = (1 / (1 + xp.exp(-z[k])) for k in range(3))
        c = f * c + i * xp.tanh(z[3])
        h = o * xp.tanh(c)
    return cross_entropy(xp, xp.matmul(h, v) + d, labels)


def plain_loss(*given: Array) -> Array:
    """The same in plain NumPy, traced operation by operation."""
    return forward(np, *given)


def by_hand(x: Array, w: Array, u: Array, b: Array, v: Array, d: Array, labels: Array) -> tuple[Array, ...]:
    """The gradient of the same loss, written out by hand: backpropagation through time, all gates in one product."""
    (steps, n, _), size = x.shape, b.shape[1]
    wide_w, wide_u = (np.concatenate(each, axis=1) for each in (w, u))
    hs, cs = np.zeros((steps + 1, n, size)), np.zeros((steps + 1, n, size))
    gates, tanhs = np.empty((steps, n, 4 * size)), np.empty((steps, n, size))
    inputs = x @ wide_w + b.ravel()
    parts = [slice(k * size, (k + 1) * size) for k in range(4)]
    for t in range(steps):
        z = inputs[t] + hs[t] @ wide_u
        gates[t, :, : 3 * size] = 1 / (1 + np.exp(-z[:, : 3 * size]))
        gates[t, :, parts[3]] = np.tanh(z[:, parts[3]])
        i, f, o, g = (gates[t, :, part] for part in parts)
        cs[t + 1] = f * cs[t] + i * g
        tanhs[t] = np.tanh(cs[t + 1])
        hs[t + 1] = o * tanhs[t]
    dlogits = slope_of_cross_entropy(hs[-1] @ v + d, labels)
    dh, dc, dz = dlogits @ v.T, np.zeros((n, size)), np.empty((steps, n, 4 * size))
    for t in reversed(range(steps)):
        i, f, o, g = (gates[t, :, part] for part in parts)
        dc = dc + dh * o * (1 - tanhs[t] ** 2)
        dz[t] = np.concatenate(
            [dc * g * i * (1 - i), dc * cs[t] * f * (1 - f), dh * tanhs[t] * o * (1 - o), dc * i * (1 - g**2)], axis=1
        )
        dh, dc = dz[t] @ wide_u.T, dc * f
    flat = dz.reshape(-1, 4 * size)
    dw, du = (np.stack(np.split(a.reshape(steps * n, -1).T @ flat, 4, axis=1)) for a in (x, hs[:-1]))
    return dz @ wide_w.T, dw, du, flat.sum(axis=0).reshape(b.shape), hs[-1].T @ dlogits, dlogits.sum(axis=0)


def in_autograd() -> Any:
    """The same loss for HIPS autograd."""
    import autograd.numpy as anp

    return lambda *given: forward(anp, *given)


def in_torch() -> Any:
    """The same loss for torch, by its own LSTM."""
    import torch

    def loss(x: Any, w: Any, u: Any, b: Any, v: Any, d: Any, labels: Any) -> Any:
        start = torch.zeros(1, x.shape[1], b.shape[1], dtype=x.dtype)
        order = [0, 1, 3, 2]  # torch's: the new memory before the output gate
        flat = [torch.cat(list(each[order].mT)) for each in (w, u)] + [b[order].ravel(), torch.zeros_like(b).ravel()]
        hidden = torch.lstm(x, (start, start), flat, True, 1, 0.0, True, False, False)[0][-1]
        return torch.nn.functional.cross_entropy(hidden @ v + d, labels)

    return loss
