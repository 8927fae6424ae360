"""jax functions: programs are evaluated as jax runs them, mistakes in custom rules are found, jax's own rules hold."""

from __future__ import annotations

import jax
import numpy as np
import pytest

from backproof.engine.extended import balls, computing, extended, stores_numbers, stripped, to_float
from backproof.engine.programs.jaxprs import evaluate, in_double_precision, primitives_of, traced
from backproof.engine.programs.jaxprs.evaluating import COMPUTING, CONTROL, MOVING

from .jax_primitives import CASES

pytestmark = pytest.mark.wild

PRIMITIVES = sorted({*MOVING, *COMPUTING, *CONTROL})


def as_extended(array):
    return extended(array) if array.dtype.kind == "f" else array


@pytest.mark.parametrize("name", PRIMITIVES)
def test_a_primitive_is_evaluated_as_jax_runs_it(name):
    for function, *arrays in CASES[name]:
        program = traced(function, [(array.shape, array.dtype.name) for array in arrays], name)
        assert name in set(primitives_of(program))
        with in_double_precision():
            expected = np.asarray(function(*arrays))
        with computing(balls, 128):
            (found,) = evaluate(program, [as_extended(array) for array in arrays])
            found = to_float(found) if stores_numbers(stripped(found)) else found
        assert found.shape == expected.shape
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)
