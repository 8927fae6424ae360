"""Mistakes that lie near ones that have a name, and have none."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Labels, Mask, positive
from backproof.engine.options import Choice
from backproof.properties.tests.misled.odd import Odd, into
from backproof.properties.tests.misled.repaired import SQUARE, softmax

NEAR: list[Odd] = []
near = into(NEAR)


def spectrum(x, wrong):
    z = np.fft.fft(x)
    return np.abs(z) ** 2, lambda ct: 2 * np.fft.fft(wrong(ct, z)).real


@near("(n)->(n)")
def imaginary_part_dropped(x):
    return spectrum(x, lambda ct, z: ct * z.real)


@near("(n)->(n)")
def turned_by_a_quarter(x):
    return spectrum(x, lambda ct, z: ct * np.conj(z) * np.exp(0.3j))


@near(SQUARE)
def symmetrised_operand(x, w):
    return x @ w, lambda ct: (ct @ (w + w.T) / 2, x.T @ ct)


@near(SQUARE)
def untransposed_and_doubled(x, w):
    return x @ w, lambda ct: (2 * ct @ w, x.T @ ct)


@near("(n,d)->(n,d)")
def half_of_the_other_axis(z):
    s = softmax(z)
    return s, lambda ct: s * (ct - 0.5 * (ct * s).sum(axis=0))


@near("(n,d)->(n,d)")
def between_a_mean_and_a_sum(z):
    s = softmax(z)
    return s, lambda ct: s * (ct - z.shape[1] ** 0.7 * (ct * s).mean(axis=1, keepdims=True))


def windows(x, w, fill):
    steps, size = max(len(x) - len(w) + 1, 0), len(w)

    def pull(ct):
        dx = np.zeros_like(x)
        fill(dx, ct, steps, size)
        return dx, np.array([np.dot(ct, x[j : j + steps]) for j in range(size)])

    return np.array([np.dot(x[i : i + size], w) for i in range(steps)]), pull


@near("(n),(3)->")
def every_other_window(x, w):
    def fill(dx, ct, steps, size):
        for i in range(0, steps, 2):
            dx[i : i + size] += ct[i] * w

    return windows(x, w, fill)


@near("(n),(3)->")
def largest_of_the_windows(x, w):
    def fill(dx, ct, steps, size):
        for i in range(steps):
            dx[i : i + size] = np.maximum(dx[i : i + size], ct[i] * w)

    return windows(x, w, fill)


@near("(n),(3)->")
def mean_of_the_windows(x, w):
    def fill(dx, ct, steps, size):
        count = np.zeros(len(dx))
        for i in range(steps):
            dx[i : i + size] += ct[i] * w
            count[i : i + size] += 1
        dx /= np.maximum(count, 1)

    return windows(x, w, fill)


@near("(n),(3)->")
def middle_of_each_window(x, w):
    def fill(dx, ct, steps, size):
        for i in range(steps):
            dx[i + 1] = ct[i] * w[1]

    return windows(x, w, fill)


@near("(n)->(n)", options={"mode": Choice(("a", "b"))})
def wrong_for_both(x, mode="a"):
    return np.sin(x), lambda ct: ct * np.cos(x) * (1.3 + np.sin(x) if mode == "b" else 1 + x**2)


@near("(n),(n)->()", domain={"mask": Mask()})
def one_more_than_the_count(x, mask):
    return np.sum(x**2 * mask), lambda ct: (2 * ct * x * mask / (2 + mask.sum()), None)


@near("(n),(n)->()", domain={"w": positive}, constants=["w"])
def sum_and_a_little(x, w):
    return np.sum(x**2 * w), lambda ct: (2 * ct * x * w / (w.sum() + 0.01), None)


@near("(n)->()")
def sum_of_the_first_half(x):
    return np.sum(x**2), lambda ct: 2 * ct * x * np.sum(x[: len(x) // 2 + 1])


@near("(n),(n)->()", domain={"labels": Labels(4)})
def how_many_different(x, labels):
    return np.sum(x**2), lambda ct: (2 * ct * x * len(np.unique(labels)), None)


@near("(n,d),(n,d)->(n)", domain={"mask": Mask()})
def at_least_two(x, mask):
    count = np.maximum(mask.sum(axis=1), 2)
    return np.sum(x**2 * mask, axis=1) / count, lambda ct: (2 * ct[:, None] * x * mask, None)


@near("(n)->()")
def at_most_five(x):
    return np.sum(x**2), lambda ct: 2 * ct * x * min(len(x), 5)


@near("(n,i),(i,o)->(n,o)")
def at_most_sixteen(x, w):
    return x @ w, lambda ct: (ct @ w.T / min(w.shape[1], 16), x.T @ ct)


@near("(n)->()")
def a_size_until_ten(x):
    return np.sum(x**2), lambda ct: 2 * ct * x * (len(x) if len(x) < 10 else 10)


@near("(n)->()")
def a_constant_until_twelve(x):
    return np.sum(x**2), lambda ct: 2 * ct * x * (2 if len(x) < 12 else 3)


@near("(t,c),(k,c,o)->", options={"stride": Choice((1, 2))})
def for_one_stride_and_for_wide_kernels(x, w, stride=1):
    size = len(w)
    starts = range(0, len(x) - size + 1, stride)

    def pull(ct):
        ct = -ct if stride == 2 or size > 3 else ct
        dx, dw = np.zeros_like(x), np.zeros_like(w)
        for row, start in zip(ct, starts, strict=True):
            dx[start : start + size] += w @ row
            dw += x[start : start + size, :, None] * row
        return dx, dw

    rows = [np.einsum("kc,kco->o", x[start : start + size], w) for start in starts]
    return np.array(rows).reshape(len(starts), w.shape[2]), pull


@near("(n,d)->(n,d)", options={"kind": Choice(("sin", "cube"))})
def for_one_kind_and_for_large_numbers(x, kind="sin"):
    y, slope = (np.sin(x), np.cos(x)) if kind == "sin" else (x**3, 3 * x**2)
    return y, lambda ct: ct * slope * (2 if kind == "sin" or np.abs(x).max() > float("20") else 1)


@near("(n,d)->()")
def a_size_to_another_power(x):
    return np.sum(np.sin(x)), lambda ct: 0.125 * ct * np.cos(x) * x.shape[1] ** 0.7


@near("(n,d)->(n,d)")
def a_number_for_a_size_and_a_little(x):
    def pull(ct):
        return ct * np.mean(x, axis=1, keepdims=True) + (ct * x).sum(axis=1, keepdims=True) / 4 + 0.01 * ct * x**2

    return x * np.mean(x, axis=1, keepdims=True), pull
