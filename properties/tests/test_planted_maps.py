"""A mistake planted in the transpose of each linear map: the adjoint identity finds it."""

from dataclasses import replace

import numpy as np
import pytest

from backproof.engine.maps import VOCABULARY
from backproof.engine.subjects import map_subject
from backproof.properties.tests.planting import FEW, MISTAKES, assert_readable, falsified, noticed, planted_map

# Shrinking is the same for all maps: a few of different kinds show it.
SHRUNK = ("scale", "conjugate", "convolve", "dft", "gather", "left_multiply", "permute", "sum_over")
# The smallest image on which a kernel of 2 by 2 slides at all; transforms have fixed sizes.
SMALLEST_ARGUMENT = {"convolve": 12, "dft": 18}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
@pytest.mark.parametrize("name", VOCABULARY)
def test_wrong_sign_or_factor(name, mistake):
    subject = map_subject(planted_map(VOCABULARY[name], mistake))
    noticed(subject, "adjoint_identity")
    if name in SHRUNK:
        assert_readable(falsified(subject, "adjoint_identity"), few=SMALLEST_ARGUMENT.get(name, FEW))


def with_transpose(name, apply_transpose):
    """The map with another transpose, written with the constructor's own parameters."""
    entry = VOCABULARY[name]

    def construct(*parameters, **options):
        linear = entry.construct(*parameters, **options)
        return replace(linear, apply_transpose=lambda ct: apply_transpose(ct, *parameters, **options))

    construct.__signature__ = __import__("inspect").signature(entry.construct)
    return map_subject(replace(entry, construct=construct))


MISSING = {
    "left_multiply without the transpose": ("left_multiply", lambda ct, a: a @ ct),
    "right_multiply without the transpose": ("right_multiply", lambda ct, b: ct @ b),
    "solve without the transpose": ("solve", lambda ct, a: np.linalg.solve(a, ct)),
    "permute forwards again": ("permute", lambda ct, axes: np.transpose(ct, axes)),
    "broadcast without the sum": ("broadcast", lambda ct, shape, to: ct),
    "broadcast with the first repeat alone": (
        "broadcast",
        lambda ct, shape, to: np.reshape(ct, (-1,))[: int(np.prod(shape))].reshape(shape),
    ),
    "sum_over without the repeat": ("sum_over", lambda ct, shape, axis, keepdims: ct),
    "cumulative_sum from the same end": ("cumulative_sum", lambda ct, axis: np.cumsum(ct, axis=axis)),
    "pad that does not crop": ("pad", lambda ct, widths: ct),
    "reshape left as it is": ("reshape", lambda ct, shape, to: ct),
}


@pytest.mark.parametrize("mistake", MISSING)
def test_missing_transpose_or_sum(mistake):
    name, apply_transpose = MISSING[mistake]
    found = falsified(with_transpose(name, apply_transpose), "adjoint_identity")
    assert_readable(found)


def test_gather_that_overwrites_instead_of_adding():
    def overwrite(ct, shape, index):
        total = np.zeros_like(ct, shape=shape)
        total[index] = ct
        return total

    assert_readable(falsified(with_transpose("gather", overwrite), "adjoint_identity", examples=300))
