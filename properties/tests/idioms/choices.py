"""Guards against values that are not finite, and choices between branches element by element."""

from __future__ import annotations

import numpy as np


def nan_to_num_of_a_guarded_log(x):
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(np.log(x), nan=0.0) + x


def isfinite_guard(x):
    return np.where(np.isfinite(x), x, 0.0) ** 2


def isnan_guard_in_place(x):
    y = x**3
    y[np.isnan(y)] = 0.0
    return y


def errstate_around_a_discarded_branch(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(x > 0, np.sqrt(x), 0.1 * x)


def division_by_a_guarded_zero(x):
    positive = np.maximum(x, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = x / positive
    return np.where(positive == 0, 0.0, ratio) + x


def where_of_three_arguments(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))


def where_with_scalars(x):
    return x * np.where(x > 0, 1.0, 0.01)


def where_nested(x):
    return np.where(x < -0.5, -1.0, np.where(x > 0.5, 1.0, 2 * x)) + 0.1 * x


def huber_by_where(x):
    a = np.abs(x)
    return np.where(a <= 1.0, 0.5 * x**2, a - 0.5).sum()


def select_of_three_branches(x):
    return np.select([x < -0.5, x > 0.5], [x**2, np.exp(x)], default=x)


def piecewise_with_functions(x):
    return np.piecewise(x, [x < 0, x >= 0], [np.expm1, lambda a: a])


def piecewise_with_scalars(x):
    return x * np.piecewise(x, [x < 0, x >= 0], [0.1, 1.0])


def choose_by_labels(x):
    return np.choose([0, 2, 1, 0], x) ** 2


def compress_of_columns(x):
    return np.compress([True, False, True, True], x, axis=1) ** 2


def extract_of_positives(x):
    return np.extract(x > 0, x).sum() * x


def mask_as_float_arithmetic(x):
    positive = (x > 0) * 1.0
    return positive * x + (1 - positive) * 0.3 * x


def mask_inverted_and_combined(x):
    inside = (x > -0.5) & ~(x > 0.5) | (x > 2)
    return np.where(inside, x**2, np.abs(x))


def masked_softmax_with_minus_infinity(m):
    scores = np.where(np.tri(4, dtype=bool), m, -np.inf)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def masked_softmax_with_a_large_negative(m):
    scores = m + np.triu(np.ones((4, 4)), k=1) * -1e9
    e = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
