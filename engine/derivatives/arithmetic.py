"""Sums, products, quotients and powers.

Each rule reads: d(output) is this linear map of d(argument). For a product ``y = a b``,
``dy = da b + a db``; the map of ``da`` multiplies by b, and is its own transpose, because
``<da b, ct> = <da, ct b>``.
"""

from __future__ import annotations

import numpy as np

from ..domains import nonzero, positive
from ..linear import Array, LinearMap, identity
from ..maps import divide_by, inner_product_with, is_complex, negate, scale
from .rules import derivative_of

Two = tuple[LinearMap, LinearMap]


@derivative_of(np.add)
def add(y: Array, a: Array, b: Array) -> Two:
    """``d(a + b) = da + db``"""
    return identity, identity


@derivative_of(np.subtract)
def subtract(y: Array, a: Array, b: Array) -> Two:
    """``d(a - b) = da - db``"""
    return identity, negate()


@derivative_of(np.multiply)
def multiply(y: Array, a: Array, b: Array) -> Two:
    """``d(a b) = da b + a db``"""
    return scale(b), scale(a)


@derivative_of(np.true_divide, domain={"b": nonzero})
def divide(y: Array, a: Array, b: Array) -> Two:
    """``d(a / b) = da / b - (a / b) db / b``"""
    return divide_by(b), scale(lambda: -y / b)


@derivative_of(np.power, domain={"a": positive})
def power(y: Array, a: Array, b: Array) -> Two:
    """``d(a^b) = b a^(b-1) da + a^b log(a) db``, where ``a^0`` is the constant 1 even at ``a = 0``"""
    return scale(lambda: b * a ** (b - (b != 0))), scale(lambda: y * np.log(a))


@derivative_of(np.negative)
def negative(y: Array, x: Array) -> LinearMap:
    """``d(-x) = -dx``"""
    return negate()


@derivative_of(np.square)
def square(y: Array, x: Array) -> LinearMap:
    """``d(x^2) = 2 x dx``"""
    return scale(2 * x)


@derivative_of(np.sqrt, domain={"x": positive})
def sqrt(y: Array, x: Array) -> LinearMap:
    """``d(sqrt(x)) = dx / (2 sqrt(x))``"""
    return divide_by(2 * y)


@derivative_of(np.absolute)
def absolute(y: Array, x: Array) -> LinearMap:
    """``d|x| = sign(x) dx``; at 0, between the slopes -1 and 1; of complex numbers ``d|z| = Re(conj(z) dz) / |z|``"""
    return inner_product_with(x / np.where(y == 0, 1, y)) if is_complex(x) else scale(np.sign(x))


@derivative_of(np.fabs)
def fabs(y: Array, x: Array) -> LinearMap:
    """``d|x| = sign(x) dx``"""
    return scale(np.sign(x))


@derivative_of(np.positive)
def positive_of(y: Array, x: Array) -> LinearMap:
    """``d(+x) = dx``"""
    return identity


@derivative_of(np.reciprocal, domain={"x": nonzero})
def reciprocal(y: Array, x: Array) -> LinearMap:
    """``d(1 / x) = -dx / x^2``"""
    return scale(-y * y)


@derivative_of(np.cbrt, domain={"x": nonzero})
def cbrt(y: Array, x: Array) -> LinearMap:
    """``d(x^(1/3)) = dx / (3 x^(2/3))``"""
    return divide_by(3 * y * y)


@derivative_of(np.float_power, domain={"a": positive})
def float_power(y: Array, a: Array, b: Array) -> Two:
    """``d(a^b) = b a^(b-1) da + a^b log(a) db``, as for power"""
    return scale(lambda: b * a ** (b - (b != 0))), scale(lambda: y * np.log(a))


@derivative_of(np.remainder, domain={"b": nonzero})
def remainder(y: Array, a: Array, b: Array) -> Two:
    """``d(a - b floor(a / b)) = da - floor(a / b) db``"""
    return identity, scale(lambda: -np.floor_divide(a, b))


@derivative_of(np.fmod, domain={"b": nonzero})
def fmod(y: Array, a: Array, b: Array) -> Two:
    """``d(a - b trunc(a / b)) = da - trunc(a / b) db``, and ``b trunc(a / b)`` is what the remainder leaves of ``a``"""
    return identity, scale(lambda: -np.rint((a - y) / b))


@derivative_of(np.hypot, domain={"a": nonzero})
def hypot(y: Array, a: Array, b: Array) -> Two:
    """``d(sqrt(a^2 + b^2)) = (a da + b db) / sqrt(a^2 + b^2)``"""
    return scale(lambda: a / y), scale(lambda: b / y)
