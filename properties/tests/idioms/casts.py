"""Casts and copies that keep the precision, memory flags, and the limits of the type."""

from __future__ import annotations

import numpy as np


def astype_float64(x):
    return x.astype(np.float64) ** 2


def astype_float_without_copy(x):
    return x.astype(float, copy=False) ** 2


def astype_as_a_string(x):
    return x.astype("f8") ** 2 + x.astype("double")


def astype_of_a_mask(x):
    return (x > 0).astype(x.dtype) * x


def astype_of_a_mask_to_float(x):
    return (x > 0).astype(float) * x - 0.1 * (x <= 0).astype(int) * x


def astype_int_of_a_scaled_value(p):
    levels = (p * 4).astype(int)
    return p - levels / 4


def asarray_plain(x):
    return np.asarray(x) ** 2


def asarray_with_dtype(x):
    return np.asarray(x, dtype=np.float64) ** 2


def asarray_with_builtin_float(x):
    return np.asarray(x, float) * np.asanyarray(x)


def asarray_of_a_list_of_rows(x):
    return np.asarray([x[0], x[1] * x[2]])


def asarray_of_a_zero_dimensional(s):
    return np.asarray(s, dtype=float) ** 2


def array_copied(x):
    y = np.array(x, copy=True)
    y[0] *= 2
    return y * x


def array_with_ndmin_and_dtype(v):
    return np.array(v, dtype=np.float64, ndmin=2) ** 2


def ascontiguousarray_of_a_transpose(x):
    return np.ascontiguousarray(x.T) ** 2


def asfortranarray_and_order(x):
    return np.asfortranarray(x) * np.array(x, order="F")


def require_of_contiguity(x):
    return np.require(x, dtype=np.float64, requirements=["C", "W"]) ** 2


def flags_of_contiguity(x):
    y = x.T if x.T.flags["C_CONTIGUOUS"] else np.ascontiguousarray(x.T)
    return y**2 if y.flags.c_contiguous else y**3


def flags_writeable_cleared(x):
    y = x**2
    y.flags.writeable = False
    return y * x


def finfo_tiny_under_a_log(p):
    return np.log(p + np.finfo(np.float64).tiny)


def finfo_min_as_a_mask_value(m):
    scores = np.where(np.eye(4, dtype=bool), np.finfo(m.dtype).min, m)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def finfo_max_as_the_first_minimum(x):
    best = np.finfo(float).max
    for row in x:
        best = min(best, row @ row)
    return best


def real_part_and_conjugate(x):
    return x.real * np.conj(x) + np.real(x) + x.imag


def nbytes_and_itemsize_as_a_check(x):
    assert x.nbytes == x.size * x.itemsize
    return x**2


def float64_constructor_of_an_element(x):
    return np.float64(x[0, 0]) * np.float64(x).sum()


def shares_memory_of_a_view(x):
    return x**2 if np.shares_memory(x, x[1:]) else x**3
