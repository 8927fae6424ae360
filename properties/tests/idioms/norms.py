"""Norms of vectors and matrices."""

from __future__ import annotations

import numpy as np
from numpy.linalg import norm


def norm_of_a_vector(v):
    return v / np.linalg.norm(v)


def norm_of_a_matrix(x):
    return np.linalg.norm(x)


def norm_frobenius_by_name(x):
    return np.linalg.norm(x, "fro")


def norm_along_an_axis(x):
    return x / norm(x, axis=1, keepdims=True)


def norm_of_order_one(v):
    return np.linalg.norm(v, ord=1)


def norm_of_order_infinity(x):
    return np.linalg.norm(x, np.inf, axis=0)


def norm_of_order_three(v):
    return np.linalg.norm(v, 3)


def norm_of_a_matrix_of_order_one(x):
    return np.linalg.norm(x, 1)


def norm_spectral(x):
    return x / np.linalg.norm(x, 2)


def norm_nuclear(x):
    return np.linalg.norm(x, "nuc")


def gradient_clipping_by_norm(x):
    length = np.linalg.norm(x)
    return x * 0.5 / length if length > 0.5 else x
