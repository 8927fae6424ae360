"""Arrays that the code makes itself and fills: zeros, empty, ones, full."""

from __future__ import annotations

import numpy as np


def zeros_of_the_shape_of_x(x):
    out = np.zeros(x.shape)
    out += x * x
    return out


def zeros_with_shape_of_two_sizes(x, w):
    out = np.zeros((x.shape[0], 3))
    out[:] = x @ w
    return out


def zeros_with_dtype_of_x(x):
    state = np.zeros(4, dtype=x.dtype)
    for row in x:
        state = np.tanh(state + row)
    return state


def zeros_with_dtype_float(x):
    out = np.zeros((3, 4), dtype=float)
    out[1:] = x[1:] ** 3
    return out


def zeros_with_dtype_as_string(x):
    out = np.zeros(x.shape, dtype="float64")
    out[x > 0] = x[x > 0]
    return out


def zeros_like_accumulated(x, t):
    total = np.zeros_like(x)
    for step in t:
        total += np.tanh(step) * x
    return total


def zeros_like_of_a_reduction(x):
    out = np.zeros_like(x.sum(axis=1))
    out += x[:, 0] * x[:, 1]
    return out


def zeros_like_with_shape(x):
    out = np.zeros_like(x, shape=(2, 4))
    out[0] = x[0] * x[1]
    return out


def empty_assigned_whole(x):
    out = np.empty((3, 4))
    out[...] = np.tanh(x)
    return out


def empty_like_assigned_by_row(x):
    out = np.empty_like(x)
    for i, row in enumerate(x):
        out[i] = row / (1 + np.abs(row).sum())
    return out


def empty_with_fill_then_item_assignment(x):
    out = np.empty(3)
    out.fill(0.25)
    out[1] = x[1, 2] * x[2, 1]
    return out


def ones_as_a_column_of_bias(x):
    return np.concatenate([x, np.ones((len(x), 1))], axis=1) * x.sum()


def ones_multiplied_in_place(x):
    gate = np.ones(x.shape[1])
    gate *= x[0]
    gate *= x[1]
    return gate


def ones_like_minus_square(x):
    return np.ones_like(x) - np.tanh(x) ** 2


def ones_vector_product_instead_of_sum(x):
    return x**2 @ np.ones(4)


def full_of_a_constant(x):
    return np.full(x.shape, 0.1) * x + np.full(4, 1.0 / 3)


def full_of_a_computed_scalar(x):
    return np.full(3, x.mean() ** 2)


def full_like_of_an_argument(x, s):
    return np.full_like(x, s) * x


def full_of_a_row(x, v):
    return np.full((3, 4), v) * x


def full_of_minus_infinity_then_maximum(x):
    best = np.full(x.shape[1], -np.inf)
    for row in x:
        best = np.maximum(best, row)
    return best
