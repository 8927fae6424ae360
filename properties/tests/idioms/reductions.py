"""Sums, means, variances, products and extrema, with their options."""

from __future__ import annotations

import numpy as np


def sum_over_all(x):
    return np.sum(x**2)


def sum_over_axis_as_a_method(x):
    return (x**2).sum(-1)


def sum_with_keepdims(x):
    return np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)


def sum_over_two_axes(t):
    return (t**2).sum(axis=(0, 2))


def sum_with_dtype_and_initial(x):
    return np.sum(x * x, axis=0, dtype=np.float64, initial=1.0)


def sum_where_positive(x):
    return np.sum(x, axis=1, where=x > 0) ** 2


def sum_of_a_list_of_scalars(x):
    return np.sum([x[0, 0] ** 2, x[1, 1], 0.5])


def sum_into_out(x):
    out = np.empty(4)
    np.sum(x, axis=0, out=out)
    return out**2


def mean_over_an_axis(x):
    return x - x.mean(axis=0)


def mean_where_positive(x):
    return np.mean(x, where=x > 0) * x


def mean_of_a_comparison_as_a_weight(x):
    return np.mean(x > 0) * x + (x > 0).sum(axis=1, keepdims=True)


def var_of_a_batch(x):
    return np.var(x, axis=0)


def var_with_ddof_and_keepdims(x):
    return x / x.var(axis=1, ddof=1, keepdims=True)


def var_given_the_mean(x):
    mu = x.mean(axis=0, keepdims=True)
    return (x - mu) / np.sqrt(np.var(x, axis=0, mean=mu) + 1e-5)


def std_of_all(x):
    return (x - np.mean(x)) / np.std(x)


def std_with_ddof(x):
    return x.std(axis=1, ddof=1)


def prod_over_an_axis(x):
    return np.prod(x, axis=1)


def prod_of_all_as_a_method(p):
    return p.prod()


def max_subtracted_from_scores(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def max_with_initial(x):
    return np.max(x, axis=1, initial=0.0) + x.sum()


def min_max_scaling(x):
    return (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0))


def amax_of_the_absolute_value(x):
    return x / np.amax(np.abs(x))
