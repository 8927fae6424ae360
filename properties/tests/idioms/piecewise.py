"""Ufuncs with kinks and steps: extrema, signs, roundings, remainders, clipping."""

from __future__ import annotations

import numpy as np


def relu_by_maximum(x):
    return np.maximum(0, x)


def relu_by_mask(x):
    return x * (x > 0)


def hinge_by_minimum_and_maximum(x, p):
    return np.minimum(np.maximum(x, -p), p)


def fmax_fmin(x, v):
    return np.fmax(x, v) * np.fmin(x, 0.3)


def fabs_of_difference(x, v):
    return np.fabs(x - v).mean(axis=1)


def sign_times_square(x):
    return np.sign(x) * np.square(x)


def heaviside_as_a_gate(x):
    return x * np.heaviside(x, 0.5)


def copysign_of_a_root(x):
    return np.copysign(np.sqrt(np.abs(x)), x)


def signbit_as_a_choice(x):
    return np.where(np.signbit(x), -x * 0.2, x)


def floor_for_the_fraction(x):
    return x - np.floor(x)


def ceil_for_the_fraction(x):
    return (np.ceil(x) - x) ** 2


def trunc_and_rint_residuals(x):
    return (x - np.trunc(x)) * (x - np.rint(x))


def floor_to_an_index_with_interpolation(v):
    position = 3 * (np.tanh(v) + 1) / 2
    left = np.floor(position).astype(int)
    return v[left] * (1 - (position - left)) + v[left - 1]


def mod_of_one(x):
    return np.mod(x, 1.0) ** 2


def percent_operator(x):
    return x % 0.7 + x // 0.7


def fmod_keeps_the_sign(x):
    return np.fmod(x, 0.5)


def divmod_of_arrays(x):
    quotient, remainder = np.divmod(x, 0.75)
    return quotient * 0.1 + remainder


def modf_of_arrays(x):
    fraction, whole = np.modf(x)
    return fraction**2 + whole


def clip_between_bounds(x):
    return np.clip(x, -0.5, 0.5) + 0.1 * x


def clip_with_one_bound(x):
    return np.clip(x, None, 0.5) * np.clip(x, a_min=-0.5, a_max=None)


def clip_as_a_method(x):
    return x.clip(-1, 1) + x.clip(min=0)


def clip_into_out(x):
    grad = x * 3
    np.clip(grad, -1.0, 1.0, out=grad)
    return grad + x
