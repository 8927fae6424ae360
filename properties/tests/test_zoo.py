"""The zoo: every mistake is found in its twin's own description, without a hint, and every twin is left alone."""

from dataclasses import fields

import numpy as np
import pytest

from backproof.properties.battery import PROPERTIES
from backproof.properties.judgement import Verdict
from backproof.properties.searching import Effort, search
from backproof.properties.tests.surveys import survey
from backproof.properties.tests.zoo import all_planted
from backproof.properties.tests.zoo.numerics import REPORTED

ZOO = [pytest.param(planted, id=f"{module}.{planted.right.name}") for module, planted in all_planted()]
# Mistakes that cannot be seen on a few small integers: where saturation, cancellation or a window is the matter.
FEW, SMALL = 8, 3
NOT_INTEGERS = ("numerics.", "singular_values.", "peers.")
# The smallest that shows it, where the signature says how large arrays are at least.
SEVERAL = {
    "flatten_channels_last": 12,
    "scaled_heads": 18,
    "bilinear": 8,
    "same_filter": 9,
    "correlated": 10,
    "channels_scaled": 9,
    "kernel": 18,
}


@pytest.mark.parametrize("planted", ZOO)
def test_the_mistake_is_found_by_the_property_that_it_violates_and_is_small(planted, request):
    outcome = search(planted.wrong, PROPERTIES[planted.caught_by], Effort(100))
    assert outcome.verdict is Verdict.FALSIFIED, f"{planted.mistake}: {outcome.reason}"
    sizes = [primal.size for primal in outcome.counterexample.point.primals]
    values = np.concatenate([p.ravel().astype(float) for p in outcome.counterexample.point.primals])
    assert sum(sizes) <= SEVERAL.get(planted.right.name, FEW), values
    if not any(part in request.node.name for part in NOT_INTEGERS):
        assert len(set(values.tolist())) <= 4, values
        assert np.array_equal(values, np.round(values)), values
        assert np.all(np.abs(values) <= SMALL), values


@pytest.mark.parametrize("planted", ZOO)
def test_the_right_twin_is_left_alone(planted):
    for outcome in survey(planted.right, Effort(2, seed=1)):  # `backproof soak` looks at more
        assert outcome.verdict is Verdict.PASSED, f"{outcome.property.name}: {outcome.reason}"


@pytest.mark.parametrize("planted", REPORTED, ids=lambda planted: planted.right.name)
def test_formulae_that_lose_digits_are_reported_and_not_accused(planted):
    right, wrong = (
        search(subject, PROPERTIES["accurate_in_dtype"], Effort(100)) for subject in (planted.right, planted.wrong)
    )
    assert right.verdict is wrong.verdict is Verdict.PASSED
    assert not right.note
    assert "its formula is ill-conditioned" in wrong.note


def test_twins_differ_in_their_code_alone():
    own = {"name", "forward", "vjp", "code", "written_in"}
    for param in ZOO:
        planted = param.values[0]
        for field in fields(planted.right):
            if field.name not in own:
                one, other = getattr(planted.right, field.name), getattr(planted.wrong, field.name)
                assert repr(one) == repr(other), f"{planted.right.name}: {field.name}"


def test_there_are_mistakes_of_every_class():
    modules = [module for module, _ in all_planted()]
    assert len(modules) >= 80
    assert modules.count("peers") == 10
    assert set(modules) == {
        *("axes_and_shapes", "singular_values", "formulas", "overwriting", "state_and_mutation", "broadcasting"),
        *("numerics", "options_ignored", "used_twice", "cotangents", "peers", "declared"),
    }
