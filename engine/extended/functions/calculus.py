"""Differences, integrals and polynomials along an axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import NotExtendable
from ..arithmetic import active
from ..choices import absolute, compare
from ..lifting import entered, filled, lifted
from ..rounding import rounded
from .arranging import concatenate
from .dispatching import implements
from .reductions import divided, sum_


@implements(np.diff)
def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    plain = entered(a)
    numbers = lifted(plain) if plain.dtype.kind in "Of" else plain
    edges = [None if part is None else _edge(part, numbers, axis) for part in (prepend, append)]
    numbers = concatenate([part for part in (edges[0], numbers, edges[1]) if part is not None], axis)
    for _ in range(n):
        rows = np.moveaxis(numbers, axis, 0)
        numbers = np.moveaxis(rows[1:] - rows[:-1], 0, axis)
    return numbers


def _edge(value: Any, numbers: Any, axis: int) -> Any:
    part = lifted(entered(value))
    if part.ndim:
        return part
    shape = list(numbers.shape)
    shape[axis] = 1
    return np.broadcast_to(part, shape)


@implements(np.ediff1d)
def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    flat = lifted(entered(ary)).ravel()
    parts = [to_begin, flat[1:] - flat[:-1], to_end]
    return np.concatenate([np.atleast_1d(lifted(entered(part))) for part in parts if part is not None])


@implements(np.gradient)
def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    numbers = lifted(entered(f))
    axes = range(numbers.ndim) if axis is None else np.atleast_1d(np.asarray(axis, dtype=int)).tolist()
    spacings = [lifted(entered(part)) for part in (varargs or (1,))]
    if edge_order != 1 or any(spacing.ndim for spacing in spacings):
        raise NotExtendable("np.gradient with edge_order=2 or uneven spacing is not supported on extended arrays.")
    spacings = spacings * len(axes) if len(spacings) == 1 else spacings
    slopes = []
    for one, spacing in zip(axes, spacings, strict=True):
        rows = np.moveaxis(numbers, one, 0)
        slope = np.concatenate([rows[1:2] - rows[:1], (rows[2:] - rows[:-2]) / 2, rows[-1:] - rows[-2:-1]])
        slopes.append(np.moveaxis(slope, 0, one) / spacing)
    return slopes[0] if len(slopes) == 1 else tuple(slopes)


@implements(np.trapezoid)
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    rows = np.moveaxis(lifted(entered(y)), axis, -1)
    if x is None:
        widths = lifted(entered(dx))
    else:
        nodes = lifted(entered(x))
        nodes = nodes if nodes.ndim == 1 else np.moveaxis(nodes, axis, -1)
        widths = nodes[..., 1:] - nodes[..., :-1]
    return sum_(widths * (rows[..., 1:] + rows[..., :-1]) / 2, axis=-1)


@implements(np.polyval)
def polyval(p: Any, x: Any) -> Any:
    coefficients, points = lifted(entered(p)), lifted(entered(x))
    value = filled(points.shape, 0)
    for coefficient in coefficients:
        value = value * points + coefficient
    return value


@implements(np.vander)
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:  # noqa: N803  # NumPy's own name
    points = lifted(entered(x))
    columns = [filled(points.shape, 1)]
    for _ in range((len(points) if N is None else int(N)) - 1):
        columns.append(columns[-1] * points)
    return np.stack(columns if increasing else columns[::-1], axis=1)


@implements(np.unwrap)
def unwrap(p: Any, discont: Any = None, axis: int = -1, *, period: Any = 2 * np.pi) -> Any:
    numbers = np.moveaxis(lifted(entered(p)), axis, -1)
    whole = active().pi() * 2 if isinstance(period, float) and period == 2 * np.pi else lifted(entered(period))[()]
    steps = numbers[..., 1:] - numbers[..., :-1]
    turns = rounded("ceil")(divided(steps, filled(steps.shape, 0) + whole) - active().lift(0.5))
    if discont is not None:
        turns = np.where(
            compare(np.less, absolute(steps), lifted(entered(discont)) + 0 * steps), active().lift(0), turns
        )
    added = np.cumsum(turns * whole, axis=-1) if steps.size else steps
    return np.moveaxis(np.concatenate([numbers[..., :1], numbers[..., 1:] - added], axis=-1), -1, axis)


@implements(np.sinc)
def sinc(x: Any) -> Any:
    angle = lifted(entered(x)) * active().pi()
    zero = active().is_zero(angle)
    safe = np.where(zero, active().lift(1), angle)
    return np.where(zero, active().lift(1), active().elementwise[np.sin](safe) / safe)
