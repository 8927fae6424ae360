"""The math module on elements and sums."""

from __future__ import annotations

import math
from math import pi

import numpy as np


def math_exp_of_elements_in_loops(x):
    out = np.zeros(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = 1.0 / (1.0 + math.exp(-x[i, j]))
    return out


def math_sqrt_of_a_sum(x):
    return x / math.sqrt((x**2).sum())


def math_sqrt_of_a_dimension(x, w):
    return x @ w / math.sqrt(x.shape[1])


def math_log_of_elements(p):
    return -sum(math.log(value) for value in p[0])


def math_log_with_base(p):
    return np.array([math.log(p[0, 0], 2), math.log(p[1, 1], 10)])


def math_log2_log10_log1p(p):
    return math.log2(p[0, 0]) + math.log10(p[0, 1]) + math.log1p(p[0, 2])


def math_tanh_of_a_scalar(s):
    return math.tanh(s) * math.cosh(s)


def math_trigonometry_of_elements(v):
    return np.array([math.sin(v[0]), math.cos(v[1]), math.atan(v[2]), math.atan2(v[3], v[0])])


def math_erf_gelu_of_elements(v):
    return np.array([0.5 * a * (1 + math.erf(a / math.sqrt(2))) for a in v])


def math_lgamma_of_a_scalar(s):
    return math.lgamma(s) + math.gamma(1 + s)


def math_pow_and_expm1(p):
    return math.pow(p[0, 0], 1.5) + math.expm1(p[1, 0])


def math_hypot_of_elements(v):
    return math.hypot(v[0], v[1]) + math.fabs(v[2])


def math_fsum_of_a_row(x):
    return math.fsum(x[0] * x[1])


def math_prod_of_a_row(v):
    return math.prod(v)


def math_prod_of_a_shape(x):
    return x**2 / math.prod(x.shape)


def math_floor_as_an_index(p):
    low = math.floor(p[0, 0])
    return p[1] * (p[0, 0] - low) + p[2] * low


def math_isfinite_guard(x):
    loss = (x**2).mean()
    return loss if math.isfinite(loss) else 0.0


def math_inf_as_the_first_best(x):
    best = math.inf
    for row in x:
        best = min(best, (row**2).sum())
    return best


def math_pi_in_a_gaussian(x):
    return np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)


def pi_from_math(x):
    return np.sin(2 * pi * x)
