"""Where numbers come from: tables of the module, caches, defaults, callable objects, closures."""

from __future__ import annotations

import functools
import operator
from collections import namedtuple
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy import tanh as squash

_TABLE = np.array([0.1, 0.2, 0.3, 0.4])
_KERNEL = np.exp(-0.5 * np.arange(-1, 3) ** 2) / np.sqrt(2 * np.pi)
_SCALE = 1.0507009873554805
_EPSILON = np.float64(1e-6)
_CACHE = {}
_Moments = namedtuple("_Moments", "mean scale")


@lru_cache(maxsize=8)
def _frequencies(n):
    return 1.0 / 10.0 ** (np.arange(n) / n)


@functools.cache
def _hilbert(n):
    table = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            table[i, j] = 1 / (i + j + 1)
    return table


def _positions(n):
    if n not in _CACHE:
        _CACHE[n] = np.sin(np.arange(n) / 3.0)
    return _CACHE[n]


def _weighted(a, weights=_TABLE, activation=np.tanh):
    return activation(a) * weights


class _Dense:
    bias = 0.1

    def __init__(self, weights):
        self.weights = weights
        self.decay = np.full(3, 0.3)

    def __call__(self, a):
        return squash(a @ self.weights + self.bias) * self.decay

    @property
    def size(self):
        return np.linalg.norm(self.weights)


@dataclass
class _Affine:
    scale: np.ndarray
    shift: float = 1 / 3

    def __matmul__(self, a):
        return self.scale * a + self.shift


def table_of_floats_in_the_module(x):
    return _TABLE * x + _KERNEL


def constants_of_the_module(x):
    return _SCALE * x * np.sqrt(x**2 + _EPSILON)


def table_cached_by_lru_cache(v):
    return np.cos(v * _frequencies(4))


def table_cached_by_functools_cache(x):
    return x @ _hilbert(4)


def table_cached_in_a_dictionary(x):
    return x * _positions(x.shape[1])


def defaults_holding_arrays_and_functions(x):
    return _weighted(x) + _weighted(x, activation=np.sin)


def callable_instance(x, w):
    return _Dense(w)(x)


def attributes_and_property_of_an_instance(x, w):
    layer = _Dense(w)
    layer.weights = layer.weights / layer.size
    return layer(x)


def dataclass_with_matmul(x, v):
    return _Affine(v) @ x


def named_tuple_of_moments(x):
    moments = _Moments(x.mean(axis=0), x.std(axis=0))
    return (x - moments.mean) / moments.scale


def closure_over_a_float_array(x):
    table = np.array([0.3, 0.1, 0.7, 0.2])

    def inner(a):
        return np.sin(a * table)

    return inner(x)


def closure_that_keeps_a_total(x):
    total = {"loss": 0.0}

    def visit(row):
        total["loss"] += row @ row

    list(map(visit, x))
    return total["loss"]


def closure_over_an_argument(x, v):
    return (lambda a: a * v + v.sum())(x)


def operators_as_functions(x, w):
    return operator.matmul(x, w) + operator.mul(x, 2)[:, :3]


def ufunc_chosen_by_a_conditional(x):
    f = np.exp if x.shape[0] == 3 else np.tanh
    return f(x)
