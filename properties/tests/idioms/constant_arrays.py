"""Arrays of constants that the code makes itself: identities, ranges, grids, tables, seeded noise."""

from __future__ import annotations

import numpy as np


def eye_minus_outer(v):
    return np.eye(4) - 2.0 * np.outer(v, v) / (v @ v)


def eye_with_offset_as_a_shift(m):
    return np.eye(4, k=1) @ m


def identity_plus_ridge(m):
    return m @ m + 0.1 * np.identity(len(m))


def arange_as_positions(v):
    return np.sin(v * np.arange(4))


def arange_with_float_step(v):
    return v * np.arange(0.0, 1.0, 0.25) + v**2


def arange_reshaped_divided(x):
    return x * (np.arange(12).reshape(3, 4) / 12)


def arange_of_inverse_frequencies(v):
    return np.cos(v / 10000 ** (np.arange(0, 4) / 4))


def linspace_as_a_grid(v):
    return np.exp(-((v[:, None] - np.linspace(-1, 1, 5)) ** 2))


def linspace_up_to_an_argument(s):
    return np.linspace(0.0, s, 5) ** 2


def linspace_between_two_rows(x):
    return np.linspace(x[0], x[1], 3)


def logspace_as_decays(v):
    return v**2 * np.logspace(-2, 0, 4)


def geomspace_as_scales(v):
    return np.tanh(v * np.geomspace(1.0, 8.0, num=4))


def array_of_computed_scalars(x):
    return np.array([x[0, 0] * x[0, 1], x.sum(), 1.0])


def array_of_lists_of_computed_scalars(s):
    return np.array([[np.cos(s), -np.sin(s)], [np.sin(s), np.cos(s)]])


def array_of_constants(v):
    kernel = np.array([0.1, 0.2, 0.3, 0.4])
    return kernel * v**2


def array_of_integers_divided(x):
    counts = np.array([1, 2, 3, 4])
    return x / counts


def seeded_dropout_mask(x):
    keep = np.random.default_rng(0).random(x.shape) < 0.8
    return np.where(keep, x / 0.8, 0.0)


def seeded_noise_added(x):
    rng = np.random.default_rng(1)
    return np.tanh(x + 0.1 * rng.standard_normal(x.shape))


def seeded_weights_scaled(x):
    weights = np.random.default_rng(2).normal(size=(4, 2)) * np.sqrt(2.0 / 4)
    return np.maximum(x @ weights, 0) + (x @ weights) ** 2


def seeded_permutation_of_rows(x):
    order = np.random.RandomState(0).permutation(len(x))
    return x[order] * np.arange(1, 4)[:, None]
