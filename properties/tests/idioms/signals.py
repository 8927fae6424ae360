"""Convolution, differences, integrals, interpolation and polynomials."""

from __future__ import annotations

import numpy as np


def convolve_full(v, x):
    return np.convolve(v, x[0])


def convolve_same_with_a_constant_kernel(v):
    return np.convolve(v**2, [0.25, 0.5, 0.25], mode="same")


def correlate_valid(v, x):
    return np.correlate(v, x[0, :2], mode="valid")


def diff_of_rows(x):
    return np.diff(x, axis=1) ** 2


def diff_with_order_and_prepend(v):
    return np.diff(v, n=2) * np.diff(v, prepend=0.0)[:2]


def gradient_of_a_signal(v):
    return np.gradient(v) ** 2


def gradient_with_spacing_and_axis(x):
    return np.gradient(x, 0.5, axis=1) ** 2


def trapezoid_of_samples(x, v):
    return np.trapezoid(x**2, v, axis=1)


def interp_of_a_table(x, v):
    return np.interp(x, [-10.0, -1.0, 1.0, 10.0], v)


def vander_of_features(v):
    return np.vander(v, 3, increasing=True)


def polyval_with_constants(x):
    return np.polyval([0.1, -0.5, 1.0], x)


def polyval_with_coefficients(v, x):
    return np.polyval(v, x[0])


def poly1d_called(x):
    return np.poly1d([1.0, 0.0, -1.0])(x)


def polynomial_by_horner(v, s):
    total = 0.0
    for coefficient in v[::-1]:
        total = total * s + coefficient
    return total


def convolution_by_loops(x, m):
    out = np.zeros((2, 3))
    for i in range(2):
        for j in range(3):
            out[i, j] = np.sum(x[i : i + 2, j : j + 2] * m[:2, :2])
    return out


def convolution_by_shifted_sums(v):
    kernel = v[:2]
    return sum(kernel[k] * v[k : k + 3] for k in range(2))
