"""Discrete Fourier transforms: linear, and so their own derivatives; those over several axes go one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..linear import Array, LinearMap
from ..maps import dft, inverse_dft, inverse_real_dft, real_dft, rearrange
from .definitions import defined_as
from .rules import derivative_of

Sizes = Sequence[int] | None
_SWAPPED: dict[Any, Any] = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}


@derivative_of(np.fft.fft, part_of=np.fft.fft)
def fft(y: Array, a: Array, n: int | None = None, axis: int = -1, norm: Any = None) -> LinearMap:
    """``dY_k = sum_j dx_j e^(-2 pi i j k / n)``"""
    return dft(int(a.shape[axis]), int(y.shape[axis]), axis, norm)


@derivative_of(np.fft.ifft, part_of=np.fft.ifft)
def ifft(y: Array, a: Array, n: int | None = None, axis: int = -1, norm: Any = None) -> LinearMap:
    """``dx_j = sum_k dY_k e^(2 pi i j k / n) / n``"""
    return inverse_dft(int(a.shape[axis]), int(y.shape[axis]), axis, norm)


@derivative_of(np.fft.rfft, part_of=np.fft.rfft)
def rfft(y: Array, a: Array, n: int | None = None, axis: int = -1, norm: Any = None) -> LinearMap:
    """``dY_k = sum_j dx_j e^(-2 pi i j k / n)`` for ``k <= n / 2`` alone, as the rest is its mirror image"""
    size = int(a.shape[axis])
    return real_dft(size, size if n is None else int(n), axis, norm)


@derivative_of(np.fft.irfft, part_of=np.fft.irfft)
def irfft(y: Array, a: Array, n: int | None = None, axis: int = -1, norm: Any = None) -> LinearMap:
    """``dx_j = sum_k c_k Re(dY_k e^(2 pi i j k / n)) / n``, where ``c_k = 2`` where there is a mirror image, else 1"""
    return inverse_real_dft(int(a.shape[axis]), int(y.shape[axis]), axis, norm)


@defined_as(np.fft.hfft)
def hfft(a: Array, n: int | None = None, axis: int = -1, norm: Any = None) -> Array:
    """the transform of what is its own mirror image, conjugated: ``Y = n x`` with x the inverse of ``conj(a)``"""
    return np.fft.irfft(np.conjugate(a), n, axis, _SWAPPED[norm])


@defined_as(np.fft.ihfft)
def ihfft(a: Array, n: int | None = None, axis: int = -1, norm: Any = None) -> Array:
    """the inverse of hfft: ``conj(Y) / n`` with Y the transform of real numbers"""
    return np.conjugate(np.fft.rfft(a, n, axis, _SWAPPED[norm]))


@defined_as(np.fft.fftn)
def fftn(a: Array, s: Sizes = None, axes: Sizes = None, norm: Any = None) -> Array:
    """along one axis after the other"""
    for axis, n in _sized(a, s, axes):
        a = np.fft.fft(a, n, axis, norm)
    return a


@defined_as(np.fft.ifftn)
def ifftn(a: Array, s: Sizes = None, axes: Sizes = None, norm: Any = None) -> Array:
    """along one axis after the other"""
    for axis, n in _sized(a, s, axes):
        a = np.fft.ifft(a, n, axis, norm)
    return a


@defined_as(np.fft.rfftn)
def rfftn(a: Array, s: Sizes = None, axes: Sizes = None, norm: Any = None) -> Array:
    """of real numbers along the last axis, then along the others"""
    *others, (axis, n) = _sized(a, s, axes)
    half = np.fft.rfft(a, n, axis, norm)
    for one, size in others:
        half = np.fft.fft(half, size, one, norm)
    return half


@defined_as(np.fft.irfftn)
def irfftn(a: Array, s: Sizes = None, axes: Sizes = None, norm: Any = None) -> Array:
    """along the other axes, then to real numbers along the last"""
    *others, (axis, n) = _sized(a, s, axes)
    for one, size in others:
        a = np.fft.ifft(a, size, one, norm)
    return np.fft.irfft(a, n, axis, norm)


def _sized(a: Array, s: Sizes, axes: Sizes) -> list[tuple[int, int | None]]:
    """The axes, and how many elements there are to be along each (None: as many as there are)."""
    chosen = list(axes) if axes is not None else list(range(-(a.ndim if s is None else len(s)), 0))
    sizes = [None] * len(chosen) if s is None else [None if n == -1 else n for n in s]
    return list(zip(chosen, sizes, strict=True))


def _of_two(whole: Any) -> Any:
    def transform(a: Array, s: Sizes = None, axes: Sizes = (-2, -1), norm: Any = None) -> Array:
        """along two axes"""
        return whole(a, s, axes, norm)

    return transform


fft2 = defined_as(np.fft.fft2)(_of_two(fftn))
ifft2 = defined_as(np.fft.ifft2)(_of_two(ifftn))
rfft2 = defined_as(np.fft.rfft2)(_of_two(rfftn))
irfft2 = defined_as(np.fft.irfft2)(_of_two(irfftn))


@derivative_of(np.fft.fftshift, "(n)->", "(n,3)->")
def fftshift(y: Array, x: Array, axes: Any = None) -> LinearMap:
    """``d(shift x) = shift dx``, with the frequency 0 in the middle"""
    return rearrange(x.shape, lambda dx: np.fft.fftshift(dx, axes), "shift frequencies")


@derivative_of(np.fft.ifftshift, "(n)->", "(n,3)->")
def ifftshift(y: Array, x: Array, axes: Any = None) -> LinearMap:
    """``d(shift x) = shift dx``, with the frequency 0 in front"""
    return rearrange(x.shape, lambda dx: np.fft.ifftshift(dx, axes), "shift frequencies back")
