"""Shapes and views: reshaping, axes, broadcasting."""

from __future__ import annotations

import numpy as np


def reshape_with_minus_one(t):
    return t.reshape(t.shape[0], -1) ** 2


def reshape_in_fortran_order(x):
    return x.reshape((4, 3), order="F") * np.arange(3)


def reshape_of_heads(t):
    return t.reshape(2, 3, 2, 2).transpose(0, 2, 1, 3) ** 2


def ravel_and_flatten(x):
    return x.ravel() * x.flatten("F")


def flat_elements(x):
    y = x.copy()
    y.flat[3] = x.flat[0] * x.flat[1]
    return y


def squeeze_of_kept_axes(x):
    return np.squeeze(x.sum(axis=1, keepdims=True) ** 2, axis=1)


def expand_dims_for_broadcasting(x, v):
    return np.expand_dims(x, 2) * np.expand_dims(v, (0, 1))


def newaxis_differences(x):
    return ((x[:, np.newaxis] - x[np.newaxis]) ** 2).sum(axis=-1)


def none_and_ellipsis(x, v):
    return x[..., None] - v[None, None, :]


def atleast_2d_of_a_vector(v, w):
    return np.atleast_2d(v) @ w


def atleast_1d_of_a_scalar(s):
    return np.atleast_1d(s) ** 2 * np.ones(3)


def broadcast_to_of_a_vector(x, v):
    return np.broadcast_to(v, x.shape) * x


def broadcast_arrays_of_row_and_column(x, v):
    a, b = np.broadcast_arrays(x[:, :1], v)
    return a * b


def transpose_attribute(x):
    return x.T * np.arange(3)


def transpose_with_axes(t):
    return np.transpose(t, (2, 0, 1)) ** 2


def swapaxes_of_attention(t):
    return t @ t.swapaxes(-1, -2)


def moveaxis_to_channels_first(t):
    return np.moveaxis(t, -1, 0) ** 2


def rollaxis_to_the_front(t):
    return np.rollaxis(t, 2) ** 2
