"""Each operation that stands for one of torch's does what torch's does, in float64 on a few arrays."""

from operator import attrgetter

import numpy as np
import pytest

from backproof.engine.extended import ExtendedArray, balls, computing, extended, stores_numbers, stripped, to_float
from backproof.engine.programs.aten.table import OPERATIONS, STORAGE, lifts_operands
from backproof.properties.tests.wild.aten_cases import CASES

pytestmark = pytest.mark.wild

ALL = [pytest.param(name, case, id=f"{name}-{i}") for name, cases in CASES.items() for i, case in enumerate(cases)]


@pytest.fixture(autouse=True)
def in_float64():
    """What torch makes itself should have as many digits as what it is handed."""
    import torch

    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def mapped(value, function):
    if isinstance(value, np.ndarray):
        return function(value)
    return [mapped(part, function) for part in value] if isinstance(value, list) else value


def lifted(name):
    lifts = lifts_operands(name)
    return lambda array: extended(array) if array.dtype.kind == "f" or lifts else array.copy()


def as_floats(value):
    array = stripped(value)
    return to_float(value) if stores_numbers(array) else array


def test_every_operation_has_a_case():
    assert set(CASES) == set(OPERATIONS)


@pytest.mark.parametrize(("name", "case"), ALL)
def test_an_operation_does_what_torchs_does(name, case):
    import torch

    theirs = attrgetter(name)(torch.ops.aten)
    expected = theirs(
        *mapped(list(case.arguments), lambda a: torch.from_numpy(a.copy())),
        **{key: mapped(value, lambda a: torch.from_numpy(a.copy())) for key, value in case.keywords.items()},
    )
    keywords = {key: value for key, value in case.keywords.items() if key not in STORAGE}
    floats = any(getattr(part, "is_floating_point", bool)() for part in _parts(expected))
    lift = lifted(name) if floats else lifted("")
    with computing(balls, 128):
        got = OPERATIONS[name](
            *mapped(list(case.arguments), lift), **{key: mapped(value, lift) for key, value in keywords.items()}
        )
        parts = list(zip(_parts(got), _parts(expected), strict=True))
        for position, (one, other) in enumerate(parts):
            if case.outputs is None or position in case.outputs:
                wanted = torch.as_tensor(other).double().numpy()
                np.testing.assert_allclose(as_floats(one), wanted, rtol=1e-12, atol=1e-12)
                assert tuple(stripped(one).shape) == tuple(np.shape(other))


def _parts(value):
    return list(value) if isinstance(value, list | tuple) else [value]


def test_the_results_are_extended_where_numbers_went_in():
    with computing(balls, 128):
        assert isinstance(OPERATIONS["erf"](extended([0.5])), ExtendedArray)
