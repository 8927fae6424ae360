"""Complex numbers: their parts, sizes and angles.

The pairing is ``Re(sum_i ct_i dz_i)``, without a conjugate, as in autograd and in jax: a holomorphic function has the
rule that it has on real numbers, ``d(e^z) = e^z dz``, and the transpose of its map is the plain one. A function that is
not holomorphic takes the real part of such a map, ``d|z| = Re(conj(z) dz) / |z|``. What is real keeps a real cotangent:
where a complex array is made of a real one, the real part of the cotangent goes on. The direction of steepest ascent
of a real function is the conjugate of its cotangent: of ``|z|^2`` the cotangent is ``2 conj(z)``, the ascent ``2 z``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import primitives
from ..errors import MissingDerivative
from ..linear import Array, LinearMap, identity
from ..maps import conjugate, conversion, divide_by, imaginary_part, is_complex, real_part, scale
from ..options import Choice
from .definitions import defined_as
from .rules import derivative_of


@derivative_of(np.real, "(...)->")
def real(y: Array, x: Array) -> LinearMap:
    """``d(Re z) = Re dz``"""
    return real_part() if is_complex(x) else identity


@derivative_of(np.imag, part_of=np.imag)
def imag(y: Array, x: Array) -> LinearMap:
    """``d(Im z) = Im dz``; of real numbers it is 0"""
    return imaginary_part() if is_complex(x) else scale(0)


@derivative_of(np.conjugate)
def conj(y: Array, x: Array) -> LinearMap:
    """``d(conj(z)) = conj(dz)``"""
    return conjugate() if is_complex(x) else identity


@derivative_of(np.angle, part_of=np.angle)
def angle(y: Array, z: Array, deg: bool = False) -> LinearMap:
    """``d(arg z) = Im(dz / z) = Re(dz / (i z))``; of real numbers it is 0"""
    if not is_complex(z):
        return scale(0)
    turn = np.rad2deg(np.ones_like(y)) if deg else 1
    return scale(turn) @ real_part() @ divide_by(1j * z)


@defined_as(np.sign)
def sign(x: Array) -> Array:
    """``z / |z|``; of real numbers a constant"""
    if not is_complex(x):
        return primitives.sign_of_real(x)
    size = np.absolute(x)
    return x / np.where(size == 0, 1, size)


@derivative_of(primitives.converted, "(n)->", options={"dtype": Choice((float,))})
def converted(y: Array, array: Array, dtype: Any) -> LinearMap:
    """``dy = dx``, in another precision; of what is rounded to integers it is 0"""
    if y.dtype.kind not in "fc":
        return scale(0)
    if is_complex(array) and not is_complex(y):
        raise MissingDerivative("astype would drop the imaginary part of complex numbers. Write np.real(z).")
    return conversion(array.dtype, y.dtype)


@defined_as(np.real_if_close, "(n)->")
def real_if_close(a: Array, tol: float = 100) -> Any:
    """``Re z`` where every ``|Im z|`` is below the tolerance, else z itself"""
    if not is_complex(a):
        return a
    near = tol * np.finfo(a.dtype).eps if tol > 1 else tol
    return np.real(a) if np.all(np.absolute(np.imag(a)) < near) else a
