"""Elementary functions of complex numbers, by their real and imaginary parts, and matrices of complex numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import NotExtendable
from .complex_arithmetic import angle, squared_size
from .lifting import to_float
from .pairs import ComplexArray, as_complex, computes


@computes(np.exp)
def _exp(x: Any) -> Any:
    """``e^a (cos b + i sin b)``"""
    size = np.exp(x.re)
    return ComplexArray(size * np.cos(x.im), size * np.sin(x.im))


@computes(np.log)
def _log(x: Any) -> Any:
    """``log |z| + i arg z``"""
    return ComplexArray(np.log(squared_size(x)) / 2, angle(x))


@computes(np.sqrt)
def _sqrt(x: Any) -> Any:
    """``sqrt |z| e^(i arg z / 2)``, the root whose real part is not negative."""
    size, half = np.sqrt(np.absolute(x)), angle(x) / 2
    return ComplexArray(size * np.cos(half), size * np.sin(half))


@computes(np.sin)
def _sin(x: Any) -> Any:
    return ComplexArray(np.sin(x.re) * np.cosh(x.im), np.cos(x.re) * np.sinh(x.im))


@computes(np.cos)
def _cos(x: Any) -> Any:
    return ComplexArray(np.cos(x.re) * np.cosh(x.im), -(np.sin(x.re) * np.sinh(x.im)))


@computes(np.sinh)
def _sinh(x: Any) -> Any:
    return ComplexArray(np.sinh(x.re) * np.cos(x.im), np.cosh(x.re) * np.sin(x.im))


@computes(np.cosh)
def _cosh(x: Any) -> Any:
    return ComplexArray(np.cosh(x.re) * np.cos(x.im), np.sinh(x.re) * np.sin(x.im))


computes(np.tan)(lambda x: _sin(x) / _cos(x))
computes(np.tanh)(lambda x: _sinh(x) / _cosh(x))
computes(np.expm1)(lambda x: _exp(x) - 1)
computes(np.log1p)(lambda x: _log(1 + x))
computes(np.log2)(lambda x: _log(x) / np.log(2 + 0 * x.re))
computes(np.log10)(lambda x: _log(x) / np.log(10 + 0 * x.re))
computes(np.arctan)(lambda x: (_log(1 + 1j * x) - _log(1 - 1j * x)) / 2j)
computes(np.arctanh)(lambda x: (_log(1 + x) - _log(1 - x)) / 2)


@computes(np.linalg.solve)
def _solve(a: Any, b: Any) -> Any:
    """The real system of twice the size: ``(R + iS)(x + iy) = c + id`` is ``[[R, -S], [S, R]] [x, y] = [c, d]``."""
    matrix, right = as_complex(a), as_complex(b)
    if right.ndim == 1:
        return _solve(a, right[:, None])[:, 0]
    n = int(matrix.shape[-1])
    upper = np.concatenate([matrix.re, -matrix.im], axis=-1)
    lower = np.concatenate([matrix.im, matrix.re], axis=-1)
    both = np.linalg.solve(np.concatenate([upper, lower], axis=-2), np.concatenate([right.re, right.im], axis=-2))
    return ComplexArray(both[..., :n, :], both[..., n:, :])


@computes(np.linalg.inv)
def _inv(a: Any) -> Any:
    return _solve(a, np.zeros_like(a.re) + np.eye(int(a.shape[-1])))


@computes(np.linalg.det)
def _det(a: Any) -> Any:
    """The product of the pivots of an elimination; the largest element of a column is its pivot."""
    if a.ndim != 2:
        raise NotExtendable("np.linalg.det of stacks of complex matrices is not supported in extended precision.")
    rows: list[Any] = list(a)
    result: Any = as_complex(np.ones_like(a.re[0, 0]))
    for place in range(len(rows)):
        sizes = [float(to_float(squared_size(row[place]))) for row in rows[place:]]
        pivot = place + int(np.argmax(sizes))
        if pivot != place:
            rows[place], rows[pivot], result = rows[pivot], rows[place], -result
        result = result * rows[place][place]
        for below in range(place + 1, len(rows)):
            rows[below] = rows[below] - rows[place] * (rows[below][place] / rows[place][place])
    return result


@computes(np.linalg.slogdet)
def _slogdet(a: Any) -> Any:
    determinant = _det(a)
    return type(np.linalg.slogdet(np.eye(1)))(np.sign(determinant), np.log(np.absolute(determinant)))


@computes(np.linalg.norm)
def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002  # NumPy's own name
    if ord is not None and not (isinstance(ord, str) and ord == "fro"):
        raise NotExtendable(
            f"np.linalg.norm of complex numbers with ord={ord!r} is not supported in extended precision."
        )
    return np.sqrt(np.sum(squared_size(x), axis=axis, keepdims=keepdims))
