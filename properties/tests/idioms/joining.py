"""Joining and splitting: stack, concatenate, block, r_ and c_, split, repeat, tile, append."""

from __future__ import annotations

import numpy as np


def stack_of_rows_reversed_in_time(x):
    return np.stack([np.exp(row) for row in x][::-1])


def stack_on_the_last_axis(x, p):
    return np.stack((x, p), axis=-1).prod(axis=-1)


def vstack_of_states(x, v):
    return np.vstack([v, x, v**2])


def hstack_of_input_and_state(x, p):
    return np.hstack([x, p]) ** 2


def hstack_of_vectors(x, v):
    return np.hstack((x[0] * v, v))


def column_stack_of_vectors(x):
    return np.column_stack([x[:, 0], x[:, 1] * x[:, 2]])


def dstack_of_images(x, p):
    return np.dstack((x, p)).max(axis=2) * x


def concatenate_of_features(x, p):
    return np.concatenate((x, x * p), axis=1)


def concatenate_flattened(x, v):
    return np.concatenate([x, v[None]], axis=None) ** 2


def concatenate_with_own_zeros(x):
    return np.concatenate([np.zeros((1, 4)), np.cumsum(x, axis=0)])


def concatenate_into_out(x, p):
    out = np.zeros((6, 4))
    np.concatenate([x, p], out=out)
    return out**2


def block_of_matrices(m, w):
    return np.block([[m, w], [w.T, np.zeros((3, 3))]])


def r_of_scalars_and_vectors(v):
    return np.r_[0.0, v, v.sum()] ** 2


def c_of_columns(x, p):
    return np.c_[x, p[:, :1] * x[:, :1]]


def c_of_input_and_ones(x, m):
    return np.c_[x[:, 1:], np.ones(len(x))] @ m


def append_of_a_scalar(v):
    return np.append(v, v @ v)


def append_of_a_row(x, v):
    return np.append(x, v[np.newaxis] ** 2, axis=0)


def insert_of_a_zero(v):
    return np.insert(v**2, 0, 0.0)


def delete_of_a_column(x):
    return np.delete(x, 1, axis=1) ** 2


def split_into_gates(x):
    a, b = np.split(x, 2, axis=1)
    return np.tanh(a) * b


def split_at_indices(x):
    first, rest = np.split(x, [1])
    return first * rest


def array_split_into_unequal_parts(v):
    return np.array([part.sum() ** 2 for part in np.array_split(v, 3)])


def hsplit_into_gates(x):
    i, f, o, g = np.hsplit(x, 4)
    return np.tanh(f + i * np.tanh(g)) * o


def vsplit_into_rows(x):
    q, k, u = np.vsplit(x, 3)
    return q @ k.T * u


def unpacking_rows(x):
    a, b, c = x
    return a * b - c


def unpacking_transposed_columns(x):
    a, b, *rest = x.T
    return a * b + sum(rest)


def repeat_for_upsampling(x):
    return x.repeat(2, axis=0).repeat(2, axis=1) ** 2


def repeat_with_counts(v):
    return np.repeat(v, [1, 0, 2, 1]) ** 2


def tile_of_a_vector(x, v):
    return np.tile(v, (3, 1)) * x


def tile_along_a_new_axis(v):
    return np.tile(v, 2).reshape(2, 4) * np.array([[1.0], [3.0]])


def resize_by_repetition(v):
    return np.resize(v, (2, 4)) ** 2
