"""Sums, products, quotients, powers and sizes of complex numbers, by real operations on the two parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import NotExtendable
from .array import ExtendedArray
from .lifting import stripped, to_float
from .pairs import ComplexArray, as_complex, as_real, computes, is_complex

LARGEST_POWER = 64  # that is multiplied out


@computes(np.add)
def _add(x: Any, y: Any) -> Any:
    one, two = as_complex(x), as_complex(y)
    return ComplexArray(one.re + two.re, one.im + two.im)


@computes(np.subtract)
def _subtract(x: Any, y: Any) -> Any:
    one, two = as_complex(x), as_complex(y)
    return ComplexArray(one.re - two.re, one.im - two.im)


def multilinear(function: Callable[..., Any], operands: Sequence[Any]) -> Any:
    """A function linear in each operand: ``f(a + ib, c) = f(a, c) + i f(b, c)``, and so on for the other operands."""
    for place, operand in enumerate(operands):
        if is_complex(operand):
            pair, rest = as_complex(operand), operands[place + 1 :]
            re, im = (multilinear(function, [*operands[:place], part, *rest]) for part in (pair.re, pair.im))
            return re + _times_i(im)
    return as_complex(function(*map(as_real, operands)))


def _times_i(z: Any) -> Any:
    pair = as_complex(z)
    return ComplexArray(-pair.im, pair.re)


def _bilinear(function: Callable[..., Any], conjugated: int | None = None) -> Callable[..., Any]:
    def on_parts(x: Any, y: Any, *arguments: Any, **keywords: Any) -> Any:
        operands = [np.conjugate(part) if place == conjugated else part for place, part in enumerate((x, y))]
        return multilinear(lambda a, b: function(a, b, *arguments, **keywords), operands)

    return on_parts


for _product in (np.matmul, np.dot, np.inner, np.outer, np.tensordot, np.kron, np.cross, np.convolve, np.linalg.matmul):
    computes(_product)(_bilinear(_product))
for _product, _place in ((np.vdot, 0), (np.vecdot, 0), (np.correlate, 1)):
    computes(_product)(_bilinear(_product, _place))


@computes(np.multiply)
def _multiply(x: Any, y: Any) -> Any:
    if not is_complex(x):
        return _multiply(y, x)
    one = as_complex(x)
    if not is_complex(y):
        return ComplexArray(one.re * y, one.im * y)
    two = as_complex(y)
    return ComplexArray(one.re * two.re - one.im * two.im, one.re * two.im + one.im * two.re)


@computes(np.einsum)
def _einsum(subscripts: str, *operands: Any) -> Any:
    return multilinear(lambda *parts: np.einsum(subscripts, *parts), operands)


@computes(np.true_divide)
def _divide(x: Any, y: Any) -> Any:
    if not is_complex(y):
        return ComplexArray(x.re / y, x.im / y)
    two = as_complex(y)
    over = np.multiply(x, np.conjugate(two))
    return _divide(over, squared_size(two))


computes(np.reciprocal)(lambda x: _divide(1, x))
computes(np.square)(lambda x: _multiply(x, x))


def squared_size(z: Any) -> ExtendedArray:
    """``re^2 + im^2``"""
    result: ExtendedArray = z.re * z.re + z.im * z.im
    return result


@computes(np.absolute)
def _absolute(x: Any) -> Any:
    return np.sqrt(squared_size(x))


@computes(np.sign)
def _sign(x: Any) -> Any:
    size = np.absolute(x)
    return x / np.where(size == 0, 1, size)


@computes(np.angle)
def angle(z: Any, deg: bool = False) -> Any:
    """The angle from the positive real axis, between -pi and pi."""
    turned = np.arctan2(z.im, z.re)
    return np.rad2deg(turned) if deg else turned


@computes(np.power, np.float_power)
def _power(x: Any, y: Any) -> Any:
    exponent = _whole(y)
    if exponent is None or abs(exponent) > LARGEST_POWER:
        return np.exp(np.multiply(y, np.log(as_complex(x))))
    result = np.ones_like(x)
    for _ in range(abs(exponent)):
        result = result * x
    return np.reciprocal(result) if exponent < 0 else result


def _whole(exponent: Any) -> int | None:
    """The whole number that all entries of an exponent are, None if they are not."""
    if is_complex(exponent):
        return None
    numbers = to_float(exponent) if isinstance(exponent, ExtendedArray) else np.asarray(exponent, dtype=float)
    if not numbers.size or np.any(numbers != numbers.flat[0]) or numbers.flat[0] % 1:
        return None
    whole = int(numbers.flat[0])
    if isinstance(exponent, ExtendedArray) and stripped(exponent).dtype.hasobject and bool(np.any(exponent != whole)):
        return None
    return whole


@computes(np.prod)
def _prod(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    if isinstance(axis, tuple):
        raise NotExtendable("np.prod of complex numbers over several axes is not supported in extended precision.")
    rows = np.reshape(a, (-1,)) if axis is None else np.moveaxis(a, axis, 0)
    result = np.ones_like(a[..., 0] if axis is None and a.ndim == 1 else np.sum(a, axis=axis))
    for row in rows:
        result = result * row
    shape = [1 if axis in (None, place, place - a.ndim) else size for place, size in enumerate(a.shape)]
    return np.reshape(result, shape) if keepdims else result


@computes(np.cumprod)
def _cumprod(a: Any, axis: int | None = None) -> Any:
    rows = np.moveaxis(np.reshape(a, (-1,)) if axis is None else a, axis or 0, 0)
    products = list(rows[:1])
    for row in rows[1:]:
        products.append(products[-1] * row)
    return np.moveaxis(np.stack(products), 0, axis or 0) if products else np.copy(rows)


@computes(np.var)
def _var(a: Any, axis: Any = None, ddof: Any = 0, keepdims: bool = False) -> Any:
    deviation = a - np.mean(a, axis=axis, keepdims=True)
    parts = (np.var(part, axis=axis, ddof=ddof, keepdims=keepdims) for part in (deviation.re, deviation.im))
    return sum(parts)


computes(np.std)(lambda a, *arguments, **keywords: np.sqrt(_var(a, *arguments, **keywords)))
