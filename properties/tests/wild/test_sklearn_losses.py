"""scikit-learn's losses, which are compiled: their gradients against formulae that run in extended precision."""

import numpy as np
import pytest
from sklearn._loss import loss as losses

from backproof.engine.domains import Interval, Labels, mask, positive, unit_interval
from backproof.engine.options import flag
from backproof.engine.subjects import pullback
from backproof.properties.battery import PROPERTIES
from backproof.properties.judgement import Evidence, Verdict
from backproof.properties.searching import Effort, search

pytestmark = pytest.mark.wild

VJP = PROPERTIES["vjp_matches_differences"]
TARGETS = Interval(-9.0, 9.0)
RAW = Interval(-5.0, 5.0)


def half_squared(raw, y):
    return 0.5 * (raw - y) ** 2


def absolute(raw, y):
    return np.abs(y - raw)


def pinball(raw, y):
    return np.where(y >= raw, 0.3 * (y - raw), 0.7 * (raw - y))


def huber(raw, y):
    size = np.abs(y - raw)
    return np.where(size <= 0.75, 0.5 * size**2, 0.75 * (size - 0.375))


def half_poisson(raw, y):
    return np.exp(raw) - y * raw


def half_gamma(raw, y):
    return raw + y * np.exp(-raw)


def half_tweedie(raw, y, power=1.5):
    return np.exp(raw * (2 - power)) / (2 - power) - y * np.exp(raw * (1 - power)) / (1 - power)


def half_tweedie_identity(raw, y, power=1.5):
    deviance = y ** (2 - power) / ((1 - power) * (2 - power)) - y * raw ** (1 - power) / (1 - power)
    return deviance + raw ** (2 - power) / (2 - power)


def half_binomial(raw, y):
    return np.log1p(np.exp(raw)) - y * raw


def exponential(raw, y):
    return y * np.exp(-raw) + (1 - y) * np.exp(raw)


def half_multinomial(raw, y):
    chosen = np.take_along_axis(raw, y[:, None], axis=1)[:, 0]
    return np.log(np.sum(np.exp(raw), axis=1)) - chosen


# name: scikit-learn's loss, the formula that stands for it, the domains of predictions and targets
LOSSES = {
    "HalfSquaredError": (losses.HalfSquaredError(), half_squared, RAW, TARGETS),
    "AbsoluteError": (losses.AbsoluteError(), absolute, RAW, TARGETS),
    "PinballLoss": (losses.PinballLoss(quantile=0.3), pinball, RAW, TARGETS),
    "HuberLoss": (losses.HuberLoss(delta=0.75), huber, RAW, TARGETS),
    "HalfPoissonLoss": (losses.HalfPoissonLoss(), half_poisson, RAW, positive),
    "HalfGammaLoss": (losses.HalfGammaLoss(), half_gamma, RAW, Interval(0.0, 9.0)),
    "HalfTweedieLoss": (losses.HalfTweedieLoss(power=1.5), half_tweedie, RAW, Interval(0.0, 9.0)),
    "HalfTweedieLossIdentity": (
        losses.HalfTweedieLossIdentity(power=1.5),
        half_tweedie_identity,
        Interval(0.1, 5.0),
        Interval(0.0, 9.0),
    ),
    "HalfBinomialLoss": (losses.HalfBinomialLoss(), half_binomial, RAW, unit_interval),
    "HalfBinomialLoss_of_classes": (losses.HalfBinomialLoss(), half_binomial, RAW, mask),
    "ExponentialLoss": (losses.ExponentialLoss(), exponential, RAW, unit_interval),
}
WITH_HESSIANS = [
    name
    for name in LOSSES
    if not LOSSES[name][0].approx_hessian and name not in ("HalfBinomialLoss_of_classes", "HalfTweedieLossIdentity")
]
SLOPES = {
    half_squared: lambda raw, y: raw - y,
    half_poisson: lambda raw, y: np.exp(raw) - y,
    half_gamma: lambda raw, y: 1 - y * np.exp(-raw),
    half_tweedie: lambda raw, y: np.exp(0.5 * raw) - y * np.exp(-0.5 * raw),
    half_binomial: lambda raw, y: 1 / (1 + np.exp(-raw)) - y,
    exponential: lambda raw, y: (1 - y) * np.exp(raw) - y * np.exp(-raw),
}


def compiled(raw, y, weighted):
    """Predictions, targets and weights as the compiled code wants them."""
    weights = np.linspace(0.5, 2.0, len(y)) if weighted else None
    return np.asarray(y, dtype=np.float64), np.ascontiguousarray(raw), weights


def weighing(formula):
    """The formula with the same weights."""

    def weighed(raw, y, weighted, alone=False):
        values = formula(raw, y)
        return values * np.linspace(0.5, 2.0, len(y)) if weighted else values

    return weighed


def subject_of(name, factor=1.0):
    loss, formula, raw_domain, target_domain = LOSSES[name]

    def operation(raw, y, weighted, alone):
        handed = compiled(raw, y, weighted)
        value, slope = loss.loss_gradient(*handed[:2], sample_weight=handed[2])
        if alone:
            slope = loss.gradient(*handed[:2], sample_weight=handed[2])
        return value, lambda ct: (factor * ct * slope, None)

    return pullback(
        operation,
        "(n),(n)->(n)",
        name=name,
        domain={"raw": raw_domain, "y": target_domain},
        constants=() if target_domain is mask else ["y"],
        options={"weighted": flag, "alone": flag},
        reference=weighing(formula),
    )


def judged(subject, examples=8):
    return search(subject, VJP, Effort(examples))


@pytest.mark.parametrize("name", LOSSES)
def test_the_gradient_is_that_of_the_loss(name):
    outcome = judged(subject_of(name))
    assert outcome.verdict is Verdict.PASSED, outcome.reason
    assert outcome.evidence is Evidence.VALUES


@pytest.mark.parametrize("name", LOSSES)
def test_a_factor_too_much_is_found(name):
    outcome = search(subject_of(name, factor=1.01), VJP, Effort(10, shrinks=False))
    assert outcome.verdict is Verdict.FALSIFIED, outcome.reason
    assert outcome.counterexample.judgement.evidence is Evidence.VALUES


@pytest.mark.parametrize("name", WITH_HESSIANS)
def test_the_hessian_is_the_derivative_of_the_gradient(name):
    loss, formula, raw_domain, target_domain = LOSSES[name]

    def operation(raw, y, weighted):
        handed = compiled(raw, y, weighted)
        slope, curvature = loss.gradient_hessian(*handed[:2], sample_weight=handed[2])
        return slope, lambda ct: (ct * curvature, None)

    subject = pullback(
        operation,
        "(n),(n)->(n)",
        name=f"gradient of {name}",
        domain={"raw": raw_domain, "y": target_domain},
        constants=["y"],
        options={"weighted": flag},
        reference=weighing(SLOPES[formula]),
    )
    outcome = judged(subject)
    assert outcome.verdict is Verdict.PASSED, outcome.reason
    assert outcome.evidence is Evidence.VALUES


def multinomial(factor=1.0):
    def operation(raw, y, weighted):
        loss = losses.HalfMultinomialLoss(n_classes=raw.shape[1])
        handed = compiled(raw, y, weighted)
        value, slope = loss.loss_gradient(*handed[:2], sample_weight=handed[2])
        return value, lambda ct: (factor * ct[:, None] * slope, None)

    return pullback(
        operation,
        "(n,3),(n)->(n)",
        name="HalfMultinomialLoss",
        domain={"raw": RAW, "y": Labels(3)},
        options={"weighted": flag},
        reference=weighing(half_multinomial),
    )


def test_the_gradient_of_the_multinomial_loss():
    outcome = judged(multinomial())
    assert outcome.verdict is Verdict.PASSED, outcome.reason
    assert outcome.evidence is Evidence.VALUES
    assert search(multinomial(factor=1.01), VJP, Effort(10, shrinks=False)).verdict is Verdict.FALSIFIED
