"""Mistakes that a first version let through or named wrongly, and right layers that it accused."""

import numpy as np
import pytest

from backproof.engine import layer
from backproof.engine.domains import Labels
from backproof.engine.options import Real
from backproof.engine.subjects import layer_subject
from backproof.properties.battery import PROPERTIES, applicable
from backproof.properties.judgement import Evidence, Verdict
from backproof.properties.searching import Effort, search
from backproof.properties.tests.surveys import survey

scaled = layer("(n,d),(d)->(n,d)")(lambda x, gamma: x * gamma)
largest = layer("(n,2)->(n)")(lambda x: np.max(x, axis=1))
tripled = layer("(n)->(n)")(lambda x: 3 * x)


def mutates_its_cotangent(x, gamma):
    def pull(ct):
        dgamma = np.sum(ct * x, axis=0)
        ct *= gamma
        return ct, dgamma

    return x * gamma, pull


def mutates_an_argument(x, gamma):
    def pull(ct):
        result = ct * gamma, np.sum(ct * x, axis=0)
        gamma[...] = abs(gamma)
        return result

    return x * gamma, pull


def forgets_part_of_the_value(x):
    return 3 * x + (x > 1), lambda ct: 3 * ct


def whole_gradient_to_every_tied_maximum(x):
    y = np.max(x, axis=1)
    return y, lambda ct: ct[:, None] * (x == y[:, None])


def misspells_a_name(x):
    return 3 * x, lambda ct: 3 * cotangent  # noqa: F821


def wrong_beyond_eight(x):
    return 3 * x, lambda ct: 3 * ct * (np.arange(len(x)) < 8)


SLY = {
    "cotangent": (scaled.pullback(mutates_its_cotangent), "changed its cotangent in place", "pure"),
    "argument": (scaled.pullback(mutates_an_argument), "changed its argument gamma in place", "pure"),
    "value": (tripled.pullback(forgets_part_of_the_value), "the value that comes with the pullback"),
    "ties": (largest.pullback(whole_gradient_to_every_tied_maximum), "the cotangent for x is not J^T ct"),
    "name": (tripled.pullback(misspells_a_name), "the pullback raised NameError"),
    "size": (tripled.pullback(wrong_beyond_eight), "the cotangent for x is not J^T ct"),
}


@pytest.mark.parametrize("mistake", SLY)
def test_is_found_and_named(mistake):
    wrong, says, *by = SLY[mistake]
    prop = PROPERTIES[by[0] if by else "vjp_matches_differences"]
    outcome = search(layer_subject(wrong), prop, Effort(examples=60))
    assert outcome.verdict is Verdict.FALSIFIED
    assert says in outcome.reason


def shares_ties_evenly(x):
    y = np.max(x, axis=1)
    hit = x == y[:, None]
    return y, lambda ct: (ct / np.sum(hit, axis=1, dtype=ct.dtype))[:, None] * hit


def first_of_the_tied(x):
    y = np.max(x, axis=1)
    hit = x == y[:, None]
    first = hit & (np.cumsum(hit, axis=1) == 1)
    return y, lambda ct: ct[:, None] * first


@layer("(k,d),(n)->(n,d)", domain={"rows": Labels("k")})
def embedding(table, rows):
    """Rows of a table; repeated rows accumulate."""
    return table[rows]


@embedding.pullback
def embedding(table, rows):
    """Right, with a scatter-add."""

    def pull(ct):
        total = np.zeros_like(table)
        np.add.at(total, rows, ct)
        return total, None

    return table[rows], pull


@layer("(n)->(n)")
def clipped(x):
    """Between -1 and 1."""
    return np.clip(x, -1, 1)


@clipped.pullback
def clipped(x):
    """Right everywhere but at the kinks, where it is one of the two slopes."""
    return np.clip(x, -1, 1), lambda ct: ct * ((x >= -1) & (x <= 1))


@layer("(n,d)->(n,d)")
def promoted(x):
    """Its forward is float64 whatever x is, so that float32 is no promise of its own."""
    return x * np.sqrt(np.float64(2.0))


@promoted.pullback
def promoted(x):
    """Right."""
    return x * np.sqrt(np.float64(2.0)), lambda ct: ct * np.sqrt(np.float64(2.0))


@layer("(...)->(...)")
def gelu(x):
    """The tanh form, with its rounded constants."""
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def gelu_with(cubic):
    def fused(x):
        c = np.sqrt(2 / np.pi)
        t = np.tanh(c * (x + 0.044715 * x**3))
        return 0.5 * x * (1 + t), lambda ct: ct * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * c * (1 + cubic * x**2))

    return gelu.pullback(fused)


@layer("(n,d),(d),(d)->(n,d)", eps=Real(0.0, 1.0))
def layer_norm(x, g, b, eps=1e-5):
    """Rows of mean zero and variance one, scaled and shifted."""
    mu = x.mean(axis=1, keepdims=True)
    return (x - mu) / np.sqrt(((x - mu) ** 2).mean(axis=1, keepdims=True) + eps) * g + b


@layer_norm.pullback
def layer_norm(x, g, b, eps=1e-5):
    """Right, in a style often seen: sizes divided by as floats, everything written out."""
    size = x.shape[1]
    centred = x - np.sum(x, axis=1, keepdims=True) / size
    std = np.sqrt(np.sum(centred**2, axis=1, keepdims=True) / size + eps)
    normed = centred / std

    def pull(ct):
        d = ct * g
        sums = np.sum(d, axis=1, keepdims=True) + normed * np.sum(d * normed, axis=1, keepdims=True)
        return (1.0 / size) * (1 / std) * (size * d - sums), np.sum(ct * normed, axis=0), np.sum(ct, axis=0)

    return normed * g + b, pull


@layer("(n,d)->(n)")
def stripped_first(x):
    """np.asarray strips the class off, and np.maximum then leaves an integer 0 among the numbers."""
    x = np.asarray(x)
    return np.sum(np.maximum(x, 0), axis=1)


@stripped_first.pullback
def stripped_first(x):
    """Right."""
    x = np.asarray(x)
    return np.sum(np.maximum(x, 0), axis=1), lambda ct: ct[:, None] * (x > 0)


@layer("(n,c),(n)->()", domain={"y": Labels("c")})
def smoothed_cross_entropy(z, y):
    """The derivative of one class is zero, and (1 - 0.1) + 0.1 / 1 is not 1 to 30 digits."""
    shifted = z - np.max(z, axis=1, keepdims=True)
    logs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.sum(smoothed(z, y) * logs)


def smoothed(z, y):
    return (1 - 0.1) * np.eye(z.shape[1])[y] + 0.1 / z.shape[1]


def smoothed_softmax_less_targets(z, y):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    p = e / np.sum(e, axis=1, keepdims=True)
    return smoothed_cross_entropy(z, y), lambda ct: (ct * (p - smoothed(z, y)), None)


RIGHT = [largest.pullback(shares_ties_evenly), largest.pullback(first_of_the_tied), embedding, clipped, promoted]
RIGHT += [gelu_with(3 * 0.044715), layer_norm, smoothed_cross_entropy.pullback(smoothed_softmax_less_targets)]


def test_rounded_constants_are_named_and_wrong_ones_are_not_excused():
    vjp_matches_differences = PROPERTIES["vjp_matches_differences"]
    right = search(layer_subject(gelu_with(3 * 0.044715)), vjp_matches_differences, Effort(examples=30))
    assert (right.verdict, right.evidence) == (Verdict.PASSED, Evidence.CONSTANTS)
    assert 15 <= right.digits < 30
    wrong = search(layer_subject(gelu_with(3 * 0.044715 * (1 + 1e-9))), vjp_matches_differences, Effort(examples=30))
    assert wrong.verdict is Verdict.FALSIFIED
    nearly = search(layer_subject(gelu_with(3 * 0.044715 * (1 + 1e-11))), vjp_matches_differences, Effort(examples=30))
    assert nearly.verdict is Verdict.INCONCLUSIVE
    assert "digits and no further" in nearly.reason


@pytest.mark.parametrize(
    "right", RIGHT, ids=["even shares", "first", "embedding", "clipped", "promoted", "gelu", "layer norm", "cancelling"]
)
def test_right_layers_are_not_accused(right):
    subject = layer_subject(right)
    for outcome in survey(subject, Effort(examples=12)):
        assert outcome.verdict is Verdict.PASSED, f"{outcome.property.name}: {outcome.reason}"


def test_what_the_tape_cannot_record_is_left_out_with_the_reason():
    swelled = layer("(n)->(n)")(lambda x: np.i0(x))
    subject = layer_subject(swelled.pullback(lambda x: (np.i0(x), lambda ct: ct)))
    assert {prop.name for prop in applicable(subject)} == {
        "vjp_matches_differences",
        "linear_in_cotangent",
        "shapes_and_dtypes",
        "pure",
        "repeatable",
        "layout_independent",
        "accurate_in_dtype",
        "subgradient_at_kinks",
        "finite_where_differentiable",
    }
    assert "i0 has no derivative rule" in PROPERTIES["fused_equals_traced"].unless(subject)


def test_a_tied_maximum_that_cancels_needs_no_enumeration():
    @layer("(n,c)->()")
    def spread(z):
        return np.sum(np.log(np.sum(np.exp(z - np.max(z, axis=1, keepdims=True)), axis=1)))

    doubled = spread.pullback(lambda z: (spread.function(z), lambda ct: 2 * ct * z))
    outcome = search(layer_subject(doubled), PROPERTIES["vjp_matches_differences"], Effort(examples=40))
    assert outcome.verdict is Verdict.FALSIFIED
    assert outcome.inconclusive == 0
