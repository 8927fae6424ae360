"""Losses, by the formulas that torch's documentation gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .operands import numbers, shape_of, special

_MEAN, _SUM = 1, 2  # torch's codes; 0 is none


def _reduced(values: Any, reduction: int) -> Any:
    if reduction == _MEAN:
        return np.mean(values)
    return np.sum(values) if reduction == _SUM else values


def _smooth_l1(x: Any, y: Any, reduction: int = _MEAN, beta: Any = 1.0) -> Any:
    size = np.abs(x - y)
    if beta == 0:
        return _reduced(size, reduction)
    return _reduced(np.where(size < beta, size * size / beta / 2, size - numbers(beta) / 2), reduction)


def _huber(x: Any, y: Any, reduction: int = _MEAN, delta: Any = 1.0) -> Any:
    size = np.abs(x - y)
    return _reduced(np.where(size <= delta, size * size / 2, delta * (size - numbers(delta) / 2)), reduction)


def _binary_cross_entropy(x: Any, y: Any, weight: Any = None, reduction: int = _MEAN) -> Any:
    """torch holds the logarithms above -100."""
    likelihood = y * np.maximum(np.log(x), -100) + (1 - y) * np.maximum(np.log1p(-x), -100)
    return _reduced(-likelihood if weight is None else -likelihood * weight, reduction)


def _with_logits(x: Any, y: Any, weight: Any = None, pos_weight: Any = None, reduction: int = _MEAN) -> Any:
    weighted = 1 if pos_weight is None else 1 + (pos_weight - 1) * y
    loss = (1 - y) * x - weighted * special("log_expit", x)
    return _reduced(loss if weight is None else loss * weight, reduction)


def _nll(x: Any, target: Any, weight: Any, reduction: int, ignored: int) -> tuple[Any, Any]:
    target = np.asarray(target)
    kept = target != ignored
    places = np.where(kept, target, 0)
    if len(shape_of(x)) == 1:
        picked, each = x[places], numbers(1) if weight is None else weight[places]
    else:
        picked = np.take_along_axis(x, np.expand_dims(places, 1), axis=1)[:, 0]
        each = numbers(np.ones(places.shape)) if weight is None else weight[places]
    shares = np.where(kept, each, 0)
    total = np.sum(shares)
    losses = np.where(kept, -picked * shares, 0)
    if reduction == _MEAN:
        return np.sum(losses) / total, total
    return (np.sum(losses), total) if reduction == _SUM else (losses, np.zeros(()))


def _multi_margin(x: Any, target: Any, p: Any = 1, margin: Any = 1, weight: Any = None, reduction: int = _MEAN) -> Any:
    rows, places = (x, np.asarray(target)) if len(shape_of(x)) > 1 else (x[None], np.asarray(target).reshape(1))
    right = np.take_along_axis(rows, places[:, None], axis=1)
    losses = np.maximum(margin - right + rows, 0) ** p
    if weight is not None:
        losses = losses * weight[places][:, None]
    others = np.arange(shape_of(rows)[1]) != places[:, None]
    values = np.sum(np.where(others, losses, 0), axis=1) / shape_of(rows)[1]
    return _reduced(values if len(shape_of(x)) > 1 else values[0], reduction)


LOSSES: Mapping[str, Callable[..., Any]] = {
    "mse_loss": lambda x, y, reduction=_MEAN: _reduced((x - y) * (x - y), reduction),
    "smooth_l1_loss": _smooth_l1,
    "huber_loss": _huber,
    "binary_cross_entropy": _binary_cross_entropy,
    "binary_cross_entropy_with_logits": _with_logits,
    "nll_loss_forward": _nll,
    "nll_loss2d_forward": _nll,
    "soft_margin_loss": lambda x, y, reduction=_MEAN: _reduced(np.log1p(np.exp(-y * x)), reduction),
    "multi_margin_loss": _multi_margin,
}
