"""Where functions come from: import spellings, lookups by name, lists and dictionaries, partial application."""

from __future__ import annotations

import math as mathematics
from functools import partial
from math import sqrt as root

import numpy
import numpy as np
import numpy as xp
from numpy import add, exp, maximum, zeros
from numpy import tanh as squash

_FUNCTIONS = [np.exp, np.tanh, np.square]
_ACTIVATIONS = {"relu": lambda a: np.maximum(a, 0), "tanh": np.tanh, "sigmoid": lambda a: 1 / (1 + np.exp(-a))}
_row_sums = partial(np.sum, axis=1)
_softplus = partial(np.logaddexp, 0.0)
_hyperbolic = getattr(np, "sin" + "h")


def exp_imported_from_numpy(x):
    return exp(x)


def tanh_imported_under_another_name(x):
    return squash(x)


def several_names_imported_from_numpy(x):
    return add(maximum(x, 0.0), x**2) + zeros(4)


def numpy_without_an_alias(x):
    return numpy.sin(x)


def numpy_under_another_alias(x):
    return xp.sin(x) + xp.ones(4) / 3


def numpy_imported_in_the_function(x):
    import numpy as jnp
    from numpy import cos

    return jnp.full(4, 0.1) * cos(x)


def sqrt_imported_from_math(p):
    return root(p[0, 0]) * mathematics.exp(p[0, 1])


def getattr_of_a_name(x):
    name = "exp"
    return getattr(np, name)(x) + getattr(np, name + "2")(x)


def getattr_at_import_time(x):
    return _hyperbolic(x)


def functions_in_a_list(x):
    return sum(f(x) for f in _FUNCTIONS)


def lambdas_in_a_dictionary(x):
    return _ACTIVATIONS["relu"](x) + _ACTIVATIONS["tanh"](x) * _ACTIVATIONS["sigmoid"](x)


def partial_of_a_reduction(x):
    return _row_sums(x**2)


def partial_of_a_ufunc(x):
    return _softplus(x)


def partial_made_in_the_function(x):
    return partial(np.clip, a_min=-0.5, a_max=0.5)(x) + x
