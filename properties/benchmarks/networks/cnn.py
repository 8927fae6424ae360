"""A small convolutional network: 3x3 convolution, relu, 2x2 max pooling, affine, softmax cross-entropy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES

from .cross_entropy import cross_entropy, slope_of_cross_entropy

Array = np.ndarray[Any, Any]
OFFSETS = [(i, j) for i in range(3) for j in range(3)]


@dataclass(frozen=True)
class Sizes:
    """Batch, channels, height and width, filters and classes."""

    batch: int
    channels: int
    side: int
    filters: int
    classes: int

    def __str__(self) -> str:
        return f"({self.batch},{self.channels},{self.side},{self.side}) with {self.filters} filters"


SMALL, LARGE = Sizes(2, 1, 8, 4, 10), Sizes(32, 8, 30, 16, 10)


def arrays(sizes: Sizes) -> tuple[Array, ...]:
    """x, w, b, v, d and labels, the same ones for everybody."""
    source = np.random.default_rng(7)
    n, c, s, f = sizes.batch, sizes.channels, sizes.side, sizes.filters
    features = f * ((s - 2) // 2) ** 2
    shapes = ((n, c, s, s), (f, c, 3, 3), (f,), (features, sizes.classes), (sizes.classes,))
    return (*(source.standard_normal(shape) / 8 for shape in shapes), source.integers(0, sizes.classes, n))


def loss(x: Array, w: Array, b: Array, v: Array, d: Array, labels: Array) -> Array:
    """The network in the engine's layers."""
    pooled = LAYERS["max_pool2d"](LAYERS["relu"](LAYERS["conv2d"](x, w, b)))
    return LOSSES["softmax_cross_entropy"](LAYERS["affine"](LAYERS["flatten"](pooled), v, d), labels)


def forward(xp: Any, x: Any, w: Any, b: Any, v: Any, d: Any, labels: Array) -> Any:
    """The network in plain NumPy, or in what looks like it."""
    n, c, s, _ = x.shape
    columns = xp.stack([x[:, :, i : i + s - 2, j : j + s - 2] for i, j in OFFSETS], axis=2)
    filtered = xp.matmul(xp.reshape(w, (len(w), c * 9)), xp.reshape(columns, (n, c * 9, (s - 2) ** 2))) + b[:, None]
    half = (s - 2) // 2
    blocks = xp.reshape(xp.maximum(filtered, 0), (n, len(w), half, 2, half, 2))
    pooled = xp.reshape(xp.max(blocks, axis=(3, 5)), (n, -1))
    return cross_entropy(xp, xp.matmul(pooled, v) + d, labels)


def plain_loss(*given: Array) -> Array:
    """The same in plain NumPy, traced operation by operation."""
    return forward(np, *given)


def by_hand(x: Array, w: Array, b: Array, v: Array, d: Array, labels: Array) -> tuple[Array, ...]:
    """The gradient of the same loss, written out by hand."""
    (n, c, s, _), f = x.shape, len(w)
    side, half, rows = s - 2, (s - 2) // 2, w.reshape(f, c * 9)
    columns = np.stack([x[:, :, i : i + side, j : j + side] for i, j in OFFSETS], axis=2).reshape(n, c * 9, side**2)
    a = rows @ columns + b[:, None]
    blocks = np.maximum(a, 0).reshape(n, f, half, 2, half, 2)
    top = blocks.max(axis=(3, 5), keepdims=True)
    pooled = top.reshape(n, -1)
    dz = slope_of_cross_entropy(pooled @ v + d, labels)
    da = (((dz @ v.T).reshape(top.shape) * (blocks == top)).reshape(a.shape)) * (a > 0)
    spread = (rows.T @ da).reshape(n, c, 9, side, side)
    dx = np.zeros_like(x)
    for place, (i, j) in enumerate(OFFSETS):
        dx[:, :, i : i + side, j : j + side] += spread[:, :, place]
    dw = np.matmul(da, columns.transpose(0, 2, 1)).sum(axis=0).reshape(w.shape)
    return dx, dw, da.sum(axis=(0, 2)), pooled.T @ dz, dz.sum(axis=0)


def in_autograd() -> Any:
    """The same loss for HIPS autograd."""
    import autograd.numpy as anp

    return lambda *given: forward(anp, *given)


def in_torch() -> Any:
    """The same loss for torch."""
    from torch.nn.functional import conv2d, cross_entropy, max_pool2d, relu

    return lambda x, w, b, v, d, labels: cross_entropy(max_pool2d(relu(conv2d(x, w, b)), 2).flatten(1) @ v + d, labels)
