"""Autograd's elementwise functions: what each is called, its signature, and where it lives."""

import autograd.numpy as np

from backproof.engine.domains import Interval, nonzero, positive
from backproof.engine.options import Choice, Real

UNARY = "()->()"
BINARY = "(),()->()"
OPEN = Interval(-1.0, 1.0)


def power_of(x, exponent):
    return x**exponent


def two_to_the(x):
    return 2.0**x


def reflected(x):
    return 3.0 - 2.0 / (1.0 + x * x) + abs(-x)


def clipped(x, low, high):
    return np.clip(x, low, high)


def chosen(x, y):
    return np.where(x > 0.25, np.exp(-x) * y, x * y)


# name: function, signature, declarations
ELEMENTWISE = {
    "negative": (np.negative, UNARY, {}),
    "abs": (np.abs, UNARY, {}),
    "absolute": (np.absolute, UNARY, {}),
    "fabs": (np.fabs, UNARY, {}),
    "reciprocal": (np.reciprocal, UNARY, {"domain": {"x": nonzero}}),
    "exp": (np.exp, UNARY, {}),
    "exp2": (np.exp2, UNARY, {}),
    "expm1": (np.expm1, UNARY, {}),
    "log": (np.log, UNARY, {"domain": {"x": positive}}),
    "log2": (np.log2, UNARY, {"domain": {"x": positive}}),
    "log10": (np.log10, UNARY, {"domain": {"x": positive}}),
    "log1p": (np.log1p, UNARY, {"domain": {"x": Interval(low=-1.0)}}),
    "sin": (np.sin, UNARY, {}),
    "cos": (np.cos, UNARY, {}),
    "tan": (np.tan, UNARY, {}),
    "arcsin": (np.arcsin, UNARY, {"domain": {"x": OPEN}}),
    "arccos": (np.arccos, UNARY, {"domain": {"x": OPEN}}),
    "arctan": (np.arctan, UNARY, {}),
    "sinh": (np.sinh, UNARY, {}),
    "cosh": (np.cosh, UNARY, {}),
    "tanh": (np.tanh, UNARY, {}),
    "arcsinh": (np.arcsinh, UNARY, {}),
    "arccosh": (np.arccosh, UNARY, {"domain": {"x": Interval(low=1.0)}}),
    "arctanh": (np.arctanh, UNARY, {"domain": {"x": OPEN}}),
    "rad2deg": (np.rad2deg, UNARY, {}),
    "degrees": (np.degrees, UNARY, {}),
    "deg2rad": (np.deg2rad, UNARY, {}),
    "radians": (np.radians, UNARY, {}),
    "square": (np.square, UNARY, {}),
    "sqrt": (np.sqrt, UNARY, {"domain": {"x": positive}}),
    "sinc": (np.sinc, UNARY, {"domain": {"x": nonzero}}),
    "nan_to_num": (np.nan_to_num, UNARY, {}),
    "real": (np.real, UNARY, {}),
    "conj": (np.conj, UNARY, {}),
    "conjugate": (np.conjugate, UNARY, {}),
    "real_if_close": (np.real_if_close, UNARY, {}),
    "imag": (np.imag, UNARY, {}),
    "angle": (np.angle, UNARY, {"domain": {"z": positive}}),
    "astype": (lambda x: x.astype(float), UNARY, {}),
    "power_of": (power_of, UNARY, {"options": {"exponent": Choice((2, 1, 0, 3, 2.0))}}),
    "power_of_positive": (power_of, UNARY, {"domain": {"x": positive}, "options": {"exponent": Real(-2.0, 2.0)}}),
    "two_to_the": (two_to_the, UNARY, {}),
    "operators": (reflected, UNARY, {}),
    "clip": (clipped, UNARY, {"options": {"low": Choice((-1.0, -0.5)), "high": Choice((1.0, 0.5))}}),
    "add": (np.add, BINARY, {}),
    "subtract": (np.subtract, BINARY, {}),
    "multiply": (np.multiply, BINARY, {}),
    "divide": (np.divide, BINARY, {"domain": {"x2": nonzero}}),
    "true_divide": (np.true_divide, BINARY, {"domain": {"x2": nonzero}}),
    "maximum": (np.maximum, BINARY, {}),
    "minimum": (np.minimum, BINARY, {}),
    "fmax": (np.fmax, BINARY, {}),
    "fmin": (np.fmin, BINARY, {}),
    "logaddexp": (np.logaddexp, BINARY, {}),
    "logaddexp2": (np.logaddexp2, BINARY, {}),
    "mod": (np.mod, BINARY, {"domain": {"x2": nonzero}}),
    "remainder": (np.remainder, BINARY, {"domain": {"x2": nonzero}}),
    "power": (np.power, BINARY, {"domain": {"x1": positive}}),
    "arctan2": (np.arctan2, BINARY, {"domain": {"x2": nonzero}}),
    "hypot": (np.hypot, BINARY, {"domain": {"x1": nonzero}}),
    "where": (chosen, "(n),(n)->(n)", {}),
}
