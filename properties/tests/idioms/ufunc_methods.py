"""Ufuncs with out and where, and their methods: reduce, accumulate, at, outer, reduceat."""

from __future__ import annotations

import numpy as np


def out_as_keyword(x):
    out = np.empty_like(x)
    np.exp(x, out=out)
    return out


def out_as_position(x):
    out = np.zeros(x.shape)
    np.multiply(x, x, out)
    return out


def out_is_the_input(x):
    y = -x
    np.exp(y, out=y)
    np.add(y, 1.0, out=y)
    return np.divide(1.0, y, out=y)


def out_is_a_slice(x, w):
    out = np.zeros((3, 6))
    np.matmul(x, w, out=out[:, :3])
    np.tanh(out[:, :3], out=out[:, 3:])
    return out


def out_as_a_tuple(x):
    fraction, whole = np.empty_like(x), np.empty_like(x)
    np.modf(x, out=(fraction, whole))
    return fraction * whole + x


def where_in_a_division(x):
    return np.divide(1.0, x, out=np.zeros_like(x), where=x > 0)


def where_in_a_logarithm(x):
    logs = np.zeros(x.shape)
    np.log(x, where=x > 0, out=logs)
    return logs


def where_in_an_addition_to_a_copy(x, v):
    out = x.copy()
    np.add(out, v, out=out, where=x < 0)
    return out * out


def add_reduce(x):
    return np.add.reduce(x**2, axis=1)


def add_reduce_over_all_axes(t):
    return np.add.reduce(t**2, axis=None)


def add_reduce_keepdims_into_out(x):
    out = np.zeros((3, 1))
    np.add.reduce(x, axis=1, keepdims=True, out=out)
    return x / (1 + out**2)


def multiply_reduce(x):
    return np.multiply.reduce(x, axis=0)


def maximum_reduce(x):
    return np.maximum.reduce(x, axis=1, keepdims=True) - x


def maximum_reduce_of_a_list(x, p):
    return np.maximum.reduce([x, p, x * p]) * x


def minimum_reduce_with_initial(x):
    return np.minimum.reduce(x, axis=0, initial=0.5) * x


def logaddexp_reduce(x):
    return np.logaddexp.reduce(x, axis=1)


def add_accumulate(x):
    return np.add.accumulate(x, axis=1) ** 2


def multiply_accumulate(p):
    return np.multiply.accumulate(1 - p / 3, axis=1)


def maximum_accumulate(v):
    return np.maximum.accumulate(v) * v


def add_at_integer_labels(x):
    out = np.zeros((2, 4))
    np.add.at(out, [0, 1, 0], x**2)
    return out


def add_at_a_tuple_of_indices(x):
    out = np.zeros((2, 2))
    np.add.at(out, (np.array([0, 0, 1]), np.array([1, 1, 0])), x[:, 0])
    return out


def add_at_with_slices(x, w):
    table = np.zeros((5, 4))
    np.add.at(table, (slice(None), [0, 2, 2]), x[:, :1].T * np.ones((5, 3)) * w[0])
    return table


def add_at_with_a_scalar(v):
    out = v**2
    np.add.at(out, [0, 0, 3], 0.5)
    return out * v


def subtract_at_an_embedding(x):
    table = x.copy()
    np.subtract.at(table, np.array([0, 0, 2]), 0.1 * x)
    return table


def multiply_at_repeated_indices(v):
    out = np.ones(3)
    np.multiply.at(out, [0, 0, 1, 2], v)
    return out


def maximum_at_labels(v):
    out = np.full(2, -np.inf)
    np.maximum.at(out, [0, 1, 0, 1], v)
    return out


def add_outer(v, x):
    return np.add.outer(v, x[0]) ** 2


def multiply_outer(v, x):
    return np.multiply.outer(v, x)


def subtract_outer(v):
    return np.exp(-(np.subtract.outer(v, v) ** 2)).sum(axis=1)


def maximum_outer(v):
    return np.maximum.outer(v, v[:2])


def power_outer_with_integers(v):
    return np.power.outer(v, np.arange(3))


def add_reduceat(v):
    return np.add.reduceat(v**2, [0, 1, 3])


def add_reduceat_on_an_axis(x):
    return np.add.reduceat(x, [0, 2], axis=1) ** 2
