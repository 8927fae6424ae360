"""Activations, by the formulas that torch's documentation gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .operands import numbers, pi, shape_of, special


def _elu(x: Any, alpha: Any = 1, scale: Any = 1, input_scale: Any = 1) -> Any:
    return np.where(x > 0, x * scale, np.expm1(x * input_scale) * alpha * scale)


def _gelu(x: Any, *, approximate: str = "none") -> Any:
    if approximate == "none":
        return x * special("ndtr", x)
    return x / 2 * (1 + np.tanh(np.sqrt(2 / pi()) * (x + 0.044715 * x * x * x)))


def _softplus(x: Any, beta: Any = 1, threshold: Any = 20) -> Any:
    scaled = x * beta
    return np.where(scaled > threshold, x, np.log1p(np.exp(scaled)) / beta)


def _softshrink(x: Any, lambd: Any = 0.5) -> Any:
    return np.where(x > lambd, x - lambd, np.where(x < -lambd, x + lambd, 0 * x))


def _glu(x: Any, dim: int = -1) -> Any:
    half = shape_of(x)[dim] // 2
    rows = np.moveaxis(x, dim, -1)
    return np.moveaxis(rows[..., :half] * special("expit", rows[..., half:]), -1, dim)


def _log_sigmoid(x: Any) -> tuple[Any, Any]:
    """The buffer behind the output is the kernel's own business."""
    return special("log_expit", x), np.zeros(shape_of(x))


ACTIVATIONS: Mapping[str, Callable[..., Any]] = {
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x, slope=0.01: np.where(x > 0, x, x * slope),
    "elu": _elu,
    "celu": lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.expm1(x / alpha)),
    "gelu": _gelu,
    "silu": lambda x: x * special("expit", x),
    "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))),
    "softplus": _softplus,
    "hardtanh": lambda x, low=-1, high=1: np.clip(x, low, high),
    "hardswish": lambda x: x * np.clip(x + 3, 0, 6) / 6,
    "hardsigmoid": lambda x: np.clip(x + 3, 0, 6) / 6,
    "hardshrink": lambda x, lambd=0.5: np.where((x >= -lambd) & (x <= lambd), 0 * x, x),
    "softshrink": _softshrink,
    "threshold": lambda x, threshold, value: np.where(x <= threshold, numbers(value), x),
    "log_sigmoid_forward": _log_sigmoid,
    "_prelu_kernel": lambda x, weight: np.where(x > 0, x, weight * x),
    "glu": _glu,
}
