"""Interpolation in tables and phases, and the cardinal sine."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..domains import Interval
from ..linear import Array, LinearMap, identity
from ..maps import scale
from ..options import Choice
from .definitions import defined_as
from .rules import derivative_of


def _in_a_table(interp: Any, x: Array, fp: Array, left: float | None) -> Array:
    return interp(x, np.array([-2.0, -0.5, 1.0, 3.0], dtype=fp.dtype), fp, left=left)


@defined_as(np.interp, "(n),(4)->", call=_in_a_table, options={"left": Choice((None, 0.5))})
def interp(x: Array, xp: Array, fp: Array, left: Any = None, right: Any = None) -> Array:
    """``(1 - t) f_k + t f_(k+1)`` with ``t = (x - x_k) / (x_(k+1) - x_k)`` between two nodes; a constant beyond them"""
    x, nodes, values = (part if hasattr(part, "dtype") else np.asarray(part, dtype=float) for part in (x, xp, fp))
    last = nodes.shape[0] - 1
    below = np.clip(np.searchsorted(nodes, x, "right") - 1, 0, max(last - 1, 0))
    above = np.minimum(below + 1, last)
    width = np.where(np.equal(below, above), 1, nodes[above] - nodes[below])
    share = (x - nodes[below]) / width
    inside = values[below] * (1 - share) + values[above] * share
    raised = np.where(x < nodes[0], values[0] if left is None else left, inside)
    return np.where(x > nodes[last], values[last] if right is None else right, raised)


@derivative_of(np.unwrap, "(n)->", "(2,3)->", options={"axis": Choice((-1,))})
def unwrap(y: Array, p: Array, discont: Any = None, axis: int = -1, period: Any = None) -> LinearMap:
    """``dy = dp``, as what is added are whole periods"""
    return identity


@derivative_of(np.sinc, "(...)->")
def sinc(y: Array, x: Array) -> LinearMap:
    """``d(sin(u) / u) = (cos(u) - sin(u) / u) / u du`` with ``u = pi x``; near 0, where that cancels, a series"""
    pi = 4 * np.arctan(np.ones_like(x))
    u = pi * x
    small = np.absolute(u) < 0.5
    far = np.where(small, 1, u)
    return scale(pi * np.where(small, _series(np.where(small, u, 0)), (np.cos(far) - np.sin(far) / far) / far))


def _series(u: Array) -> Array:
    """``sum_k (-1)^k 2k u^(2k-1) / (2k+1)!``, to forty digits for ``|u| < 1/2``"""
    term = -u / 3
    total = term
    for k in range(1, 15):
        term = -term * u * u * (k + 1) / (k * (2 * k + 2) * (2 * k + 3))
        total = total + term
    return total


@defined_as(
    np.vander,
    "(n)->",
    options={"N": Choice((3, 1)), "increasing": Choice((False, True))},
    domain={"a": Interval(-9.0, 9.0)},
)
def vander(x: Array, N: int | None = None, increasing: bool = False) -> Array:  # noqa: N803  # NumPy's own name
    """``y_ij = x_i^j``, or ``x_i^(N-1-j)``"""
    columns = [np.ones_like(x)]
    for _ in range((x.shape[0] if N is None else N) - 1):
        columns.append(columns[-1] * x)
    return np.stack(columns if increasing else columns[::-1], 1)
