"""Types as the code sees them: tests of dtypes and of kinds of scalars."""

from __future__ import annotations

import numbers

import numpy as np


def dtype_equals_float64(x):
    if x.dtype != np.float64:
        raise TypeError("float64 is expected")
    return x**2


def dtype_equals_builtin_float(x):
    return x**2 if x.dtype == float else x**3


def dtype_equals_a_string(x):
    return x**2 if x.dtype == "float64" else x**3


def dtype_kind_is_float(x):
    return x**2 if x.dtype.kind == "f" else x**3


def dtype_type_and_itemsize(x):
    assert x.dtype.type is np.float64
    return x**2 / x.dtype.itemsize


def dtype_name_in_a_table(x):
    return x**2 + {"float64": 1e-12, "float32": 1e-6}[x.dtype.name]


def issubdtype_of_floating(x):
    if not np.issubdtype(x.dtype, np.floating):
        x = x.astype(np.float64)
    return x**2


def result_type_of_arguments(x, v):
    out = np.zeros(x.shape, dtype=np.result_type(x, v))
    out += x * v
    return out


def promote_types_of_arguments(x, v):
    return np.empty(3, np.promote_types(x.dtype, v.dtype)).shape[0] * x @ v


def can_cast_to_float64(x):
    return x**2 if np.can_cast(x.dtype, np.float64) else x**3


def isinstance_of_ndarray(x):
    if not isinstance(x, np.ndarray):
        x = np.array(x)
    return x**2


def isinstance_of_float(x):
    total = x.sum()
    return total**2 if isinstance(total, float) else total**3


def isinstance_of_np_floating(x):
    return x[0, 0] ** 2 if isinstance(x[0, 0], np.floating) else x**3


def isinstance_of_numbers_real(s):
    return s**2 if isinstance(s[()], numbers.Real) else s**3


def isscalar_of_an_element(x):
    return x[0, 0] ** 2 if np.isscalar(x[0, 0]) else x**3


def isrealobj_and_iscomplexobj(x):
    return x**2 if np.isrealobj(x) and not np.iscomplexobj(x) else x**3


def ndim_and_hasattr_of_a_zero_dimensional(s):
    return s**2 if np.ndim(s) == 0 and hasattr(s, "shape") else s**3
