"""Rolling, flipping, padding, triangles, diagonals and windows."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def roll_with_an_axis(x):
    return np.roll(x, 1, axis=1) * x


def roll_of_two_axes(x):
    return np.roll(x, (1, -1), axis=(0, 1)) * x


def rot90_of_a_kernel(x, m):
    return np.rot90(x, 2) @ np.rot90(m)


def flips_of_a_kernel(x):
    return np.flip(x) * x + np.fliplr(x) * np.flipud(x)


def reversed_slices(x):
    return x[::-1] * x[:, ::-1]


def last_row(x):
    return x[-1] * x


def pad_with_zeros(x):
    return np.pad(x, ((1, 1), (0, 2))) ** 2


def pad_with_constant_values(x):
    return np.pad(x, 1, mode="constant", constant_values=0.1) ** 2


def pad_edge(x):
    return np.pad(x, ((0, 0), (1, 1)), mode="edge") ** 2


def pad_reflect(x):
    return np.pad(x, ((1, 1), (2, 2)), "reflect") ** 2


def pad_wrap(v):
    return np.pad(v, (2, 1), mode="wrap") ** 2


def tril_of_scores(m):
    return np.tril(m @ m, k=-1)


def triu_of_scores(m):
    return np.triu(m) @ m


def tri_as_a_cumulative_sum(v):
    return np.tri(4) @ v**2


def diag_of_a_matrix(m):
    return np.diag(m) * np.diag(m, k=1).sum()


def diag_of_a_vector(v, m):
    return m @ np.diag(v)


def diagonal_of_a_stack(t):
    return t.diagonal(axis1=1, axis2=2) ** 2


def fill_diagonal_with_zeros(m):
    y = m @ m
    np.fill_diagonal(y, 0.0)
    return y


def trace_of_a_product(m):
    return np.trace(m @ m)


def sliding_windows_of_a_signal(v):
    return sliding_window_view(v, 2) @ np.array([0.5, -1.0]) * v[0]


def sliding_windows_of_an_image(x):
    return np.einsum("ijkl,kl->ij", sliding_window_view(x, (2, 2)), x[:2, :2])


def as_strided_windows(v):
    windows = as_strided(v, shape=(3, 2), strides=(v.strides[0], v.strides[0]))
    return (windows**2).sum(axis=1)


def im2col_by_slices(x):
    columns = np.stack([x[i : i + 2, j : j + 3].ravel() for i in range(2) for j in range(2)])
    return columns @ columns.T


def pooling_by_reshape(x):
    return x[:2].reshape(1, 2, 2, 2).max(axis=(1, 3)) * x.sum()
