"""Every elementwise function, entry by entry against mpmath's own functions, and against NumPy and SciPy in float64."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import scipy.special

from backproof.engine.extended import arbiter, balls, computing, decimals, extended, stripped, to_float

mp = mpmath.MPContext()
mp.prec = 300

ANYWHERE = [0.3, -0.7, 1.0, -1.0, 0.0, 2.5, -3.25, 7.3, -40.0, 40.0, 1e-8, -1e-8, 0.5, 12345.678, 800.0]
POSITIVE = [x for x in ANYWHERE if x > 0]
INSIDE = [0.3, -0.7, 0.0, 0.99, -1e-8]
UNIT = [0.3, 0.7, 0.01, 0.999]
BEYOND_ONE = [1.0, 1.5, 7.3, 800.0]
NO_INTEGERS = [0.3, -0.7, 2.5, -3.25, 7.3, 1e-8]

UNARY = {
    "negative": (ANYWHERE, lambda x: -x),
    "absolute": (ANYWHERE, abs),
    "fabs": (ANYWHERE, abs),
    "sign": (ANYWHERE, mp.sign),
    "square": (ANYWHERE, lambda x: x * x),
    "reciprocal": (POSITIVE, lambda x: 1 / x),
    "sqrt": ([*POSITIVE, 0.0], mp.sqrt),
    "cbrt": (ANYWHERE, lambda x: mp.sign(x) * mp.cbrt(abs(x))),
    "exp": (ANYWHERE[:-3], mp.exp),
    "exp2": (ANYWHERE[:-3], lambda x: mp.mpf(2) ** x),
    "expm1": (ANYWHERE[:-3], mp.expm1),
    "log": (POSITIVE, mp.log),
    "log2": (POSITIVE, lambda x: mp.log(x, 2)),
    "log10": (POSITIVE, mp.log10),
    "log1p": ([*POSITIVE, -0.7, 0.0, -1e-8], mp.log1p),
    "sin": (ANYWHERE, mp.sin),
    "cos": (ANYWHERE, mp.cos),
    "tan": (ANYWHERE, mp.tan),
    "arcsin": (INSIDE, mp.asin),
    "arccos": (INSIDE, mp.acos),
    "arctan": (ANYWHERE, mp.atan),
    "sinh": (ANYWHERE[:-2], mp.sinh),
    "cosh": (ANYWHERE[:-2], mp.cosh),
    "tanh": (ANYWHERE, mp.tanh),
    "arcsinh": (ANYWHERE, mp.asinh),
    "arccosh": (BEYOND_ONE, mp.acosh),
    "arctanh": (INSIDE, mp.atanh),
    "deg2rad": (ANYWHERE, lambda x: x * mp.pi / 180),
    "radians": (ANYWHERE, lambda x: x * mp.pi / 180),
    "rad2deg": (ANYWHERE, lambda x: x * 180 / mp.pi),
    "degrees": (ANYWHERE, lambda x: x * 180 / mp.pi),
    "floor": (ANYWHERE, mp.floor),
    "ceil": (ANYWHERE, mp.ceil),
    "trunc": (ANYWHERE, lambda x: mp.sign(x) * mp.floor(abs(x))),
    "rint": ([*ANYWHERE, 1.5, -0.5, -2.5], mp.nint),
    "sinc": (ANYWHERE, mp.sincpi),
}
BINARY = {
    "add": (ANYWHERE, ANYWHERE, lambda x, y: x + y),
    "subtract": (ANYWHERE, ANYWHERE, lambda x, y: x - y),
    "multiply": (ANYWHERE, ANYWHERE, lambda x, y: x * y),
    "divide": (ANYWHERE, POSITIVE, lambda x, y: x / y),
    "power": (POSITIVE[:-2], ANYWHERE[:8], lambda x, y: x**y),
    "float_power": (POSITIVE[:-2], ANYWHERE[:8], lambda x, y: x**y),
    "maximum": (ANYWHERE, ANYWHERE, max),
    "minimum": (ANYWHERE, ANYWHERE, min),
    "fmax": (ANYWHERE, ANYWHERE, max),
    "fmin": (ANYWHERE, ANYWHERE, min),
    "hypot": (ANYWHERE, ANYWHERE, mp.hypot),
    "arctan2": (ANYWHERE, ANYWHERE, mp.atan2),
    "logaddexp": (ANYWHERE, ANYWHERE, lambda x, y: max(x, y) + mp.log1p(mp.exp(-abs(x - y)))),
    "logaddexp2": (ANYWHERE, ANYWHERE, lambda x, y: max(x, y) + mp.log(1 + mp.mpf(2) ** -abs(x - y), 2)),
    "remainder": (ANYWHERE, [0.7, -2.5, 3.0], lambda x, y: x - y * mp.floor(x / y)),
    "fmod": (ANYWHERE, [0.75, -2.5, 3.0], lambda x, y: mp.sign(x) * (abs(x) - abs(y) * mp.floor(abs(x / y)))),
    "floor_divide": (ANYWHERE, [0.75, -2.5, 3.0], lambda x, y: mp.floor(x / y)),
    "copysign": (ANYWHERE, [0.3, -2.0], lambda x, y: abs(x) * mp.sign(y)),
    "heaviside": (ANYWHERE, [0.5], lambda x, y: y if x == 0 else mp.mpf(x > 0)),
}
SPECIAL = {
    "erf": (ANYWHERE, mp.erf),
    "erfc": (ANYWHERE[:-3], mp.erfc),
    "expit": (ANYWHERE, lambda x: 1 / (1 + mp.exp(-x))),
    "logit": (UNIT, lambda x: mp.log(x / (1 - x))),
    "log_expit": (ANYWHERE, lambda x: -mp.log1p(mp.exp(-x))),
    "gamma": (NO_INTEGERS, mp.gamma),
    "gammaln": (NO_INTEGERS, lambda x: mp.log(abs(mp.gamma(x)))),
    "digamma": (NO_INTEGERS, mp.digamma),
    "entr": (POSITIVE, lambda x: -x * mp.log(x)),
}


def agree(digits, exact, to=40):
    expected = mp.mpf(exact)
    return abs(mp.mpf(digits) - expected) <= mp.mpf(10) ** -to * max(1, abs(expected))


def results(function, *arguments, arithmetic):
    with computing(arithmetic, 256):
        result = function(*(extended(np.array(a)) for a in arguments))
        return decimals(result, 50), to_float(result)


@pytest.mark.parametrize("arithmetic", [balls, arbiter], ids=lambda a: a.name)
@pytest.mark.parametrize("name", UNARY)
def test_unary_functions(name, arithmetic):
    values, exact = UNARY[name]
    digits, floats = results(getattr(np, name), values, arithmetic=arithmetic)
    assert all(agree(d, exact(mp.mpf(x))) for d, x in zip(digits, values, strict=True))
    assert np.allclose(floats, getattr(np, name)(np.array(values)), rtol=2e-15 * 1e2, atol=1e-15)


@pytest.mark.parametrize("arithmetic", [balls, arbiter], ids=lambda a: a.name)
@pytest.mark.parametrize("name", BINARY)
def test_binary_functions(name, arithmetic):
    first, second, exact = BINARY[name]
    one, two = (part.ravel() for part in np.meshgrid(first, second))
    digits, floats = results(getattr(np, name), one, two, arithmetic=arithmetic)
    for d, x, y in zip(digits, one.tolist(), two.tolist(), strict=True):
        assert agree(d, exact(mp.mpf(x), mp.mpf(y))), (x, y)
    if name not in ("remainder", "floor_divide"):  # NumPy's own round the quotient
        assert np.allclose(floats, getattr(np, name)(one, two), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("arithmetic", [balls, arbiter], ids=lambda a: a.name)
@pytest.mark.parametrize("name", SPECIAL)
def test_functions_of_scipy(name, arithmetic):
    values, exact = SPECIAL[name]
    digits, floats = results(getattr(scipy.special, name), values, arithmetic=arithmetic)
    assert all(agree(d, exact(mp.mpf(x))) for d, x in zip(digits, values, strict=True))
    assert np.allclose(floats, getattr(scipy.special, name)(np.array(values)), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("arithmetic", [balls, arbiter], ids=lambda a: a.name)
def test_xlogy_vanishes_with_its_first_argument(arithmetic):
    with computing(arithmetic, 256):
        x, y = extended(np.array([0.0, 0.0, 2.0])), extended(np.array([0.0, 3.0, 3.0]))
        assert np.allclose(to_float(scipy.special.xlogy(x, y)), scipy.special.xlogy([0, 0, 2.0], [0, 3.0, 3.0]))


@pytest.mark.parametrize("arithmetic", [balls, arbiter], ids=lambda a: a.name)
def test_the_logarithm_of_a_sum_keeps_its_digits_where_it_is_tiny(arithmetic):
    (digits,), _ = results(np.logaddexp, 0.0, -800.0, arithmetic=arithmetic)
    assert abs(mp.mpf(digits) / mp.log1p(mp.exp(-800)) - 1) < mp.mpf(10) ** -40


LIMITS = [np.inf, -np.inf, np.nan, 0.0, -1.0, 1.0, 2.0]
WITH_LIMITS = [
    *("exp", "expm1", "log", "log1p", "sqrt", "cbrt", "sin", "cos", "tan", "arctan", "sinh", "cosh", "tanh"),
    *("arcsinh", "arctanh", "arccosh", "arcsin", "square", "reciprocal", "absolute", "negative", "sign", "floor"),
    *("isnan", "isinf", "isfinite", "exp2", "log2", "deg2rad", "logical_not"),
]


@pytest.mark.parametrize("arithmetic", [balls, arbiter], ids=lambda a: a.name)
@pytest.mark.parametrize("name", WITH_LIMITS)
def test_infinities_and_nan_follow_the_floating_point_standard(name, arithmetic):
    with computing(arithmetic, 256), np.errstate(all="ignore"):
        result = getattr(np, name)(extended(np.array(LIMITS)))
        got = to_float(result) if result.dtype.kind == "f" else stripped(result)
        assert np.allclose(got, getattr(np, name)(np.array(LIMITS)), rtol=1e-14, equal_nan=True)


@pytest.mark.parametrize("arithmetic", [balls, arbiter], ids=lambda a: a.name)
@pytest.mark.parametrize(
    "name", ["add", "subtract", "multiply", "divide", "maximum", "minimum", "fmax", "power", "less"]
)
def test_binary_functions_of_infinities_and_nan(name, arithmetic):
    one, two = (part.ravel() for part in np.meshgrid(LIMITS, LIMITS))
    with computing(arithmetic, 256), np.errstate(all="ignore"):
        result = getattr(np, name)(extended(one), extended(two))
        got = to_float(result) if result.dtype.kind == "f" else stripped(result)
        assert np.array_equal(got, getattr(np, name)(one, two), equal_nan=got.dtype.kind == "f")
