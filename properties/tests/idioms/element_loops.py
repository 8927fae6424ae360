"""Loops over elements, and functions mapped over them: ndindex, nditer, vectorize, apply_along_axis, generators."""

from __future__ import annotations

import math
from functools import reduce

import numpy as np


def _softplus(a):
    return math.log1p(math.exp(-abs(a))) + max(a, 0.0)


def _normalised(row):
    return row / np.sqrt((row**2).sum())


def _running_totals(rows):
    total = 0.0
    for row in rows:
        total = 0.5 * total + row
        yield total


def ndindex_loop(x):
    out = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        out[index] = x[index] ** 2
    return out


def ndindex_of_sizes(x):
    return sum(x[i, j] * x[i, (j + 1) % 4] for i, j in np.ndindex(*x.shape))


def ndenumerate_loop(x):
    out = np.zeros_like(x)
    for (i, j), value in np.ndenumerate(x):
        out[i, j] = value * (i + j) + math.sin(value)
    return out


def nditer_sum_of_elements(x):
    total = 0.0
    for value in np.nditer(x):
        total += value * value
    return total


def nditer_with_multi_index(x):
    out = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        out[it.multi_index] = np.exp(x[it.multi_index])
        it.iternext()
    return out


def nditer_writing_in_place(x):
    y = x.copy()
    for value in np.nditer(y, op_flags=["readwrite"]):
        value[...] = value * value
    return y


def enumerate_of_flat_elements(x):
    return sum(k * a * a for k, a in enumerate(x.flat))


def apply_along_axis_of_a_row_function(x):
    return np.apply_along_axis(_normalised, 1, x)


def apply_along_axis_of_a_reduction(x):
    return np.apply_along_axis(lambda column: column.max() * column.sum(), 0, x)


def apply_over_axes_of_sum(t):
    return np.apply_over_axes(np.sum, t, [0, 2]) ** 2


def vectorize_of_a_scalar_function(x):
    return np.vectorize(_softplus)(x)


def vectorize_with_otypes(x):
    return np.vectorize(lambda a: a if a > 0 else math.expm1(a), otypes=[float])(x)


def vectorize_with_a_signature(x):
    return np.vectorize(_normalised, signature="(n)->(n)")(x)


def frompyfunc_cast_to_float(x):
    return np.frompyfunc(_softplus, 1, 1)(x).astype(float)


def fromfunction_of_indices(v):
    return np.fromfunction(lambda i, j: i + 0.5 * j, (3, 4)) * v**2


def fromfunction_closing_over_an_array(v):
    return np.fromfunction(lambda i, j: v[i] * v[j], (4, 4), dtype=int)


def fromiter_of_a_generator(x):
    return np.fromiter((row @ row for row in x), dtype=float)


def fromiter_of_a_generator_with_count(v):
    return np.fromiter((math.tanh(a) for a in v), np.float64, count=4)


def map_over_rows(x):
    return np.array(list(map(_normalised, x)))


def map_of_a_ufunc_over_rows(x):
    return np.stack(list(map(np.tanh, x)))


def zip_over_rows(x, p):
    return np.array([a @ b for a, b in zip(x, p, strict=True)])


def zip_of_columns_in_a_loop(x, w):
    total = np.zeros((3, 3))
    for column, row in zip(x.T, w, strict=True):
        total += np.outer(column, row)
    return total


def reduce_over_rows(x):
    return reduce(np.multiply, x)


def reduce_of_matmul(m):
    return reduce(np.matmul, [m, m, m])


def generator_of_states(x):
    return np.array(list(_running_totals(x))) ** 2


def list_comprehension_of_elements(x):
    return np.array([[math.atan(a) for a in row] for row in x])


def nested_lists_by_tolist(x):
    return np.array([sum(a * a for a in row) for row in x.tolist()])


def tolist_and_back(x):
    return np.array(x.tolist()) ** 2


def iteration_over_a_vector(v):
    h = 0.0
    for a in v:
        h = 0.5 * h + math.tanh(a)
    return h


def item_with_indices(x):
    return x.item(0, 1) * x.item(5) + x[0, 0].item()


def dictionary_of_scalars(x):
    stats = {"mean": x.mean(), "scale": x.std()}
    return (x - stats["mean"]) / stats["scale"]
