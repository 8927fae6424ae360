"""Sums, products, quotients and powers.

Each rule reads: d(output) is this linear map of d(argument). For a product ``y = a * b``,
``dy = da * b + a * db``; the map of ``da`` is ``[* b]``, and its own transpose, because
``<da * b, ct> = <da, ct * b>``.
"""

from __future__ import annotations

import numpy as np

from ..domains import nonzero, positive
from ..linear import Array, LinearMap, identity
from ..maps import divide_by, negate, scale
from .rules import derivative_of

Two = tuple[LinearMap, LinearMap]


@derivative_of(np.add)
def add(y: Array, a: Array, b: Array) -> Two:
    """d(a + b) = da + db"""
    return identity, identity


@derivative_of(np.subtract)
def subtract(y: Array, a: Array, b: Array) -> Two:
    """d(a - b) = da - db"""
    return identity, negate()


@derivative_of(np.multiply)
def multiply(y: Array, a: Array, b: Array) -> Two:
    """d(a b) = da b + a db"""
    return scale(b), scale(a)


@derivative_of(np.true_divide, domain={"b": nonzero})
def divide(y: Array, a: Array, b: Array) -> Two:
    """d(a / b) = da / b - (a / b) db / b"""
    return divide_by(b), scale(lambda: -y / b)


@derivative_of(np.power, domain={"a": positive})
def power(y: Array, a: Array, b: Array) -> Two:
    """d(a^b) = b a^(b-1) da + a^b log(a) db, where a^0 is the constant 1 even at a = 0"""
    return scale(lambda: b * a ** (b - (b != 0))), scale(lambda: y * np.log(a))


@derivative_of(np.negative)
def negative(y: Array, x: Array) -> LinearMap:
    """d(-x) = -dx"""
    return negate()


@derivative_of(np.square)
def square(y: Array, x: Array) -> LinearMap:
    """d(x^2) = 2 x dx"""
    return scale(2 * x)


@derivative_of(np.sqrt, domain={"x": positive})
def sqrt(y: Array, x: Array) -> LinearMap:
    """d(sqrt x) = dx / (2 sqrt x)"""
    return divide_by(2 * y)


@derivative_of(np.absolute)
def absolute(y: Array, x: Array) -> LinearMap:
    """d|x| = sign(x) dx; at 0, between the slopes -1 and 1"""
    return scale(np.sign(x))
