"""Constants, sizes as factors, and Python's own functions on elements."""

from __future__ import annotations

import numpy as np


def np_pi_in_a_log_density(x):
    return -0.5 * (x**2 + np.log(2 * np.pi)).sum(axis=1)


def np_e_as_a_base(x):
    return np.e**x


def log_two_as_a_constant(x):
    return np.logaddexp(0.0, x) - np.log(2.0)


def gelu_constant_of_np_sqrt(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def one_over_the_batch_size(x):
    return (1.0 / x.shape[0]) * (x**2).sum(axis=0)


def len_as_a_count(x):
    return (x**2).sum() / len(x)


def size_as_a_count(x):
    return (x**2).sum() / x.size


def np_prod_of_the_shape(x):
    return (x**2).sum() / np.prod(x.shape[1:])


def float64_scalar_factor(x):
    return np.float64(0.1) * x + np.float64(1) / 3


def epsilon_of_the_dtype_added(x):
    return x / (np.linalg.norm(x) + np.finfo(x.dtype).eps)


def epsilon_literal_in_a_log(p):
    return -np.log(p + 1e-12).sum()


def epsilon_literal_under_a_root(x):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-8)


def fraction_of_integers_as_a_factor(x):
    return 1 / 3 * x**3


def builtin_sum_of_elements(v):
    return sum(v) ** 2


def builtin_sum_of_rows(x):
    return sum(x) * sum(row @ row for row in x)


def builtin_max_of_two_elements(x):
    return max(x[0, 0], x[1, 1]) * min(x[0, 1], 10.0)


def builtin_max_of_a_row(v):
    shift = max(v)
    return shift + np.log(sum(np.exp(v - shift)))


def builtin_max_with_zero(v):
    return np.array([max(0.0, a) + 0.1 * min(0, a) for a in v])


def builtin_max_with_a_key(v):
    return max(v, key=abs) ** 2


def builtin_abs_of_array_and_element(x):
    return abs(x) + abs(x[0, 0])


def builtin_pow_of_array(p):
    return pow(p, 1.5) + pow(p[0, 0], 2)


def builtin_sorted_of_elements(v):
    return np.array(sorted(v)) * np.arange(4)


def builtin_divmod_of_an_element(p):
    whole, rest = divmod(p[0, 0], 0.3)
    return rest**2 + whole


def builtin_float_of_a_sum(x):
    return float(np.sum(x**2)) * x


def builtin_float_of_a_zero_dimensional(s):
    value = float(s)
    return value * value / (1.0 + value)


def powers_of_and_by_a_scalar(s):
    return 2.0**s + 3**s + s**2 + s**-1
