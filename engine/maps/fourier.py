"""Discrete Fourier transforms: ``y_k = sum_j x_j w^(jk)`` with ``w = e^(-2 pi i / n)``.

The matrix ``w^(jk)`` is symmetric, so the transpose of a transform is the transform itself. Where the argument is cut
or filled up with zeros to n elements, the transpose fills up or cuts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import notation
from ..linear import Array, LinearMap
from ..options import Choice
from .vocabulary import linear_map

NORMS = Choice((None, "ortho", "forward"))
_SWAPPED: dict[Any, Any] = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}


@linear_map("(2,3,3)", of_complex=True, size=Choice((3,)), n=Choice((3, 2, 4)), axis=Choice((-1, 0)), norm=NORMS)
def dft(size: int, n: int, axis: int, norm: Any = None) -> LinearMap:
    """``dx -> numpy.fft.fft(dx, n, axis, norm)`` for so many elements along the axis."""
    return LinearMap(
        lambda dx: np.fft.fft(dx, n, axis, norm),
        lambda ct: fitted(np.fft.fft(ct, n, axis, norm), size, axis),
        _spelling(f"fft along axis {axis}"),
    )


@linear_map("(2,3,3)", of_complex=True, size=Choice((3,)), n=Choice((3, 2, 4)), axis=Choice((-1, 0)), norm=NORMS)
def inverse_dft(size: int, n: int, axis: int, norm: Any = None) -> LinearMap:
    """``dx -> numpy.fft.ifft(dx, n, axis, norm)``: the same with ``conj(w)``, and divided by n."""
    return LinearMap(
        lambda dx: np.fft.ifft(dx, n, axis, norm),
        lambda ct: fitted(np.fft.ifft(ct, n, axis, norm), size, axis),
        _spelling(f"inverse fft along axis {axis}"),
    )


@linear_map("(3,3)", size=Choice((3,)), n=Choice((3, 2, 4)), axis=Choice((-1, 0)), norm=NORMS)
def real_dft(size: int, n: int, axis: int, norm: Any = None) -> LinearMap:
    """``dx -> numpy.fft.rfft(dx, n, axis, norm)`` of real numbers: the first ``floor(n / 2) + 1`` elements alone.

    Its transpose puts zeros where the others would be: ``Re(sum_k ct_k w^(jk))`` over the elements that there are.
    """
    return LinearMap(
        lambda dx: np.fft.rfft(dx, n, axis, norm),
        lambda ct: fitted(np.real(np.fft.fft(ct, n, axis, norm)), size, axis),
        _spelling(f"rfft along axis {axis}"),
    )


@linear_map("(2,3,3)", of_complex=True, size=Choice((3,)), n=Choice((4, 5, 3, 6)), axis=Choice((-1, 0)), norm=NORMS)
def inverse_real_dft(size: int, n: int, axis: int, norm: Any = None) -> LinearMap:
    """``dz -> numpy.fft.irfft(dz, n, axis, norm)``: ``x_j = sum_k c_k Re(z_k conj(w)^(jk)) / n``.

    ``c_k`` is 2, as each frequency has a mirror image, but 1 at ``k = 0`` and at ``k = n / 2``, which have none. So
    the transpose is ``c_k sum_j ct_j conj(w)^(jk) / n``, where the sum is the conjugate of a transform of real numbers.
    """

    def apply_transpose(ct: Array) -> Array:
        half = np.conjugate(np.fft.rfft(ct, n, axis, _SWAPPED[norm]))
        counts = np.array([1.0 if k == 0 or 2 * k == n else 2.0 for k in range(n // 2 + 1)])
        along = counts.reshape([-1 if place == axis % ct.ndim else 1 for place in range(ct.ndim)])
        return fitted(half * along.astype(ct.dtype), size, axis)

    return LinearMap(
        lambda dz: np.fft.irfft(dz, n, axis, norm), apply_transpose, _spelling(f"inverse rfft along axis {axis}")
    )


def fitted(array: Array, size: int, axis: int) -> Array:
    """An array cut, or filled up with zeros, to so many elements along an axis."""
    place, missing = axis % array.ndim, size - array.shape[axis]
    if missing > 0:
        return np.pad(array, [(0, int(missing) if other == place else 0) for other in range(array.ndim)])
    return array[(slice(None),) * place + (slice(0, size),)]


def _spelling(words: str) -> Any:
    return lambda: (notation.named(words), notation.named(f"{words}, transposed"))
