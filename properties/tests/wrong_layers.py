"""Layers with mistakes in them, as a user would write them: targets for the tests of reports and commands."""

import numpy as np

from backproof.engine import layer
from backproof.engine.options import Real


@layer("(n,i),(i,o),(o)->(n,o)")
def dense(x, w, b):
    """``tanh(x @ w + b)``"""
    return np.tanh(x @ w + b)


@dense.pullback
def dense(x, w, b):
    """Wrong: the derivative of tanh is 1 - y^2."""
    y = np.tanh(x @ w + b)

    def pull(ct):
        d = ct * (1 - y)
        return d @ w.T, x.T @ d, d.sum(axis=0)

    return y, pull


@layer("(...)->(...)", slope=Real(0.0, 1.0))
def leaky(x, slope=0.01):
    """Right: nothing may be said against it."""
    return np.where(x > 0, x, slope * x)


@leaky.pullback
def leaky(x, slope=0.01):
    """Right also at 0, where any slope between the two will do."""
    return np.where(x > 0, x, slope * x), lambda ct: np.where(x > 0, ct, slope * ct)
