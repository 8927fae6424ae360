"""What NumPy's functions do to the parts of complex numbers, one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..primitives import getitem
from .pairs import ComplexArray, as_complex, computes


def rejoined(re: Any, im: Any) -> Any:
    """The parts of a result, or of each of several, as complex arrays."""
    if isinstance(re, list | tuple):
        return type(re)(map(rejoined, re, im))
    return ComplexArray(re, im)


def _of_each_part(function: Callable[..., Any]) -> Callable[..., Any]:
    """A linear function with real coefficients of its first argument."""

    def on_parts(z: Any, *arguments: Any, **keywords: Any) -> Any:
        pair = as_complex(z)
        return rejoined(function(pair.re, *arguments, **keywords), function(pair.im, *arguments, **keywords))

    return on_parts


for _linear in (
    *(np.sum, np.mean, np.cumsum, np.diff, np.trace, np.reshape, np.ravel, np.transpose, np.swapaxes, np.moveaxis),
    *(np.squeeze, np.expand_dims, np.matrix_transpose, np.broadcast_to, np.rot90, np.split, np.array_split),
    *(np.repeat, np.tile, np.roll, np.flip, np.flipud, np.fliplr, np.take, np.take_along_axis, np.copy),
    *(np.diagonal, np.diag, np.tril, np.triu, np.atleast_1d, np.atleast_2d, np.pad, np.negative, np.positive),
    *(np.zeros_like, np.empty_like, np.fft.fftshift, np.fft.ifftshift, np.hsplit, np.vsplit, np.trapezoid),
):
    computes(_linear)(_of_each_part(_linear))

computes(getitem)(_of_each_part(lambda part, index: part[index]))


def _of_lists(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that joins the arrays of a list."""

    def on_parts(arrays: Sequence[Any], *arguments: Any, **keywords: Any) -> Any:
        pairs = [as_complex(array) for array in arrays]
        re = function([pair.re for pair in pairs], *arguments, **keywords)
        return ComplexArray(re, function([pair.im for pair in pairs], *arguments, **keywords))

    return on_parts


for _joining in (np.concatenate, np.stack, np.hstack, np.vstack, np.dstack, np.column_stack):
    computes(_joining)(_of_lists(_joining))


@computes(np.where)
def _where(condition: Any, x: Any, y: Any) -> Any:
    one, two = as_complex(x), as_complex(y)
    return ComplexArray(np.where(condition, one.re, two.re), np.where(condition, one.im, two.im))


@computes(np.ones_like)
def _ones_like(a: Any, **keywords: Any) -> Any:
    return as_complex(np.ones_like(a.re, **keywords))


computes(np.shape)(lambda a: a.shape)
computes(np.ndim)(lambda a: a.ndim)
computes(np.size)(lambda a: a.size)
computes(np.real)(lambda val: as_complex(val).re)
computes(np.imag)(lambda val: as_complex(val).im)
computes(np.conjugate)(lambda x: ComplexArray(x.re, -x.im))
computes(np.isnan)(lambda x: np.isnan(x.re) | np.isnan(x.im))
computes(np.isinf)(lambda x: np.isinf(x.re) | np.isinf(x.im))
computes(np.isfinite)(lambda x: np.isfinite(x.re) & np.isfinite(x.im))
computes(np.iscomplexobj)(lambda _: True)
computes(np.isrealobj)(lambda _: False)
computes(np.isreal)(lambda x: x.im == 0)
computes(np.iscomplex)(lambda x: x.im != 0)


@computes(np.equal)
def _equal(x: Any, y: Any) -> Any:
    one, two = as_complex(x), as_complex(y)
    return (one.re == two.re) & (one.im == two.im)


@computes(np.not_equal)
def _not_equal(x: Any, y: Any) -> Any:
    one, two = as_complex(x), as_complex(y)
    return (one.re != two.re) | (one.im != two.im)


@computes(np.real_if_close)
def _real_if_close(a: Any, tol: Any = 100) -> Any:
    near = tol * np.finfo(float).eps if tol > 1 else tol
    return a.re if bool(np.all(np.absolute(a.im) < near)) else a
