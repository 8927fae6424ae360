"""Softmaxes, normalisations and attention, by the formulas that torch's documentation gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import Any

import numpy as np

from ...errors import NotExtendable
from ...extended import extended
from .operands import held_down, shape_of


def softmax(x: Any, dim: int, *_: Any) -> Any:
    """The softmax along an axis."""
    terms = np.exp(x - held_down(x, dim))
    return terms / np.sum(terms, axis=dim, keepdims=True) if shape_of(x) else terms / terms


def log_softmax(x: Any, dim: int, *_: Any) -> Any:
    """The logarithm of the softmax along an axis."""
    if not shape_of(x):
        return x - x
    shifted = x - held_down(x, dim)
    return shifted - np.log(np.sum(np.exp(shifted), axis=dim, keepdims=True))


def _safe_softmax(x: Any, dim: int, *_: Any) -> Any:
    """Zero along rows that are masked out altogether."""
    terms = np.exp(x - held_down(x, dim))
    total = np.sum(terms, axis=dim, keepdims=True)
    masked = np.all(np.equal(x, -inf), axis=dim, keepdims=True)
    return terms / np.where(masked, 1, total)


def _affine(x: Any, weight: Any, bias: Any, shape: Sequence[int]) -> Any:
    scaled = x if weight is None else x * np.reshape(weight, tuple(shape))
    return scaled if bias is None else scaled + np.reshape(bias, tuple(shape))


def _standardized(x: Any, axes: tuple[int, ...], eps: Any) -> tuple[Any, Any, Any]:
    """The deviations in units of the standard deviation, the means, and one over those units."""
    mean = np.mean(x, axis=axes, keepdims=True)
    deviation = x - mean
    unit = 1 / np.sqrt(np.mean(deviation * deviation, axis=axes, keepdims=True) + eps)
    return deviation * unit, mean, unit


def _layer_norm(x: Any, shape: Sequence[int], weight: Any, bias: Any, eps: Any) -> tuple[Any, Any, Any]:
    rows, mean, unit = _standardized(x, tuple(range(-len(shape), 0)), eps)
    return _affine(rows, weight, bias, shape), mean, unit


def _group_norm(
    x: Any, weight: Any, bias: Any, n: int, channels: int, size: int, groups: int, eps: Any
) -> tuple[Any, Any, Any]:
    split = np.reshape(x, (n, groups, channels // groups * size))
    rows, mean, unit = _standardized(split, (-1,), eps)
    shape = (channels, *[1] * (len(shape_of(x)) - 2))
    return _affine(np.reshape(rows, shape_of(x)), weight, bias, shape), mean[..., 0], unit[..., 0]


def _batch_norm(
    x: Any, weight: Any, bias: Any, running_mean: Any, running_var: Any, training: bool, _: Any, eps: Any
) -> tuple[Any, Any, Any]:
    """What is kept for the pullback is empty where nothing was learned from the batch."""
    shape = (-1, *[1] * (len(shape_of(x)) - 2))
    if training:
        axes = (0, *range(2, len(shape_of(x))))
        rows, mean, unit = _standardized(x, axes, eps)
        return _affine(rows, weight, bias, shape), np.reshape(mean, (-1,)), np.reshape(unit, (-1,))
    rows = (x - np.reshape(running_mean, shape)) / np.sqrt(np.reshape(running_var, shape) + eps)
    return _affine(rows, weight, bias, shape), np.zeros(0), np.zeros(0)


def _attention(
    q: Any, k: Any, v: Any, dropout: Any = 0.0, causal: bool = False, *, attn_mask: Any = None, scale: Any = None
) -> tuple[Any, Any]:
    if dropout:
        raise NotExtendable("torch's scaled_dot_product_attention with dropout draws random numbers.")
    unit = 1 / np.sqrt(extended(shape_of(q)[-1])) if scale is None else scale
    scores = np.matmul(q, np.swapaxes(k, -1, -2)) * unit
    if causal:
        rows, columns = shape_of(scores)[-2:]
        scores = np.where(np.tri(rows, columns, dtype=bool), scores, -inf)
    if attn_mask is not None:
        scores = scores + attn_mask
    shift = held_down(scores, -1)
    weights = np.exp(scores - shift)
    total = np.sum(weights, axis=-1, keepdims=True)
    return np.matmul(weights / total, v), (np.log(total) + shift)[..., 0]


NORMALISATIONS: Mapping[str, Callable[..., Any]] = {
    "_softmax": softmax,
    "_log_softmax": log_softmax,
    "_safe_softmax": _safe_softmax,
    "native_layer_norm": _layer_norm,
    "native_group_norm": _group_norm,
    "native_batch_norm": _batch_norm,
    "_native_batch_norm_legit": _batch_norm,
    "_native_batch_norm_legit.no_stats": lambda x, weight, bias, *rest: _batch_norm(x, weight, bias, None, None, *rest),
    "_scaled_dot_product_flash_attention_for_cpu": _attention,
}
