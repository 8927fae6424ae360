"""scipy.special in layers and losses."""

from __future__ import annotations

import numpy as np
import scipy.special
import scipy.special as sc
from scipy import special
from scipy.special import erf, expit, gammaln, log_softmax, logsumexp, softmax, xlogy


def erf_in_gelu(x):
    return 0.5 * x * (1 + erf(x / np.sqrt(2)))


def erfc_in_gelu(x):
    return 0.5 * x * scipy.special.erfc(-x / np.sqrt(2.0))


def ndtr_in_gelu(x):
    return x * special.ndtr(x)


def log_ndtr_of_logits(x):
    return -special.log_ndtr(x).mean()


def expit_of_logits(x):
    return expit(x)


def expit_in_swish(x):
    return x * sc.expit(1.702 * x)


def expit_into_out(x):
    out = np.empty_like(x)
    expit(x, out=out)
    return out


def logit_of_probabilities(p):
    return special.logit(p / 3)


def log_expit_of_logits(x):
    return -special.log_expit(x).sum()


def gammaln_in_a_poisson_loss(p):
    return (p - 2 * np.log(p) + gammaln(p + 1)).sum()


def gammaln_and_digamma_in_a_dirichlet(p):
    total = p.sum(axis=1)
    return gammaln(total) - gammaln(p).sum(axis=1) + (p * (sc.digamma(p) - sc.digamma(total)[:, None])).sum(axis=1)


def psi_under_its_other_name(p):
    return sc.psi(p)


def gamma_of_positives(p):
    return special.gamma(p)


def betaln_of_two_arguments(p):
    return special.betaln(p[:, 0], p[:, 1])


def beta_of_two_arguments(p):
    return special.beta(p, 2.0)


def xlogy_in_cross_entropy(p):
    return -(xlogy(p, p) + sc.xlog1py(1 - p / 3, -p / 3)).sum()


def entr_of_a_distribution(p):
    return sc.entr(p / p.sum(axis=1, keepdims=True)).sum(axis=1)


def rel_entr_of_two_distributions(p):
    q = p / p.sum()
    return special.rel_entr(q, q[::-1]).sum()


def kl_div_of_two_rows(p):
    return special.kl_div(p[0], p[1])


def softmax_over_an_axis(x):
    return softmax(x, axis=1)


def softmax_over_all(x):
    return scipy.special.softmax(x)


def log_softmax_over_an_axis(x):
    return -log_softmax(x, axis=-1)[np.arange(3), [0, 2, 1]].mean()


def logsumexp_over_an_axis(x):
    return x - logsumexp(x, axis=1, keepdims=True)


def logsumexp_with_weights(x, p):
    return logsumexp(x, b=p, axis=0)


def logsumexp_over_all(x):
    return scipy.special.logsumexp(x)


def expm1_and_log1p_of_scipy(p):
    return special.expm1(p) * special.log1p(p)


def huber_of_scipy(x):
    return sc.huber(1.0, x) + sc.pseudo_huber(1.0, x)


def softplus_of_scipy_or_by_hand(x):
    return special.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)


def erf_of_a_scalar(s):
    return special.erf(s) + special.expit(float(s))


def erfinv_of_probabilities(p):
    return special.erfinv(p / 3)


def i0e_in_a_von_mises_density(p):
    return np.log(special.i0e(p)) + p
