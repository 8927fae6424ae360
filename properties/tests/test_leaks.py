"""Code that leaves extended precision is judged on weaker evidence, which is named; right code is never accused."""

import math

import numpy as np
import pytest

from backproof.engine import layer
from backproof.engine.extended import balls, computing, decimals, extended
from backproof.engine.subjects import layer_subject, pullback
from backproof.properties.battery import PROPERTIES
from backproof.properties.judgement import Evidence, Verdict
from backproof.properties.searching import Effort, search

VJP = PROPERTIES["vjp_matches_differences"]


@layer("(n)->(n)")
def buffered(x):
    out = np.zeros(len(x))
    for i in range(len(x)):
        out[i] = x[i] ** 2
    return out


@buffered.pullback
def buffered(x):
    return x**2, lambda ct: 2 * x * ct


@layer("(n)->(n)")
def filled(x):
    out = np.empty(len(x))
    out[:] = 3 * x
    return out


@filled.pullback
def filled(x):
    return 3 * x, lambda ct: 3 * ct


@layer("()->()")
def through_math(x):
    return x * 0 + (math.exp(x) if np.ndim(x) == 0 else np.exp(x))


@through_math.pullback
def through_math(x):
    return np.exp(x), lambda ct: ct * np.exp(x)


@pytest.mark.parametrize("right", [buffered, filled, through_math], ids=lambda layer: layer.name)
def test_what_the_code_makes_itself_is_extended_too(right):
    outcome = search(layer_subject(right), VJP, Effort(examples=40))
    assert (outcome.verdict, outcome.evidence) == (Verdict.PASSED, Evidence.FORMULA)


def in_a_float_buffer(values):
    """Out of reach of the twins: this NumPy is known to nobody but the function itself."""
    import numpy

    out = numpy.zeros(values.shape)
    out[...] = values
    return out


def test_a_pullback_that_leaks_is_judged_by_its_values():
    right = search(pullback(lambda x: (x**3, lambda ct: in_a_float_buffer(3 * x**2 * ct)), "(n)->(n)"), VJP, Effort(60))
    assert right.verdict is Verdict.PASSED
    wrong = search(
        pullback(lambda x: (x**3, lambda ct: in_a_float_buffer(3.01 * x**2 * ct)), "(n)->(n)"), VJP, Effort(60)
    )
    assert (wrong.verdict, wrong.counterexample.judgement.evidence) == (Verdict.FALSIFIED, Evidence.VALUES)


def test_a_forward_that_leaks_is_judged_on_floats_and_its_line_is_named():
    def cubed(x):
        return in_a_float_buffer(x) ** 3

    right = search(pullback(lambda x: (cubed(x), lambda ct: 3 * x**2 * ct), "(n)->(n)"), VJP, Effort(60))
    assert (right.verdict, right.evidence) == (Verdict.PASSED, Evidence.NATIVE)
    assert "leaves extended precision at" in right.reason
    assert "test_leaks.py" in right.reason
    assert "out[...] = values" in right.reason
    wrong = search(pullback(lambda x: (cubed(x), lambda ct: 3.01 * x**2 * ct), "(n)->(n)"), VJP, Effort(60))
    assert (wrong.verdict, wrong.counterexample.judgement.evidence) == (Verdict.FALSIFIED, Evidence.NATIVE)


RIGHT_QUOTIENTS = {
    "1 / n": lambda x: 1 / x.shape[0],
    "1.0 / n": lambda x: 1.0 / x.shape[0],
    "2 / size": lambda x: 2 / x.size,
    "n ** -1": lambda x: x.shape[0] ** -1,
    "1 / (n + 0)": lambda x: 1 / (x.shape[0] + 0),
    "1 / (n * m // m)": lambda x: 1 / (x.shape[0] * x.shape[1] // x.shape[1]),
    "x.mean over count": lambda x: np.mean(x[:, 0] * 0 + 1) / x.shape[0],
    "mask / count": lambda x: (x > -9).sum(axis=0)[0] / x.shape[0] / x.shape[0],
    "1 / np.sqrt(n) ** 2": lambda x: 1 / np.sqrt(x.shape[0]) ** 2,
}


@pytest.mark.parametrize("quotient", RIGHT_QUOTIENTS)
def test_sizes_divide_in_extended_precision(quotient):
    with computing(balls, 256):
        x = extended(np.ones((3, 2)))
        third = RIGHT_QUOTIENTS[quotient](x) * extended(1.0)
        assert decimals(third, 60)[0].startswith("0." + "3" * 55)


def test_sizes_are_integers_wherever_one_is_asked_for():
    with computing(balls, 256):
        x = extended(np.arange(6.0).reshape(3, 2))
        n, m = x.shape
        assert x.shape == (3, 2)
        assert (n, m) == (3, 2)
        assert (n > m, n == 3, bool(n - 3), hash(n), f"{n}", n % 2, n // 2, -n) == (True, True, False, 3, "3", 1, 1, -3)
        assert x.reshape(n * m).shape == (6,)
        assert np.zeros((n, m)).shape == (3, 2)
        assert list(range(n)) == [0, 1, 2]
        assert len([0] * n) == 3
        assert np.arange(n).tolist() == [0, 1, 2]
        assert np.arange(n).dtype == np.int64
        assert np.arange(1, n, m).tolist() == [1]
        assert np.prod(x.shape) == 6
        assert np.eye(n, m).shape == (3, 2)
        assert x[n - 1, m - 1].shape == ()
        assert isinstance(n * 2.5 == 7.5, np.ndarray)
