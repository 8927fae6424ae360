"""Forward and backward passes in the styles of the wild: right ones pass on formulae, planted mistakes are found."""

import pytest

from backproof.engine.subjects import Subject
from backproof.properties.battery import PROPERTIES
from backproof.properties.judgement import Evidence, Verdict
from backproof.properties.searching import Effort, search
from backproof.properties.tests.pairs import all_pairs
from backproof.properties.tests.planting import noticed
from backproof.properties.tests.surveys import survey

VJP = PROPERTIES["vjp_matches_differences"]
PAIRS = [pytest.param(pair, id=f"{module}.{pair.right.name}") for module, pair in all_pairs()]
# Constants that float64 has rounded differently in forward and backward: they are right only up to those.
UP_TO_CONSTANTS = {"gelu_tanh"}


@pytest.mark.parametrize("pair", PAIRS)
def test_right_code_passes_on_formula_evidence(pair):
    for outcome in survey(pair.right, Effort(2, seed=1)):  # `backproof soak` looks at more
        assert outcome.verdict is Verdict.PASSED, f"{outcome.property.name}: {outcome.reason}"
        if outcome.property is VJP:
            expected = Evidence.CONSTANTS if pair.right.name in UP_TO_CONSTANTS else Evidence.FORMULA
            assert outcome.evidence in (Evidence.FORMULA, expected)


@pytest.mark.parametrize("pair", PAIRS)
def test_the_planted_mistake_is_found(pair):
    assert noticed(pair.wrong, VJP.name, 40).evidence is Evidence.FORMULA, pair.mistake


SHRINKING = ["columns.ng_logistic", "sequences.topk_mean", "classification.cs_svm_loss"]


@pytest.mark.parametrize("pair", [param for param in PAIRS if param.id in SHRINKING])
def test_a_planted_mistake_shrinks_to_a_few_small_integers(pair):
    outcome = search(pair.wrong, VJP, Effort(25))
    values = [value for p in outcome.counterexample.point.primals for value in p.ravel().tolist()]
    assert len(values) <= 8
    assert all(abs(value) <= 2 and len(f"{value:g}") <= 4 for value in values)


def test_there_are_pairs_enough():
    assert len(PAIRS) >= 120
    assert all(isinstance(param.values[0].right, Subject) for param in PAIRS)
