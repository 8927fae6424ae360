"""Order statistics, weighted means, arguments of extrema, scans, reductions that skip, and log-sum-exp by hand."""

from __future__ import annotations

import numpy as np


def ptp_over_an_axis(x):
    return np.ptp(x, axis=1)


def median_of_even_and_odd(x):
    return np.median(x, axis=1).sum() + np.median(x, axis=0)


def quantile_between_elements(x):
    return np.quantile(x, 0.3, axis=1)


def percentile_of_the_absolute_value(x):
    return np.minimum(np.abs(x), np.percentile(np.abs(x), 75))


def average_with_weights(x, p):
    return np.average(x, axis=1, weights=p)


def average_with_constant_weights(x):
    return np.average(x**2, axis=0, weights=[0.5, 0.3, 0.2])


def argmax_used_as_an_index(x):
    return x[np.arange(3), x.argmax(axis=1)] ** 2


def argmax_of_all_unravelled(x):
    return x[np.unravel_index(np.argmax(x), x.shape)] * x


def argmin_used_as_an_index(v):
    return v[np.argmin(np.abs(v))] * v


def cumsum_over_an_axis(x):
    return np.cumsum(x**2, axis=1)


def cumsum_reversed_for_returns(x):
    return np.cumsum(x[::-1], axis=0)[::-1] ** 2


def cumprod_of_decays(p):
    return np.cumprod(1 - 0.1 * p, axis=1)


def cumsum_flattened_as_a_method(x):
    return x.cumsum() * x.ravel()


def nansum_with_a_missing_value(x):
    y = x**2
    y[0, 0] = np.nan
    return np.nansum(y, axis=1)


def nanmean_with_missing_values(x):
    return np.nanmean(np.where(x[0] > 10, np.nan, x), axis=0) ** 2


def nanmax_and_nanstd(x):
    return np.nanmax(x, axis=1) / np.nanstd(x, axis=1)


def any_in_a_branch(x):
    return x**2 if np.any(x < -10) else x**3


def all_in_a_branch(x):
    if (x < 10).all():
        x = np.tanh(x)
    return x


def count_nonzero_as_a_denominator(x):
    positive = np.maximum(x, 0)
    return positive.sum() / np.count_nonzero(positive)


def logsumexp_by_hand(x):
    c = x.max(axis=1, keepdims=True)
    return np.log(np.exp(x - c).sum(axis=1)) + c[:, 0]


def log_softmax_by_hand(x):
    shifted = x - np.max(x, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


def covariance_of_columns(x):
    return np.cov(x, rowvar=False)


def correlation_of_rows(x):
    return np.corrcoef(x)
