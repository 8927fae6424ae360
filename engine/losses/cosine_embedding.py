"""The cosine embedding loss: the angle between vectors that should, or should not, be alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..domains import mask, nonzero
from ..options import Choice, Real
from ..subjects import layer


@layer(
    "(n,d),(n,d),(n)->()",
    domain={"a": nonzero, "b": nonzero, "alike": mask},
    batch="n",
    margin=Real(-1.0, 1.0),
    reduction=Choice(("mean", "sum")),
)
def cosine_embedding(a: Any, b: Any, alike: Any, margin: float = 0.0, reduction: str = "mean") -> Any:
    """The mean (or sum) over rows of ``1 - cos(a, b)`` where they are alike, else ``max(cos(a, b) - margin, 0)``."""
    u, v = a / np.linalg.norm(a, axis=1, keepdims=True), b / np.linalg.norm(b, axis=1, keepdims=True)
    cosine = np.sum(u * v, axis=1)
    losses = np.where(alike, 1 - cosine, np.maximum(cosine - margin, 0))
    return np.mean(losses) if reduction == "mean" else np.sum(losses)


@cosine_embedding.pullback
def cosine_embedding(a: Any, b: Any, alike: Any, margin: float = 0.0, reduction: str = "mean") -> Any:
    """With unit vectors ``u = a / ||a||`` and ``v = b / ||b||``, ``cos = u^T v`` and ``du = (1 - u u^T) da / ||a||``.

    Differential: ``dcos = (v - cos u)^T da / ||a|| + (u - cos v)^T db / ||b||``, row by row.

    Trace form: ``dL = tr(G_a^T da) / n + tr(G_b^T db) / n``, with the rows ``m (v - cos u) / ||a||`` of ``G_a`` and
    ``m (u - cos v) / ||b||`` of ``G_b``; ``m`` is -1 where alike, else 1 above the margin and 0 below it.

    Gradient: ``G_a / n`` and ``G_b / n``.
    """
    size_a, size_b = np.linalg.norm(a, axis=1, keepdims=True), np.linalg.norm(b, axis=1, keepdims=True)
    u, v, alike = a / size_a, b / size_b, alike[:, None]
    cosine = np.sum(u * v, axis=1, keepdims=True)
    losses = np.where(alike, 1 - cosine, np.maximum(cosine - margin, 0))
    count = len(u) if reduction == "mean" else 1

    def pull(ct: Any) -> Any:
        share = ct / count
        slope = np.where(alike, -share, share * (cosine > margin))
        return slope * (v - cosine * u) / size_a, slope * (u - cosine * v) / size_b, None

    return np.sum(losses) / count, pull


@cosine_embedding.invariant
def cosine_embedding(a: Any, da: Any) -> Any:
    """the cotangent for a vector is orthogonal to it: its length does not count"""
    return np.sum(a * da, axis=1), np.zeros(a.shape[0])
