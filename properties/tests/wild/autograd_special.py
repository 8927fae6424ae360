"""What autograd has of SciPy's special functions and distributions."""

import autograd.scipy.special as special
from autograd.scipy import stats

from backproof.engine.domains import Interval, Labels, positive_definite, probabilities, unit_interval
from backproof.engine.options import Choice, flag

UNARY = "()->()"
BINARY = "(),()->()"
TERNARY = "(),(),()->()"
SHAPE = Interval(0.1, 8.0)
AWAY = Interval(0.1, 20.0)
FAR = Interval(1.1, 20.0)
INSIDE = Interval(0.05, 0.95)
NEAR_ONE = Interval(0.5, 3.0)
OPEN = Interval(-1.0, 1.0)
NEAR = Interval(-3.0, 3.0)


def with_order(function):
    """A function of an order and an argument, with the order as an option."""
    return lambda x, n: function(n, x)


# name: function, signature, declarations
SPECIAL = {
    "beta": (special.beta, BINARY, {"domain": {0: SHAPE, 1: SHAPE}}),
    "betaln": (special.betaln, BINARY, {"domain": {0: SHAPE, 1: SHAPE}}),
    "betainc": (
        lambda x, a, b: special.betainc(a, b, x),
        "(),(),()->()",
        {"domain": {"x": INSIDE, "a": NEAR_ONE, "b": NEAR_ONE}, "constants": ["a", "b"]},
    ),
    "polygamma": (with_order(special.polygamma), UNARY, {"domain": {"x": AWAY}, "options": {"n": Choice((1, 0, 2))}}),
    "psi": (special.psi, UNARY, {"domain": {0: AWAY}}),
    "digamma": (special.digamma, UNARY, {"domain": {0: AWAY}}),
    "gamma": (special.gamma, UNARY, {"domain": {0: AWAY}}),
    "gammaln": (special.gammaln, UNARY, {"domain": {0: AWAY}}),
    "rgamma": (special.rgamma, UNARY, {"domain": {0: AWAY}}),
    "multigammaln": (special.multigammaln, UNARY, {"domain": {"a": FAR}, "options": {"d": Choice((1, 2, 3))}}),
    "gammainc": (lambda x, a: special.gammainc(a, x), BINARY, {"domain": {0: SHAPE, 1: SHAPE}, "constants": ["a"]}),
    "gammaincc": (lambda x, a: special.gammaincc(a, x), BINARY, {"domain": {0: SHAPE, 1: SHAPE}, "constants": ["a"]}),
    "j0": (special.j0, UNARY, {}),
    "j1": (special.j1, UNARY, {}),
    "y0": (special.y0, UNARY, {"domain": {0: AWAY}}),
    "y1": (special.y1, UNARY, {"domain": {0: AWAY}}),
    "jn": (with_order(special.jn), UNARY, {"domain": {"x": AWAY}, "options": {"n": Choice((0, 1, 3))}}),
    "yn": (with_order(special.yn), UNARY, {"domain": {"x": FAR}, "options": {"n": Choice((0, 1, 3))}}),
    "i0": (special.i0, UNARY, {"domain": {0: AWAY}}),
    "i1": (special.i1, UNARY, {"domain": {0: AWAY}}),
    "iv": (with_order(special.iv), UNARY, {"domain": {"x": AWAY}, "options": {"n": Choice((0.0, 1.0, 0.5))}}),
    "ive": (with_order(special.ive), UNARY, {"domain": {"x": AWAY}, "options": {"n": Choice((0.0, 1.0, 0.5))}}),
    "erf": (special.erf, UNARY, {}),
    "erfc": (special.erfc, UNARY, {}),
    "erfinv": (special.erfinv, UNARY, {"domain": {0: OPEN}}),
    "erfcinv": (special.erfcinv, UNARY, {"domain": {0: Interval(0.0, 2.0)}}),
    "logit": (special.logit, UNARY, {"domain": {0: unit_interval}}),
    "expit": (special.expit, UNARY, {}),
    "logsumexp": (
        special.logsumexp,
        "(n,m)->",
        {"options": {"axis": Choice((None, 0, 1, -1, (0, 1))), "keepdims": flag}},
    ),
}
LOCATED = {"domain": {0: NEAR, 1: OPEN, 2: NEAR_ONE}}
STUDENT = {"domain": {0: NEAR, 1: SHAPE, 2: OPEN, 3: NEAR_ONE}}
STUDENT_CDF = {"domain": {0: NEAR, 1: SHAPE, 2: OPEN}, "constants": ["x1"]}
BETA = {"domain": {0: INSIDE, 1: NEAR_ONE, 2: NEAR_ONE}}
GAMMA = {"domain": {0: SHAPE, 1: NEAR_ONE}}
CHI2 = {"domain": {0: SHAPE, 1: Labels(5)}}
POISSON = {"domain": {0: Labels(9), 1: SHAPE}}
DIRICHLET = {"domain": {0: probabilities, 1: SHAPE}}
NORMAL = {"domain": {0: NEAR, 1: OPEN, 2: positive_definite}}
STATS = {
    "norm_pdf": (stats.norm.pdf, TERNARY, LOCATED),
    "norm_logpdf": (stats.norm.logpdf, TERNARY, LOCATED),
    "norm_cdf": (stats.norm.cdf, TERNARY, LOCATED),
    "norm_logcdf": (stats.norm.logcdf, TERNARY, LOCATED),
    "norm_sf": (stats.norm.sf, TERNARY, LOCATED),
    "norm_logsf": (stats.norm.logsf, TERNARY, LOCATED),
    "t_pdf": (stats.t.pdf, "(),(),(),()->()", STUDENT),
    "t_logpdf": (stats.t.logpdf, "(),(),(),()->()", STUDENT),
    "t_cdf": (stats.t.cdf, TERNARY, STUDENT_CDF),
    "t_logcdf": (stats.t.logcdf, TERNARY, STUDENT_CDF),
    "beta_pdf": (stats.beta.pdf, TERNARY, BETA),
    "beta_logpdf": (stats.beta.logpdf, TERNARY, BETA),
    "beta_cdf": (stats.beta.cdf, TERNARY, {**BETA, "constants": ["x1", "x2"]}),
    "gamma_pdf": (stats.gamma.pdf, BINARY, GAMMA),
    "gamma_logpdf": (stats.gamma.logpdf, BINARY, GAMMA),
    "gamma_cdf": (stats.gamma.cdf, BINARY, {**GAMMA, "constants": ["x1"]}),
    "chi2_pdf": (lambda x, df: stats.chi2.pdf(x, 1 + df), BINARY, CHI2),
    "chi2_logpdf": (lambda x, df: stats.chi2.logpdf(x, 1 + df), BINARY, CHI2),
    "chi2_cdf": (lambda x, df: stats.chi2.cdf(x, 1 + df), BINARY, CHI2),
    "poisson_pmf": (stats.poisson.pmf, BINARY, POISSON),
    "poisson_logpmf": (stats.poisson.logpmf, BINARY, POISSON),
    "poisson_cdf": (stats.poisson.cdf, BINARY, POISSON),
    "dirichlet_pdf": (stats.dirichlet.pdf, "(3),(3)->()", DIRICHLET),
    "dirichlet_logpdf": (stats.dirichlet.logpdf, "(3),(3)->()", DIRICHLET),
    "multivariate_normal_pdf": (stats.multivariate_normal.pdf, "(2,2),(2),(2,2)->(2)", NORMAL),
    "multivariate_normal_logpdf": (stats.multivariate_normal.logpdf, "(2,2),(2),(2,2)->(2)", NORMAL),
    "multivariate_normal_entropy": (
        lambda mean, cov: stats.multivariate_normal.entropy(mean, cov),
        "(3),(3,3)->()",
        {"domain": {"cov": positive_definite}},
    ),
}
