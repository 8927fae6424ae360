"""One ufunc each, smooth at generic points."""

from __future__ import annotations

import numpy as np


def ufunc_exp(x):
    return np.exp(-x)


def ufunc_exp2(x):
    return np.exp2(x)


def ufunc_expm1(x):
    return np.where(x > 0, x, np.expm1(x))


def ufunc_log(p):
    return np.log(p)


def ufunc_log2(p):
    return -(p * np.log2(p)).sum(axis=1)


def ufunc_log10(p):
    return 10 * np.log10(p)


def ufunc_log1p(x):
    return np.log1p(np.exp(-np.abs(x)))


def ufunc_sqrt(p):
    return np.sqrt(p)


def ufunc_cbrt(x):
    return np.cbrt(x)


def ufunc_square(x):
    return np.square(x)


def ufunc_reciprocal(p):
    return np.reciprocal(p)


def ufunc_sin_cos(x):
    return np.sin(x) * np.cos(x)


def ufunc_tan(x):
    return np.tan(x / (1 + np.abs(x)))


def ufunc_arcsin_arccos(x):
    y = np.tanh(x)
    return np.arcsin(y) * np.arccos(y)


def ufunc_arctan(x):
    return np.arctan(x)


def ufunc_sinh_cosh(x):
    return np.sinh(x) / np.cosh(x)


def ufunc_tanh(x):
    return np.tanh(x)


def ufunc_arcsinh(x):
    return np.arcsinh(x)


def ufunc_arccosh(p):
    return np.arccosh(1 + p)


def ufunc_arctanh(x):
    return np.arctanh(x / (1 + np.abs(x)))


def ufunc_hypot(x, p):
    return np.hypot(x, p)


def ufunc_arctan2(x, p):
    return np.arctan2(x, p)


def ufunc_logaddexp(x):
    return np.logaddexp(x, 0.0)


def ufunc_logaddexp2(x, p):
    return np.logaddexp2(x, p)


def ufunc_power(p, x):
    return np.power(p, x)


def ufunc_power_with_integer_exponents(x):
    return np.power(x, np.arange(4))


def ufunc_float_power(p):
    return np.float_power(p, 3)


def ufunc_degrees_radians(x):
    return np.degrees(x) + np.radians(x) ** 2


def ufunc_rad2deg_deg2rad(x):
    return np.sin(np.deg2rad(x * 30)) + np.rad2deg(x)


def ufunc_sinc(x):
    return np.sinc(x)


def ufunc_divide_multiply_subtract(x, p):
    return np.divide(np.multiply(x, 2), np.subtract(3.0, p))


def ufunc_add_negative_positive(x, v):
    return np.add(np.negative(x), np.positive(v)) ** 2


def ufunc_matmul_and_vecdot(x, w):
    return np.vecdot(np.matmul(x, w), x[:, :3])


def operator_powers(p):
    return p**0.5 + p**-1 + p**-0.5 + p**3 + 2.0**p


def operator_right_hand_sides(p):
    return (1 - p) * (1 / p) + 2 - (+p) * 0.5 + (-p) ** 2
