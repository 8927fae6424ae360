"""A multilayer perceptron: affine, relu, affine, softmax cross-entropy."""

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
    """Batch, inputs, hidden units and classes."""

    batch: int
    inputs: int
    hidden: int
    classes: int

    def __str__(self) -> str:
        return f"({self.batch},{self.inputs},{self.hidden},{self.classes})"


SMALL, LARGE = Sizes(8, 16, 32, 10), Sizes(256, 512, 512, 10)


def arrays(sizes: Sizes) -> tuple[Array, ...]:
    """x, w1, b1, w2, b2 and labels, the same ones for everybody."""
    source = np.random.default_rng(7)
    n, i, h, c = sizes.batch, sizes.inputs, sizes.hidden, sizes.classes
    shapes = ((n, i), (i, h), (h,), (h, c), (c,))
    return (*(source.standard_normal(shape) / np.sqrt(shape[0]) for shape in shapes), source.integers(0, c, n))


def loss(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, labels: Array) -> Array:
    """affine-relu-affine-softmax-cross-entropy, in the engine's layers."""
    hidden = LAYERS["relu"](LAYERS["affine"](x, w1, b1))
    return LOSSES["softmax_cross_entropy"](LAYERS["affine"](hidden, w2, b2), labels)


def plain_loss(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, labels: Array) -> Array:
    """The same in plain NumPy, traced operation by operation."""
    return cross_entropy(np, np.maximum(x @ w1 + b1, 0) @ w2 + b2, labels)


def by_hand(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, labels: Array) -> tuple[Array, ...]:
    """The gradient of the same loss, written out by hand."""
    a = x @ w1 + b1
    h = np.maximum(a, 0)
    s = slope_of_cross_entropy(h @ w2 + b2, labels)
    da = (s @ w2.T) * (a > 0)
    return da @ w1.T, x.T @ da, da.sum(axis=0), h.T @ s, s.sum(axis=0)


def in_autograd() -> Any:
    """The same loss for HIPS autograd."""
    import autograd.numpy as anp

    def loss(x: Any, w1: Any, b1: Any, w2: Any, b2: Any, labels: Array) -> Any:
        return cross_entropy(anp, anp.dot(anp.maximum(anp.dot(x, w1) + b1, 0), w2) + b2, labels)

    return loss


def in_torch() -> Any:
    """The same loss for torch."""
    import torch

    def loss(x: Any, w1: Any, b1: Any, w2: Any, b2: Any, labels: Any) -> Any:
        return torch.nn.functional.cross_entropy(torch.relu(x @ w1 + b1) @ w2 + b2, labels)

    return loss


def torch_gradcheck(sizes: Sizes) -> Any:
    """torch's gradcheck (slow mode, its default) of the same network."""
    import torch

    *floats, labels = arrays(sizes)
    inputs = [torch.tensor(array, requires_grad=True) for array in floats]
    target = torch.tensor(labels)

    network = in_torch()
    return lambda: torch.autograd.gradcheck(lambda *given: network(*given, target), inputs)
