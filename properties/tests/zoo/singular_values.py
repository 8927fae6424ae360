"""Singular values: kinks, ties, windows of clips, and what is 0 / 0 where the derivative is finite."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Interval, Mask, positive
from backproof.engine.options import Choice, Real

from ._making import planted_pair, planted_pullback

FINITE, KINKS = "finite_where_differentiable", "subgradient_at_kinks"

# windows ------------------------------------------------------------------------------------------------


def relu6(x):
    return np.clip(x, 0, 6), x


def right_relu6(dout, x):
    return dout * ((x > 0) & (x < 6))


def wrong_relu6(dout, x):
    return dout * ((x > 0) & (x < 7))


def hard_sigmoid(x):
    return np.clip(0.25 * x + 0.5, 0, 1), x


def right_hard_sigmoid(dout, x):
    return np.where(np.abs(x) < 2, 0.25 * dout, 0)


def wrong_hard_sigmoid(dout, x):
    return np.where(np.abs(x) < 2.5, 0.25 * dout, 0)


def clamped_log(p, floor=1e-2):
    return np.log(np.maximum(p, floor)), p


def right_clamped_log(ct, p, floor=1e-2):
    return np.where(p > floor, ct / np.maximum(p, floor), 0)


def wrong_clamped_log(ct, p, floor=1e-2):
    return ct / np.maximum(p, floor)


def right_huber(r, delta=1.0):
    small = np.abs(r) <= delta
    return np.where(
        small, r**2 / 2, delta * (np.abs(r) - delta / 2)
    ), lambda ct: ct * np.where(small, r, delta * np.sign(r))


def wrong_huber(r, delta=1.0):
    small = np.abs(r) <= delta
    return np.where(
        small, r**2 / 2, delta * (np.abs(r) - delta / 2)
    ), lambda ct: ct * np.where(r <= delta, r, delta * np.sign(r))


# what is 0 / 0 ------------------------------------------------------------------------------------------


def times_own_norm(x):
    norm = np.sqrt((x**2).sum(axis=1, keepdims=True))
    return x * norm, (x, norm)


def right_times_own_norm(dy, cache):
    x, norm = cache
    inner = (dy * x).sum(axis=1, keepdims=True)
    return dy * norm + x * inner / np.where(norm == 0, 1, norm)


def wrong_times_own_norm(dy, cache):
    x, norm = cache
    inner = (dy * x).sum(axis=1, keepdims=True)
    return dy * norm + x * inner / norm


def right_softened_direction(x, soft=1.0):
    norm = np.sqrt(np.sum(x**2))

    def pull(ct):
        unit = x / norm if norm > 0 else np.zeros_like(x)
        return ct / (norm + soft) - unit * np.sum(ct * x) / (norm + soft) ** 2

    return x / (norm + soft), pull


def wrong_softened_direction(x, soft=1.0):
    norm = np.sqrt(np.sum(x**2))

    def pull(ct):
        unit = x / norm
        return ct / (norm + soft) - unit * np.sum(ct * x) / (norm + soft) ** 2

    return x / (norm + soft), pull


def ramp_to_three_halves(x):
    root = np.sqrt(np.maximum(x, 0))
    return root**3, (x, root)


def right_ramp(ct, cache):
    _, root = cache
    return ct * 1.5 * root


def wrong_ramp(ct, cache):
    x, root = cache
    droot = 3 * root**2 * ct
    return droot * 0.5 / root * (x > 0)


def right_sinc(x):
    zero = x == 0
    safe = np.where(zero, 1, x)

    def pull(ct):
        return ct * np.where(zero, 0, (np.cos(safe) - np.sin(safe) / safe) / safe)

    return np.where(zero, 1, np.sin(safe) / safe), pull


def wrong_sinc(x):
    zero = x == 0
    safe = np.where(zero, 1, x)

    def pull(ct):
        return ct * ~zero * (np.cos(x) - np.sin(x) / x) / x

    return np.where(zero, 1, np.sin(safe) / safe), pull


def masked_mean(x, m):
    count = m.sum(axis=1)
    return (x * m).sum(axis=1) / np.maximum(count, 1), (m, count)


def right_masked_mean(ct, cache):
    m, count = cache
    return m * (ct / np.maximum(count, 1))[:, None]


def wrong_masked_mean(ct, cache):
    m, count = cache
    return m * (ct / count)[:, None]


def right_row_product(x):
    def pull(ct):
        dx = np.empty_like(x)
        for j in range(x.shape[1]):
            dx[:, j] = ct * np.prod(np.delete(x, j, axis=1), axis=1)
        return dx

    return np.prod(x, axis=1), pull


def wrong_row_product(x):
    y = np.prod(x, axis=1)
    return y, lambda ct: (ct * y)[:, None] / x


def right_monomial(x, power=2):
    return x**power, lambda ct: ct * power * x ** (power - 1)


def wrong_monomial(x, power=2):
    y = x**power
    return y, lambda ct: ct * power * y / x


def angle(y, x):
    return np.arctan2(y, x)


def right_angle(ct, y, x):
    square = x**2 + y**2
    return ct * x / square, -ct * y / square


def wrong_angle(ct, y, x):
    ratio = y / x
    return ct / x / (1 + ratio**2), -ct * ratio / x / (1 + ratio**2)


def softplus(x):
    return np.logaddexp(0, x), x


def right_softplus(dout, x):
    e = np.exp(-np.abs(x))
    return dout * np.where(x >= 0, 1, e) / (1 + e)


def wrong_softplus(dout, x):
    e = np.exp(x)
    return dout * e / (1 + e)


def right_smooth_ramp(x):
    return np.logaddexp(0, x), lambda ct: ct * 0.5 * (1 + np.tanh(0.5 * x))


def wrong_smooth_ramp(x):
    return np.logaddexp(0, x), lambda ct: ct * np.where(x > 10, 1, 0.5 * (1 + np.tanh(0.5 * x)))


# ties ---------------------------------------------------------------------------------------------------


def row_max(x):
    return x.max(axis=1), x


def right_row_max(ct, x):
    dx = np.zeros_like(x)
    dx[np.arange(len(x)), x.argmax(axis=1)] = ct
    return dx


def wrong_row_max(ct, x):
    return ct[:, None] * (x == x.max(axis=1, keepdims=True))


def right_larger(a, b):
    return np.maximum(a, b), lambda ct: (ct * (a >= b), ct * (b > a))


def wrong_larger(a, b):
    return np.maximum(a, b), lambda ct: (ct * (a >= b), ct * (b >= a))


def best_two(x):
    order = np.argsort(-x, axis=1, kind="stable")[:, :2]
    return np.take_along_axis(x, order, axis=1).sum(axis=1), (x, order)


def right_best_two(ct, cache):
    x, order = cache
    dx = np.zeros_like(x)
    np.put_along_axis(dx, order, ct[:, None], axis=1)
    return dx


def wrong_best_two(ct, cache):
    x, order = cache
    least = np.take_along_axis(x, order[:, 1:], axis=1)
    return ct[:, None] * (x >= least)


def median(x):
    order = np.argsort(x, kind="stable")
    low, high = order[(len(x) - 1) // 2], order[len(x) // 2]
    return (x[low] + x[high]) / 2, (x, low, high)


def right_median(ct, cache):
    x, low, high = cache
    dx = np.zeros_like(x)
    dx[low] += ct / 2
    dx[high] += ct / 2
    return dx


def wrong_median(ct, cache):
    x, _, high = cache
    dx = np.zeros_like(x)
    dx[high] += ct
    return dx


def magnitude(x):
    return np.abs(x), x


def right_magnitude(ct, x):
    return ct * np.sign(x)


def wrong_magnitude(ct, x):
    return ct * x / np.abs(x)


PLANTED = (
    planted_pair("relu6", "(...)->(...)", (relu6, right_relu6), (relu6, wrong_relu6), "lets through what is below 7"),
    planted_pair(
        "hard_sigmoid",
        "(...)->(...)",
        (hard_sigmoid, right_hard_sigmoid),
        (hard_sigmoid, wrong_hard_sigmoid),
        "takes the window of another slope",
    ),
    planted_pair(
        "clamped_log",
        "(...)->(...)",
        (clamped_log, right_clamped_log),
        (clamped_log, wrong_clamped_log),
        "lets the gradient pass where the logarithm is clamped",
        domain={"p": positive},
    ),
    planted_pullback(
        "huber",
        "(n)->(n)",
        right_huber,
        wrong_huber,
        "forgets the absolute value in the window, so that large negative residuals are quadratic",
        options={"delta": Real(0.0, 2.0)},
    ),
    planted_pair(
        "times_own_norm",
        "(n,d)->(n,d)",
        (times_own_norm, right_times_own_norm),
        (times_own_norm, wrong_times_own_norm),
        "divides by the norm of a row of zeros",
        FINITE,
    ),
    planted_pullback(
        "softened_direction",
        "(d)->(d)",
        right_softened_direction,
        wrong_softened_direction,
        "softens the norm in the forward only, and divides zero by zero at the origin",
        FINITE,
        options={"soft": Choice((1.0, 0.125))},
    ),
    planted_pair(
        "ramp_to_three_halves",
        "(n)->(n)",
        (ramp_to_three_halves, right_ramp),
        (ramp_to_three_halves, wrong_ramp),
        "multiplies the infinite derivative of a root at zero with zero",
        FINITE,
    ),
    planted_pullback(
        "sinc", "(...)->(...)", right_sinc, wrong_sinc, "masks after dividing by zero: zero times NaN is NaN", FINITE
    ),
    planted_pair(
        "masked_mean",
        "(n,t),(n,t)->(n)",
        (masked_mean, right_masked_mean),
        (masked_mean, wrong_masked_mean),
        "divides by the count of a row that is masked altogether",
        FINITE,
        domain={"m": Mask()},
    ),
    planted_pullback(
        "row_product",
        "(n,3)->(n)",
        right_row_product,
        wrong_row_product,
        "divides the product by an entry that is zero",
        FINITE,
    ),
    planted_pullback(
        "monomial",
        "(...)->(...)",
        right_monomial,
        wrong_monomial,
        "divides the power by its base, which may be zero",
        FINITE,
        options={"power": Choice((2, 3, 1))},
    ),
    planted_pair(
        "angle",
        "(n),(n)->(n)",
        (angle, right_angle),
        (angle, wrong_angle),
        "derives arctan(y / x), which has no value on the y axis",
        FINITE,
        domain={"y": Interval(low=0.0)},
    ),
    planted_pair(
        "softplus",
        "(...)->(...)",
        (softplus, right_softplus),
        (softplus, wrong_softplus),
        "computes exp(x) / (1 + exp(x)), infinity over infinity for large x",
        FINITE,
    ),
    planted_pair(
        "row_max",
        "(n,3)->(n)",
        (row_max, right_row_max),
        (row_max, wrong_row_max),
        "gives the whole cotangent to each of the tied maxima",
        KINKS,
    ),
    planted_pullback(
        "larger", "(n),(n)->(n)", right_larger, wrong_larger, "gives the whole cotangent to both where they tie", KINKS
    ),
    planted_pair(
        "best_two",
        "(n,4)->(n)",
        (best_two, right_best_two),
        (best_two, wrong_best_two),
        "takes all that are as large as the second largest for the two largest",
        KINKS,
    ),
    planted_pullback(
        "smooth_ramp",
        "(...)->(...)",
        right_smooth_ramp,
        wrong_smooth_ramp,
        "takes the slope for one from ten on, where the forward is exact",
    ),
    planted_pair(
        "median",
        "(n)->()",
        (median, right_median),
        (median, wrong_median),
        "forgets that of an even number of entries the median is the mean of two",
    ),
    planted_pair(
        "magnitude",
        "(...)->(...)",
        (magnitude, right_magnitude),
        (magnitude, wrong_magnitude),
        "divides by the absolute value, which is zero at the kink",
        FINITE,
    ),
)
