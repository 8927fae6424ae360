"""Mistakes in a part: for one value of an option, where windows overlap, and factors that are made of data."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Labels, Mask, positive
from backproof.engine.options import Choice
from backproof.properties.tests.misled.known import Mistake, into

PARTIAL: list[Mistake] = []
partial = into(PARTIAL)

MODES = {"mode": Choice(("a", "b"))}


@partial("(n)->()", "option_value", "only for mode='b': there it is 2 times too large", options=MODES)
def mean_of_squares(x, mode="a"):
    y = np.sum(x**2) if mode == "a" else np.mean(x**2)
    return y, lambda ct: 2 * ct * x if mode == "a" else 4 * ct * x / len(x)


@partial("(n)->(n)", "option_value", "only for causal=True", options={"causal": Choice((False, True))})
def cumulative(x, causal=False):
    def pull(ct):
        return 2 * x * np.cumsum(ct) if causal else np.sum(x**2) * ct + 2 * x * np.sum(ct * x)

    return np.cumsum(x**2) if causal else np.sum(x**2) * x, pull


@partial(
    "(n)->(n)",
    "option_value",
    "only for kind='tanh': there it lacks the factor (1 + y)",
    "output",
    options={"kind": Choice(("tanh", "sin", "square"))},
)
def activation(x, kind="tanh"):
    if kind == "tanh":
        y = np.tanh(x)
        return y, lambda ct: ct * (1 - y)
    return (np.sin(x), lambda ct: ct * np.cos(x)) if kind == "sin" else (x**2, lambda ct: 2 * x * ct)


@partial(
    "(n)->(n)",
    "option_value",
    "only for mode='b': there it is wrong only for causal=True",
    options={**MODES, "causal": Choice((False, True))},
)
def two_options(x, mode="a", causal=False):
    return np.sin(x), lambda ct: ct * np.cos(x) * (2 if mode == "b" and causal else 1)


@partial("(n),(2)->", "overwritten", "for x", "only the last", "= does where += should")
def convolution_by_windows(x, w):
    steps, size = max(len(x) - len(w) + 1, 0), len(w)

    def pull(ct):
        dx = np.zeros_like(x)
        for i in range(steps):
            dx[i : i + size] = ct[i] * w
        return dx, np.array([np.dot(ct, x[j : j + steps]) for j in range(size)])

    return np.array([np.dot(x[i : i + size], w) for i in range(steps)]), pull


@partial("(n)->", "overwritten", "for x", "only the last")
def overlapping_maximum(x):
    starts = range(0, len(x), 2)
    y = np.array([x[i : i + 3].max() for i in starts])

    def pull(ct):
        dx = np.zeros_like(x)
        for j, i in enumerate(starts):
            dx[i : i + 3] = ct[j] * (x[i : i + 3] == y[j])
        return dx

    return y, pull


@partial("(h,w)->", "overwritten", "for x", "only the first")
def average_by_offsets(x):
    h, w = (max(size - 1, 0) for size in x.shape)
    corners = [(i, j) for i in range(2) for j in range(2)]

    def pull(ct):
        dx = np.zeros_like(x)
        for i, j in corners:
            dx[i : i + h, j : j + w] = ct / 4
        return dx

    return sum(x[i : i + h, j : j + w] for i, j in corners) / 4, pull


@partial("(2,d)->(4,d)", "overwritten", "for x", "only the last")
def constant_indices(x):
    places = np.array([0, 1, 0, 1])

    def pull(ct):
        dx = np.zeros_like(x)
        dx[places] += ct
        return dx

    return x[places], pull


@partial("(n),(n)->()", "value_factor", "a factor mask.sum() too many", domain={"mask": Mask()})
def masked_mean(x, mask):
    return np.sum(x**2 * mask) / max(mask.sum(), 1), lambda ct: (2 * ct * x * mask, None)


@partial("(n),(n)->()", "value_factor", "lacks the factor mask.sum()", domain={"mask": Mask()})
def masked_sum(x, mask):
    return np.sum(x**2 * mask), lambda ct: (2 * ct * x * mask / max(mask.sum(), 1), None)


@partial("(n),(n)->()", "value_factor", "w.sum()", domain={"w": positive}, constants=["w"])
def weighted_mean(x, w):
    return np.sum(x**2 * w) / w.sum(), lambda ct: (2 * ct * x * w, None)


@partial(
    "(n,c),(n)->()",
    "value_factor",
    "(labels != ignored).sum()",
    domain={"labels": Labels("c")},
    options={"ignored": Choice((0, 1))},
)
def ignored_labels(z, labels, ignored=0):
    kept = (labels != ignored)[:, None]
    return np.sum(np.sin(z) * kept) / max(kept.sum(), 1), lambda ct: (ct * np.cos(z) * kept, None)


@partial("(n)->()", "value_factor", "lacks the factor sqrt((x**2).sum())")
def norm_too_many(x):
    size = np.sqrt(np.sum(x**2))
    return size**2 / 2, lambda ct: ct * x / size


@partial("(n,d),(n,d)->(n)", "extra_factor", "mask.sum(axis=1)", domain={"mask": Mask()})
def mean_of_rows(x, mask):
    count = np.maximum(mask.sum(axis=1), 1)
    return np.sum(x**2 * mask, axis=1) / count, lambda ct: (2 * ct[:, None] * x * mask, None)
