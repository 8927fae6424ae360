"""What may be declared of a subject: each with right code that would be accused without it, and a mistake in it."""

import numpy as np
import pytest
import scipy.special

import backproof
from backproof.engine.domains import (
    Interval,
    Labels,
    Simplex,
    lower_triangular,
    positive_definite,
    probabilities,
    symmetric,
)
from backproof.engine.errors import SpecError
from backproof.engine.options import Choice, Real
from backproof.engine.subjects import layer_object, pair, pullback
from backproof.properties.battery import PROPERTIES, applicable
from backproof.properties.judgement import Evidence, Verdict
from backproof.properties.searching import Effort, search
from backproof.reports.checking import check

VJP = PROPERTIES["vjp_matches_differences"]


def outcome_of(subject, examples=40):
    return search(subject, VJP, Effort(examples))


def passes(subject):
    for prop in applicable(subject):
        outcome = search(subject, prop, Effort(25))
        assert outcome.verdict is Verdict.PASSED, f"{prop.name}: {outcome.reason}"
    return True


# State: running statistics that every forward moves on.


class RunningNorm:
    """Batch norm of a column, with statistics that it keeps for later."""

    def __init__(self):
        self.running_mean = np.zeros(1)
        self.calls = []

    def forward(self, x):
        self.x, mean = x, x.mean(axis=0)
        self.running_mean = 0.9 * self.running_mean + 0.1 * mean
        self.calls.append(mean)
        return x - mean

    def backward(self, dy):
        return dy - dy.mean(axis=0)


SHARED = RunningNorm()


def test_an_object_that_keeps_state_between_calls_is_left_as_it_was():
    before = SHARED.running_mean.copy(), len(SHARED.calls)
    shared = pair(lambda x: (SHARED.forward(x), SHARED), lambda dy, layer: layer.backward(dy), "(n,1)->(n,1)", name="s")
    assert outcome_of(shared).verdict is Verdict.PASSED
    made = layer_object(RunningNorm, "(n,d)->(n,d)", state=("running_mean",))
    assert passes(made)
    assert isinstance(SHARED.running_mean, np.ndarray)
    assert type(SHARED.running_mean) is np.ndarray
    assert before[0].shape == SHARED.running_mean.shape


def moving_average(x, average):
    average *= 0.5
    average += 0.5 * x
    return x * average.copy(), (x, average.copy())


def moving_average_backward(ct, cache):
    x, average = cache
    return ct * (average + 0.5 * x)


def test_state_that_an_argument_holds_may_be_changed_in_place():
    declared = pair(moving_average, moving_average_backward, "(n),(n)->(n)", state=("average",))
    assert outcome_of(declared).verdict is Verdict.PASSED
    not_declared = pair(moving_average, lambda ct, c: (moving_average_backward(ct, c), 0.5 * ct * c[0]), "(n),(n)->(n)")
    outcome = search(not_declared, PROPERTIES["pure"], Effort(40))
    assert outcome.verdict is Verdict.FALSIFIED
    assert "the forward changed its argument average in place" in outcome.reason
    assert search(declared, PROPERTIES["pure"], Effort(40)).verdict is Verdict.PASSED


# Randomness: a mask that the forward draws.


def dropout(x, keep=0.5):
    mask = (np.random.rand(*x.shape) < keep) / keep
    return x * mask, mask


def test_random_masks_are_the_same_in_every_run():
    options = {"keep": Real(0.3, 1.0)}
    right = pair(dropout, lambda ct, mask: ct * mask, "(n)->(n)", random=True, options=options)
    assert outcome_of(right).verdict is Verdict.PASSED
    wrong = pair(dropout, lambda ct, mask: ct * (mask > 0), "(n)->(n)", random=True, options=options)
    assert outcome_of(wrong).verdict is Verdict.FALSIFIED


def test_a_forward_that_does_not_repeat_itself_is_a_wrong_description():
    with pytest.raises(SpecError, match=r"random=True"):
        outcome_of(pair(dropout, lambda ct, mask: ct * mask, "(n)->(n)", options={"keep": Real(0.3, 1.0)}))


# Surrogates and cotangent maps.


def straight_through(x):
    return np.round(x), lambda ct: ct


def reversed_gradient(x):
    return x * 1.0, lambda ct: -0.5 * ct


def clipped_cotangent(x):
    return x * x, lambda ct: 2 * x * np.clip(ct, -1, 1)


def test_a_declared_surrogate_is_what_is_differentiated():
    assert outcome_of(pullback(straight_through, "(n)->(n)")).verdict is Verdict.FALSIFIED
    assert passes(pullback(straight_through, "(n)->(n)", derivative_of=lambda x: x))
    assert passes(pullback(reversed_gradient, "(n)->(n)", derivative_of=lambda x: -0.5 * x))
    assert outcome_of(pullback(reversed_gradient, "(n)->(n)", derivative_of=lambda x: -x)).verdict is Verdict.FALSIFIED


def test_a_declared_cotangent_map_comes_first():
    clip = {"cotangent_map": lambda ct: np.clip(ct, -1, 1)}
    assert outcome_of(pullback(clipped_cotangent, "(n)->(n)")).verdict is Verdict.FALSIFIED
    assert passes(pullback(clipped_cotangent, "(n)->(n)", **clip))
    wrong = pullback(lambda x: (x * x, lambda ct: x * np.clip(ct, -1, 1)), "(n)->(n)", **clip)
    assert outcome_of(wrong).verdict is Verdict.FALSIFIED


# Domains with tangent spaces of their own.


def half_log_determinant(a):
    factor = np.linalg.cholesky(a)
    return np.sum(np.log(np.diag(factor))), lambda ct: 0.5 * ct * np.linalg.inv(a)


def cholesky_of_lower_triangle(a):
    return np.linalg.cholesky(a), lambda ct: cholesky_cotangent(np.linalg.cholesky(a), ct)


def cholesky_cotangent(factor, ct):
    """Symmetric: S = L^-T phi(L^T ct) L^-1, made symmetric. Source: Murray, arXiv 1602.07527."""
    inside = np.tril(factor.T @ np.tril(ct))
    inside = inside - np.diag(np.diag(inside)) / 2
    inverse = np.linalg.inv(factor)
    whole = inverse.T @ inside @ inverse
    return (whole + whole.T) / 2


def test_symmetric_arguments_move_symmetrically():
    for operation, output in ((half_log_determinant, "()"), (cholesky_of_lower_triangle, "(n,n)")):
        right = pullback(operation, f"(n,n)->{output}", domain={"a": positive_definite})
        assert outcome_of(right, 25).verdict is Verdict.PASSED, outcome_of(right, 25).reason
    doubled = pullback(
        lambda a: (half_log_determinant(a)[0], lambda ct: ct * np.linalg.inv(a)),
        "(n,n)->()",
        domain={"a": positive_definite},
    )
    assert outcome_of(doubled).verdict is Verdict.FALSIFIED


def test_triangular_arguments_move_below_their_diagonal():
    def squared(a):
        return a @ a.T, lambda ct: np.tril((ct + ct.T) @ a)

    assert outcome_of(pullback(squared, "(n,n)->(n,n)", domain={"a": lower_triangular})).verdict is Verdict.PASSED
    assert outcome_of(pullback(squared, "(n,n)->(n,n)")).verdict is Verdict.FALSIFIED


def test_probabilities_move_so_that_they_sum_to_one():
    def entropy(p):
        return -np.sum(p * np.log(p)), lambda ct: -ct * np.log(p)

    assert outcome_of(pullback(entropy, "(n,3)->()", domain={"p": probabilities})).verdict is Verdict.PASSED
    assert outcome_of(pullback(entropy, "(n,3)->()", domain={"p": Interval(0.0, 1.0)})).verdict is Verdict.FALSIFIED


@pytest.mark.parametrize("domain", [symmetric, positive_definite, lower_triangular, Simplex()])
def test_points_lie_in_their_domains(domain):
    from backproof.strategies.values import decode

    for seed in range(40):
        drawn = np.random.default_rng(seed).bytes(32)
        array = decode(domain, (2, 3, 3), drawn, seed % 3)
        if domain in (symmetric, positive_definite):
            assert np.array_equal(array, np.swapaxes(array, -1, -2))
        if domain == positive_definite:
            assert np.linalg.eigvalsh(array).min() > 0
        if domain == lower_triangular:
            assert np.array_equal(array, np.tril(array))
        if domain == Simplex():
            assert (array.sum(axis=-1) == 1).all()
            assert (array > 0).all()


# References, kinks, and points outside of a domain.


def opaque_log_gamma(x):
    return np.vectorize(lambda v: float(scipy.special.loggamma(complex(v)).real))(x) if x.size else x


def test_a_reference_stands_for_an_opaque_forward():
    def operation(x):
        return opaque_log_gamma(x), lambda ct: ct * scipy.special.digamma(x)

    declared = {"domain": {"x": Interval(0.5, 20.0)}, "reference": lambda x: scipy.special.gammaln(x)}
    right = outcome_of(pullback(operation, "(n)->(n)", **declared))
    assert (right.verdict, right.evidence) == (Verdict.PASSED, Evidence.VALUES)
    wrong = pullback(lambda x: (opaque_log_gamma(x), lambda ct: ct * np.log(x)), "(n)->(n)", **declared)
    assert outcome_of(wrong).verdict is Verdict.FALSIFIED


def root(x):
    with np.errstate(divide="ignore"):
        return np.sqrt(x), lambda ct: np.where(x > 0, ct / (2 * np.sqrt(np.where(x > 0, x, 1.0))), 0.0)


def test_a_convention_at_a_singular_point_is_declared():
    squares = {"domain": {"x": Interval(-1.0, 30.0)}}

    def rooted(x):
        y, back = root(np.abs(x) * (x > 0))
        return y, back

    assert outcome_of(pullback(rooted, "(n)->(n)", at_kink="zero", **squares)).verdict is Verdict.PASSED
    nonzero = pullback(lambda x: (rooted(x)[0], lambda ct: rooted(x)[1](ct) + (x == 0) * ct), "(n)->(n)", **squares)
    assert outcome_of(nonzero).verdict is not Verdict.FALSIFIED
    declared = pullback(
        lambda x: (rooted(x)[0], lambda ct: rooted(x)[1](ct) + (x == 0) * ct), "(n)->(n)", at_kink="zero", **squares
    )
    assert outcome_of(declared).verdict is Verdict.FALSIFIED


def test_points_outside_of_the_domain_are_not_held_against_anybody():
    def logit(p):
        return np.log(p / (1 - p)), lambda ct: ct / (p * (1 - p))

    outcome = outcome_of(pullback(logit, "(n)->(n)"))
    assert outcome.verdict is Verdict.INCONCLUSIVE
    assert "domain=" in outcome.reason
    assert outcome_of(pullback(logit, "(n)->(n)", domain={"p": Interval(0.0, 1.0)})).verdict is Verdict.PASSED


def test_infinities_behind_a_mask_and_unused_branches_do_not_leak():
    def masked_softmax(s):
        masked = np.where(np.tri(*s.shape, dtype=bool), s, -np.inf)
        e = np.exp(masked - masked.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        return p, lambda ct: p * (ct - np.sum(ct * p, axis=1, keepdims=True))

    def safe_log(x):
        with np.errstate(all="ignore"):
            return np.where(x > 0, np.log(x), 0.0), lambda ct: np.where(x > 0, ct / x, 0.0)

    assert outcome_of(pullback(masked_softmax, "(n,n)->(n,n)")).verdict is Verdict.PASSED
    assert outcome_of(pullback(safe_log, "(n)->(n)")).verdict is Verdict.PASSED


DECLARED_WRONG = {
    "unknown declaration": ({"domains": {}}, "'domains' is not a declaration.*'domain'"),
    "domain of nobody": ({"domain": {"y": Interval()}}, "domain names 'y'"),
    "not a domain": ({"domain": {"x": 3}}, "is a int, but should be one of"),
    "not an option": ({"options": {"keep": 3}}, "is a int, but should be one of"),
    "state of nobody": ({"state": ("average",)}, "state names 'average'"),
    "convention": ({"at_kink": "nought"}, "at_kink='nought' should be one of"),
    "accuracy": ({"accuracy": "relativ"}, "Did you mean 'relative'"),
}


@pytest.mark.parametrize("case", DECLARED_WRONG)
def test_a_wrong_declaration_is_refused(case):
    declared, message = DECLARED_WRONG[case]
    with pytest.raises(SpecError, match=message):
        pullback(straight_through, "(n)->(n)", **declared)


def test_wrong_pairs_and_objects_are_refused():
    with pytest.raises(SpecError, match="describes 3 arguments"):
        pair(dropout, lambda ct, c: ct, "(n),(n),(n)->(n)")
    with pytest.raises(SpecError, match="should take the cotangent and 1 further result of the forward"):
        outcome_of(pair(lambda x: (x, x), lambda: 0, "(n)->(n)"))
    with pytest.raises(SpecError, match=r"has no method 'foward'.*Did you mean 'forward'"):
        layer_object(RunningNorm, "(n,d)->(n,d)", forward="foward")
    with pytest.raises(SpecError, match="gradients='sum' should be"):
        layer_object(RunningNorm, "(n,d)->(n,d)", gradients="sum")
    with pytest.raises(SpecError, match="none of them is 'y' or 'dy'"):
        outcome_of(pair(lambda x, y: (x * y, (x, y)), lambda ct, c: {"dx": ct * c[1]}, "(n),(n)->(n)"))
    with pytest.raises(SpecError, match="has no 'params'"):
        outcome_of(layer_object(RunningNorm, "(n,d),(d)->(n,d)", parameters={"w": ("params.w", "grads.w")}))


def test_options_reach_both_functions_and_dicts_name_cotangents():
    def scaled(x, w, k=2.0):
        return k * x * w, {"x": x, "w": w}

    def back(ct, cache, k=2.0):
        return {"dw": k * ct * cache["x"], "dx": k * ct * cache["w"]}

    assert outcome_of(pair(scaled, back, "(n),(n)->(n)", options={"k": Choice((2.0, 3.0))})).verdict is Verdict.PASSED


class Weighted:
    """A layer whose weight is spelled with a capital letter."""

    def __init__(self):
        self.W = np.zeros(1)

    def forward(self, x):
        self.x = x
        return x * self.W

    def backward(self, dy):
        self.dW = np.sum(dy * self.x, axis=0)
        return dy * self.W


def test_misspelled_names_are_refused_and_accuse_nobody():
    assert passes(layer_object(Weighted, "(n,d),(d)->(n,d)", parameters={"w": ("W", "dW")}))
    with pytest.raises(SpecError, match=r"Weighted has no 'w', where parameters= puts a value.*it has 'W'"):
        outcome_of(layer_object(Weighted, "(n,d),(d)->(n,d)", parameters={"w": ("w", "dW")}))
    with pytest.raises(SpecError, match=r"option 'keeps' is not a parameter of dropout.*Did you mean 'keep'"):
        pair(dropout, lambda ct, mask: ct * mask, "(n)->(n)", options={"keeps": Real(0.3, 1.0)})
    with pytest.raises(SpecError, match=r"Labels\('q'\) of straight_through counts up to a dimension"):
        pullback(straight_through, "(n)->(n)", domain={"x": Labels("q")})
    with pytest.raises(SpecError, match="is a tuple, but should be a string"):
        pullback(straight_through, ("n",))
    with pytest.raises(SpecError, match="write nothing behind ->"):
        pullback(straight_through, "(n)->(m)")
    assert pullback(straight_through, "(n)->(n)", constants="x").constants == {0}


def test_what_is_no_subject_is_not_checked():
    with pytest.raises(SpecError, match="should be a layer or a subject"):
        check(straight_through)
    with pytest.raises(SpecError, match="examples=0 should be at least 1"):
        check(pullback(straight_through, "(n)->(n)"), examples=0)


def test_a_pullback_that_is_nan_where_the_derivative_is_finite_is_falsified():
    def rooted(x):
        with np.errstate(all="ignore"):
            return np.where(x > 0, np.sqrt(np.where(x > 0, x, 1.0)), 0.0), lambda ct: ct * (x > 0) / (2 * np.sqrt(x))

    outcome = outcome_of(pullback(rooted, "(n)->(n)"))
    assert outcome.verdict is Verdict.FALSIFIED
    assert "not a finite number, although the derivative is" in outcome.reason


def test_linearity_is_judged_on_floats_where_nothing_runs_extended():
    linear = PROPERTIES["linear_in_cotangent"]

    powers = np.vander(np.arange(4.0), 2)

    def fitted(x):
        return np.linalg.lstsq(powers, x)[0], lambda ct: np.linalg.lstsq(powers.T, ct)[0]

    right = search(pullback(fitted, "(4)->(2)"), linear, Effort(25))
    assert (right.verdict, right.evidence) == (Verdict.PASSED, Evidence.NATIVE)
    wrong = search(
        pullback(lambda x: (fitted(x)[0], lambda ct: fitted(x)[1](np.abs(ct))), "(4)->(2)"), linear, Effort(25)
    )
    assert wrong.verdict is Verdict.FALSIFIED


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: backproof.Interval(2.0, 1.0), r"Interval\(2.0, 1.0\) holds no number"),
        (lambda: backproof.Real(1.0, 1.0), r"Real\(1.0, 1.0\) holds no number"),
        (lambda: backproof.Choice("mean"), r"Choice\('mean'\) should list values"),
        (lambda: backproof.Choice(()), "should list values"),
    ],
)
def test_domains_and_options_that_hold_nothing_are_refused(make, says):
    with pytest.raises(SpecError, match=says):
        make()
