"""Discrete Fourier transforms of extended numbers, by their defining sums.

``Y_k = sum_j x_j e^(-2 pi i j k / n)``, with cosines and sines of full precision: independent of any fast algorithm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .arithmetic import active
from .array import ExtendedArray, extended, wrap
from .functions.dispatching import implements
from .lifting import each
from .pairs import ComplexArray, as_complex, as_real, computes, is_complex

Transform = Callable[..., Any]


def transforms(*functions: Any) -> Callable[[Transform], Transform]:
    """Register what computes these functions, of real and of complex numbers."""

    def register(implementation: Transform) -> Transform:
        computes(*functions)(implementation)
        implements(*functions)(lambda a, *more, **keywords: implementation(as_real(a), *more, **keywords))
        return implementation

    return register


def _waves(n: int) -> tuple[ExtendedArray, ExtendedArray]:
    """``cos(2 pi j k / n)`` and ``sin(2 pi j k / n)``, exact at the multiples of a quarter turn."""
    turn = each(lambda k: active().lift(k) * 2 * active().pi() / n, np.arange(n, dtype=object))
    cosines, sines = np.cos(wrap(turn)), np.sin(wrap(turn))
    for k in range(n):
        quarter, rest = divmod(4 * k, n)
        if not rest:
            cosines[k], sines[k] = (1, 0, -1, 0)[quarter], (0, 1, 0, -1)[quarter]
    places = np.outer(np.arange(n), np.arange(n)) % max(n, 1)
    return cosines[places], sines[places]


def _fitted(x: Any, n: int, axis: int) -> Any:
    """The array cut, or filled up with zeros, to n elements along an axis, which becomes the last."""
    rows = np.moveaxis(x, axis, -1)
    rows, missing = rows[..., :n], n - int(rows.shape[-1])
    return np.pad(rows, [(0, 0)] * (rows.ndim - 1) + [(0, missing)]) if missing > 0 else rows


def _size(n: Any, whole: Any) -> int:
    size = int(whole if n is None else n)
    if size < 1:
        raise ValueError(f"Invalid number of FFT data points ({size}) specified.")
    return size


def _scaled(z: Any, n: int, norm: Any, inverse: bool) -> Any:
    """The sums divided by what the norm says: by n, by its root, or by nothing."""
    if norm not in (None, "backward", "ortho", "forward"):
        raise ValueError(f'Invalid norm value {norm}; should be "backward", "ortho" or "forward".')
    if norm == "ortho":
        return z / np.sqrt(extended(n))
    return z / extended(n) if (norm == "forward") != inverse else z


def _transformed(x: Any, n: Any, axis: int, norm: Any, inverse: bool) -> Any:
    size = _size(n, x.shape[axis])
    rows, (cosines, sines) = _fitted(x, size, axis), _waves(size)
    turning = sines if inverse else -sines
    if is_complex(rows):
        sums = ComplexArray(rows.re @ cosines - rows.im @ turning, rows.re @ turning + rows.im @ cosines)
    else:
        sums = ComplexArray(rows @ cosines, rows @ turning)
    return np.moveaxis(_scaled(sums, size, norm, inverse), -1, axis)


@transforms(np.fft.fft)
def fft(a: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """The transform along an axis."""
    return _transformed(a, n, axis, norm, inverse=False)


@transforms(np.fft.ifft)
def ifft(a: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """The inverse transform along an axis."""
    return _transformed(a, n, axis, norm, inverse=True)


@transforms(np.fft.rfft)
def rfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """The first half of the transform of real numbers."""
    whole = np.moveaxis(fft(a, n, axis, norm), axis, -1)
    return np.moveaxis(whole[..., : int(whole.shape[-1]) // 2 + 1], -1, axis)


@transforms(np.fft.irfft)
def irfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """The real numbers with a given half of their transform; the other half is its mirror image, conjugated.

    So each frequency counts twice but the first, and for an even n the last, whose imaginary parts do not count.
    """
    size = _size(n, 2 * (int(a.shape[axis]) - 1))
    half = size // 2 + 1
    rows, (cosines, sines) = _fitted(as_complex(a), half, axis), _waves(size)
    counts = extended([1 if k == 0 or 2 * k == size else 2 for k in range(half)])
    sums = (rows.re * counts) @ cosines[:half] - (rows.im * counts) @ sines[:half]
    return np.moveaxis(_scaled(sums, size, norm, inverse=True), -1, axis)


_SWAPPED: dict[Any, Any] = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}


@transforms(np.fft.hfft)
def hfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """The real transform of what has a mirror image, conjugated, of which one half is given."""
    return irfft(np.conjugate(a), n, axis, _SWAPPED[norm])


@transforms(np.fft.ihfft)
def ihfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """The inverse of hfft."""
    return np.conjugate(rfft(a, n, axis, _SWAPPED[norm]))


def _axes_and_sizes(a: Any, s: Any, axes: Any) -> list[tuple[int, Any]]:
    if axes is None:
        axes = range(-len(s), 0) if s is not None else range(-a.ndim, 0)
    sizes: Sequence[Any] = [None] * len(axes) if s is None else [None if n == -1 else n for n in s]
    return list(zip(axes, sizes, strict=True))


def _over_axes(first: Transform, others: Transform, first_is_last: bool = False) -> Transform:
    """A transform along the last of several axes, and another along the rest of them, after it or before it."""

    def transform(a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
        *rest, (axis, n) = _axes_and_sizes(a, s, axes)
        z = a if first_is_last else first(a, n, axis, norm)
        for other, size in rest:
            z = others(z, size, other, norm)
        return first(z, n, axis, norm) if first_is_last else z

    return transform


_OF_ALL: dict[Any, tuple[Any, Transform, Transform]] = {
    np.fft.fftn: (np.fft.fft2, fft, fft),
    np.fft.ifftn: (np.fft.ifft2, ifft, ifft),
    np.fft.rfftn: (np.fft.rfft2, rfft, fft),
    np.fft.irfftn: (np.fft.irfft2, irfft, ifft),
}


def _of_two(transform: Transform) -> Transform:
    return lambda a, s=None, axes=(-2, -1), norm=None: transform(a, s, axes, norm)


for _all, (_two, _first, _others) in _OF_ALL.items():
    _transform = _over_axes(_first, _others, first_is_last=_all is np.fft.irfftn)
    transforms(_all)(_transform)
    transforms(_two)(_of_two(_transform))


@implements(np.fft.fftshift)
def fftshift(x: Any, axes: Any = None) -> Any:
    """The frequency 0 in the middle."""
    return _shifted(x, axes, 1)


@implements(np.fft.ifftshift)
def ifftshift(x: Any, axes: Any = None) -> Any:
    """The frequency 0 in front."""
    return _shifted(x, axes, -1)


def _shifted(x: Any, axes: Any, way: int) -> Any:
    shape = np.shape(x)
    moved = range(len(shape)) if axes is None else np.atleast_1d(np.asarray(axes, dtype=int)).tolist()
    shifts = [shape[axis] // 2 if way > 0 else -(shape[axis] // 2) for axis in moved]
    return np.roll(x, shifts, list(moved))
