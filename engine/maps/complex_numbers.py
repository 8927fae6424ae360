"""Maps to and from complex numbers, which are linear over the real ones.

The pairing of complex arrays is ``Re(sum_i ct_i dz_i)``, without a conjugate: so the transpose of a map that is linear
over the complex numbers is its plain transpose.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import notation
from ..linear import Array, LinearMap
from .elementwise import scale
from .vocabulary import linear_map


@linear_map("(2,n)", of_complex=True)
def real_part() -> LinearMap:
    """``dz -> Re dz``; its transpose makes a real cotangent complex: ``Re(ct dz) = ct Re dz``."""
    return LinearMap(np.real, lambda ct: ct + 0j, lambda: (notation.named("real part"), notation.named("as complex")))


@linear_map("(2,n)", of_complex=True)
def imaginary_part() -> LinearMap:
    """``dz -> Im dz``; its transpose multiplies by ``-i``, as ``Re(-i ct dz) = ct Im dz``."""
    return LinearMap(np.imag, lambda ct: ct * -1j, lambda: (notation.named("imaginary part"), notation.scaling(-1j)))


@linear_map("(n)")
def as_complex() -> LinearMap:
    """``dx -> dx + 0i`` of real numbers; its transpose takes the real part, as ``Re(ct dx) = Re(ct) dx``."""
    return real_part().transpose


@linear_map("(2,n)", of_complex=True)
def conjugate() -> LinearMap:
    """``dz -> conj(dz)``, its own transpose: ``Re(ct conj(dz)) = Re(conj(ct) dz)``."""
    return LinearMap(np.conjugate, np.conjugate, lambda: (notation.named("conjugate"), notation.named("conjugate")))


def conversion(given: Any, wanted: Any) -> LinearMap:
    """``dx -> dx`` from one dtype to another; its transpose goes back (what has become complex is still so)."""

    def back(ct: Array) -> Array:
        return ct if np.dtype(wanted).kind == "c" else ct.astype(given)

    words = f"as {np.dtype(wanted)}"
    return LinearMap(
        lambda dx: dx.astype(wanted), back, lambda: (notation.named(words), notation.named(f"as {np.dtype(given)}"))
    )


def inner_product_with(factor: Array) -> LinearMap:
    """``dz -> Re(conj(a) dz)``, which for a real a is ``a dz``."""
    return real_part() @ scale(np.conjugate(factor)) if is_complex(factor) else scale(factor)


def is_complex(array: Array) -> bool:
    """Whether an array holds complex numbers."""
    return bool(np.iscomplexobj(array)) if not hasattr(array, "dtype") else array.dtype.kind == "c"


def conjugated(array: Array) -> Array:
    """The conjugate of a complex array; a real one itself."""
    return np.conjugate(array) if is_complex(array) else array


def pair_of(array: Any) -> Any:
    """A complex array as a real one, the real part in front and the imaginary part behind it; a real one itself."""
    return np.stack([np.real(array), np.imag(array)]) if is_complex(array) else array


def of_pair(parts: Any) -> Any:
    """The complex array that `pair_of` took apart."""
    return parts[0] + 1j * parts[1]
