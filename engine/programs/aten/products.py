"""Products of matrices and vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .operands import shape_of


def _addmm(added: Any, a: Any, b: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    product = np.matmul(a, b)
    scaled = product if alpha == 1 else product * alpha
    return scaled if beta == 0 else scaled + (added if beta == 1 else added * beta)


def _addbmm(added: Any, a: Any, b: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    product = np.sum(np.matmul(a, b), axis=0)
    return product * alpha + added * beta


def _addr(added: Any, a: Any, b: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    return a[:, None] * b[None, :] * alpha + added * beta


def _linear(x: Any, weight: Any, bias: Any = None) -> Any:
    product = np.matmul(x, np.swapaxes(weight, -1, -2) if len(shape_of(weight)) > 1 else weight)
    return product if bias is None else product + bias


def _dot(a: Any, b: Any) -> Any:
    return np.sum(a * b)


def _trilinear(
    a: Any,
    b: Any,
    c: Any,
    expand1: Sequence[int],
    expand2: Sequence[int],
    expand3: Sequence[int],
    summed: Sequence[int],
    _: int = 1,
) -> Any:
    for axis in sorted(expand1):
        a = np.expand_dims(a, axis)
    for axis in sorted(expand2):
        b = np.expand_dims(b, axis)
    for axis in sorted(expand3):
        c = np.expand_dims(c, axis)
    return np.sum(a * b * c, axis=tuple(summed))


def _cross(x: Any, y: Any, *, dim: int = -1) -> Any:
    a, b = (np.moveaxis(part, dim, 0) for part in (x, y))
    product = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
    return np.moveaxis(np.stack(product), 0, dim)


PRODUCTS: Mapping[str, Callable[..., Any]] = {
    "mm": np.matmul,
    "bmm": np.matmul,
    "mv": np.matmul,
    "matmul": np.matmul,
    "dot": _dot,
    "vdot": _dot,
    "addmm": _addmm,
    "addmv": _addmm,
    "baddbmm": _addmm,
    "addbmm": _addbmm,
    "addr": _addr,
    "linear": _linear,
    "_trilinear": _trilinear,
    "linalg_cross": _cross,
}
