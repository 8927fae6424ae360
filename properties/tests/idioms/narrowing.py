"""Casts to float32, through which a verifier of formulae should see digits lost."""

from __future__ import annotations

import numpy as np


def narrowing_astype_float32(x):
    return x.astype(np.float32) ** 2


def narrowing_astype_as_a_string_and_back(x):
    return x.astype("float32").astype("float64") * x


def narrowing_buffer_of_float32(x):
    out = np.zeros(x.shape, dtype=np.float32)
    out[:] = np.tanh(x)
    return out


def narrowing_buffer_of_float32_in_a_loop(x):
    out = np.empty(3, "f4")
    for i in range(3):
        out[i] = x[i] @ x[i]
    return out.astype(float)


def narrowing_array_with_dtype(x):
    return np.array(x, dtype=np.float32) * 2


def narrowing_asarray_of_scalars(x):
    return np.asarray([x[0, 0], x[1, 1] ** 2], dtype=np.float32)


def narrowing_scalar_constructor(s):
    return np.float32(s) ** 2


def narrowing_of_a_constant(x):
    return np.float32(0.1) * x


def narrowing_of_a_table_of_constants(v):
    return np.array([0.1, 0.2, 0.3, 0.4], dtype=np.float32) * v


def narrowing_sum_with_dtype(x):
    return np.sum(x**2, dtype=np.float32)


def narrowing_ufunc_with_dtype(x):
    return np.multiply(x, x, dtype=np.float32)


def narrowing_full_like_with_dtype(x, s):
    return np.full_like(x, s, dtype=np.float32) * x


def narrowing_linspace_with_dtype(v):
    return v * np.linspace(0, 1, 4, dtype=np.float32)


def narrowing_mask_times_float32(x):
    return x.astype(np.float32) * (x > 0)
