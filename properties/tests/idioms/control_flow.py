"""Branches and loops that depend on values, asserts, guards and messages."""

from __future__ import annotations

import math

import numpy as np


def branch_on_a_sum(x):
    if x.sum() > 0:
        return np.exp(-x)
    return np.exp(x)


def branch_on_a_scalar_argument(s):
    if s < 0:
        return -s
    return s**2 if s <= 0.5 else s - 0.25


def branch_on_an_element_in_a_comprehension(v):
    return np.array([a if a > 0 else 0.01 * a for a in v])


def branch_on_truth_of_a_scalar(x):
    total = x.sum()
    return x / total if total else x


def branch_by_chained_comparison(v):
    return np.array([a * a if -1 < a < 1 else 2 * abs(a) - 1 for a in v])


def branch_on_none_and_or(x):
    scale = None
    scale = scale or x.std()
    return x / scale


def match_on_dimensions(x):
    match x.shape:
        case (_, columns):
            return x**2 / columns
    return x


def while_newton_square_root(p):
    a = p[0, 0]
    r = a
    while abs(r * r - a) > 1e-10:
        r = 0.5 * (r + a / r)
    return r


def while_fixed_point_of_a_vector(v):
    y = np.zeros(4)
    while np.max(np.abs(np.tanh(v) + 0.2 * np.sin(y) - y)) > 1e-9:
        y = np.tanh(v) + 0.2 * np.sin(y)
    return y


def while_scaling_down(x):
    y, steps = x * 8, 0
    while np.linalg.norm(y) > 1:
        y, steps = y / 2, steps + 1
    return y * (1 + steps)


def for_with_break_on_a_value(v):
    total = 0.0
    for a in v:
        total += a * a
        if total > 3:
            break
    return total


def truncated_series(s):
    term = total = 1.0
    for k in range(1, 20):
        term *= s / k
        total += term
    return total


def int_of_a_value_as_an_index(p):
    k = int(p[0, 0])
    return p[k] * (p[0, 0] - k)


def range_up_to_the_int_of_a_value(p):
    total = p[0].copy()
    for _ in range(int(p.sum()) % 3):
        total *= p[1]
    return total


def assert_of_shapes(x, w):
    y = x @ w
    assert y.shape == (x.shape[0], w.shape[1]), f"got {y.shape}"
    return y


def assert_of_allclose(x):
    e = np.exp(x)
    y = e / e.sum(axis=1, keepdims=True)
    assert np.allclose(y.sum(axis=1), 1.0)
    return y


def assert_of_values(p):
    assert (p > 0).all()
    assert not np.isnan(p).any()
    return np.log(p)


def testing_assert_allclose(x):
    y = x - x.mean(axis=0)
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-12)
    return y**2


def isclose_in_a_branch(x):
    scale = x.std()
    return x if np.isclose(scale, 0) else x / scale


def math_isclose_in_a_branch(s):
    return 0.0 if math.isclose(s, 1.0) else s**2 / (1 - s)


def array_equal_in_a_branch(x):
    return x**2 if np.array_equal(x, x.copy()) else x**3


def errstate_as_a_context(x):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


def try_except_of_a_zero_division(x):
    try:
        return x / math.sqrt((x[0] ** 2).sum())
    except ZeroDivisionError:
        return x


def try_except_of_float_errors(x):
    with np.errstate(all="raise"):
        try:
            return np.log(x).sum() * x
        except FloatingPointError:
            return np.log(np.abs(x)).sum() * x


def formatted_value_in_a_message(x):
    message = f"loss {x.sum():.3f}, first {x[0, 0]}, mean %g" % x.mean()
    return x**2 if message else x
