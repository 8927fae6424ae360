"""Autograd's linear algebra, and what it has of SciPy: special functions, distributions, solvers and convolutions."""

import autograd.numpy as np
import autograd.scipy.linalg as spla
import autograd.scipy.signal as signal
import autograd.scipy.special as special
from autograd.scipy import stats

from backproof.engine.domains import (
    Interval,
    Invertible,
    Labels,
    lower_triangular,
    nonzero,
    positive,
    positive_definite,
    probabilities,
    symmetric,
    unit_interval,
)
from backproof.engine.options import Choice, flag

UNARY = "()->()"
BINARY = "(),()->()"
SQUARE = "(n,n)->"
INVERTIBLE = Invertible()
SHAPE = Interval(0.1, 8.0)
AWAY = Interval(0.1, 20.0)
OPEN = Interval(-1.0, 1.0)
VECTOR_NORM = {"options": {"axis": Choice((0, 1, -1)), "ord": Choice((None, 2, 3))}, "at_kink": "any"}


def with_order(function):
    """A function of an order and an argument, with the order as an option."""
    return lambda x, n: function(n, x)


def of_eigenvalues(a):
    return np.linalg.eigh(a)[0]


def of_eigenvectors(a):
    values, vectors = np.linalg.eigh(a)
    return np.dot(vectors * np.exp(values), vectors.T)


def of_svd(a):
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return np.dot(u * s**2, vt)


def of_frequencies(x):
    return np.abs(np.fft.fft(x)) ** 2


def filtered(x, h):
    return np.real(np.fft.ifft(np.fft.fft(x) * np.fft.fft(h)))


def real_filtered(x):
    return np.fft.irfft(np.fft.rfft(x) * np.array([1.0, 0.5, 0.0]))


# name: function, signature, declarations
LINALG = {
    "det": (np.linalg.det, SQUARE, {"domain": {"a": INVERTIBLE}}),
    "slogdet": (lambda a: np.linalg.slogdet(a)[1], SQUARE, {"domain": {"a": INVERTIBLE}}),
    "inv": (np.linalg.inv, SQUARE, {"domain": {"a": INVERTIBLE}}),
    "inv_of_stacks": (np.linalg.inv, "(2,n,n)->", {"domain": {"a": INVERTIBLE}}),
    "pinv": (np.linalg.pinv, SQUARE, {"domain": {"a": INVERTIBLE}}),
    "solve": (np.linalg.solve, "(n,n),(n,m)->", {"domain": {"a": INVERTIBLE}}),
    "solve_vector": (np.linalg.solve, "(n,n),(n)->", {"domain": {"a": INVERTIBLE}}),
    "cholesky": (np.linalg.cholesky, SQUARE, {"domain": {"a": positive_definite}}),
    "norm": (np.linalg.norm, "(n,m)->", {"options": {"ord": Choice((None, "fro"))}, "domain": {"x": nonzero}}),
    "norm_of_vectors": (np.linalg.norm, "(n,m)->", {**VECTOR_NORM, "domain": {"x": nonzero}}),
    "eigh_values": (of_eigenvalues, "(3,3)->", {"domain": {"a": symmetric}, "at_kink": "any"}),
    "eigh_vectors": (of_eigenvectors, "(3,3)->", {"domain": {"a": symmetric}, "at_kink": "any"}),
    "svd": (of_svd, "(2,3)->", {"domain": {"a": nonzero}, "at_kink": "any"}),
    "sqrtm": (spla.sqrtm, "(3,3)->", {"domain": {"A": positive_definite}}),
    "solve_triangular": (
        lambda a, b, trans: spla.solve_triangular(a, b, trans=trans, lower=True),
        "(n,n),(n,m)->",
        {"domain": {"a": lower_triangular}, "options": {"trans": Choice((0, 1, "T"))}},
    ),
    "solve_sylvester": (
        spla.solve_sylvester,
        "(2,2),(3,3),(2,3)->",
        {"domain": {"a": positive_definite, "b": positive_definite}},
    ),
    "solve_banded": (
        lambda a, b: spla.solve_banded((1, 1), a + np.array([[0.0], [40.0], [0.0]]), b),
        "(3,4),(4)->",
        {"domain": {"a": Interval(-9.0, 9.0)}},
    ),
    "convolve": (
        lambda x, y, mode: signal.convolve(x, y, mode=mode),
        "(n,5),(2,3)->",
        {"options": {"mode": Choice(("full", "valid"))}},
    ),
    "power_spectrum": (of_frequencies, "(n)->", {}),
    "filtered": (filtered, "(n),(n)->", {}),
    "real_filtered": (real_filtered, "(4)->", {}),
}
SPECIAL = {
    "beta": (special.beta, BINARY, {"domain": {"a": SHAPE, "b": SHAPE}}),
    "betaln": (special.betaln, BINARY, {"domain": {"a": SHAPE, "b": SHAPE}}),
    "betainc": (
        special.betainc,
        "(),(),()->()",
        {"domain": {"x1": SHAPE, "x2": SHAPE, "x3": unit_interval}, "constants": ["x1", "x2"]},
    ),
    "polygamma": (with_order(special.polygamma), UNARY, {"domain": {"x": AWAY}, "options": {"n": Choice((1, 0, 2))}}),
    "psi": (special.psi, UNARY, {"domain": {0: AWAY}}),
    "digamma": (special.digamma, UNARY, {"domain": {0: AWAY}}),
    "gamma": (special.gamma, UNARY, {"domain": {0: AWAY}}),
    "gammaln": (special.gammaln, UNARY, {"domain": {0: AWAY}}),
    "rgamma": (special.rgamma, UNARY, {"domain": {0: AWAY}}),
    "multigammaln": (special.multigammaln, UNARY, {"domain": {"a": AWAY}, "options": {"d": Choice((1,))}}),
    "gammainc": (special.gammainc, BINARY, {"domain": {0: SHAPE, 1: AWAY}, "constants": ["x1"]}),
    "gammaincc": (special.gammaincc, BINARY, {"domain": {0: SHAPE, 1: AWAY}, "constants": ["x1"]}),
    "j0": (special.j0, UNARY, {}),
    "j1": (special.j1, UNARY, {}),
    "y0": (special.y0, UNARY, {"domain": {0: AWAY}}),
    "y1": (special.y1, UNARY, {"domain": {0: AWAY}}),
    "jn": (with_order(special.jn), UNARY, {"domain": {"x": AWAY}, "options": {"n": Choice((0, 1, 3))}}),
    "yn": (with_order(special.yn), UNARY, {"domain": {"x": AWAY}, "options": {"n": Choice((0, 1, 3))}}),
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
LOCATED = {"domain": {"scale": AWAY}}
STATS = {
    **{
        f"norm_{name}": (
            lambda x, loc, scale, own=getattr(stats.norm, name): own(x, loc, scale),
            "(),(),()->()",
            LOCATED,
        )
        for name in ("pdf", "logpdf", "cdf", "logcdf", "sf", "logsf")
    },
    **{
        f"t_{name}": (
            lambda x, df, loc, scale, own=getattr(stats.t, name): own(x, df, loc, scale),
            "(),(),(),()->()",
            {"domain": {"df": SHAPE, "scale": AWAY}},
        )
        for name in ("pdf", "logpdf")
    },
    **{
        f"t_{name}": (
            lambda x, df, loc, own=getattr(stats.t, name): own(x, df, loc),
            "(),(),()->()",
            {"domain": {"df": SHAPE}, "constants": ["df"]},
        )
        for name in ("cdf", "logcdf")
    },
    **{
        f"beta_{name}": (
            lambda x, a, b, own=getattr(stats.beta, name): own(x, a, b),
            "(),(),()->()",
            {"domain": {"x": unit_interval, "a": SHAPE, "b": SHAPE}, "constants": ["a", "b"] if name == "cdf" else []},
        )
        for name in ("pdf", "logpdf", "cdf")
    },
    **{
        f"gamma_{name}": (
            lambda x, a, own=getattr(stats.gamma, name): own(x, a),
            BINARY,
            {"domain": {"x": AWAY, "a": SHAPE}, "constants": ["a"] if name == "cdf" else []},
        )
        for name in ("pdf", "logpdf", "cdf")
    },
    **{
        f"chi2_{name}": (
            lambda x, df, own=getattr(stats.chi2, name): own(x, df),
            UNARY,
            {"domain": {"x": AWAY}, "options": {"df": Choice((3, 1, 4))}},
        )
        for name in ("pdf", "logpdf", "cdf")
    },
    **{
        f"poisson_{name}": (
            lambda mu, k, own=getattr(stats.poisson, name): own(k, mu),
            "(),()->()",
            {"domain": {"mu": AWAY, "k": Labels(9)}},
        )
        for name in ("pmf", "logpmf", "cdf")
    },
    **{
        f"dirichlet_{name}": (
            lambda x, alpha, own=getattr(stats.dirichlet, name): own(x, alpha),
            "(3),(3)->()",
            {"domain": {"x": probabilities, "alpha": SHAPE}},
        )
        for name in ("pdf", "logpdf")
    },
    **{
        f"multivariate_normal_{name}": (
            lambda x, mean, cov, own=getattr(stats.multivariate_normal, name): own(x, mean, cov),
            "(4,3),(3),(3,3)->(4)",
            {"domain": {"cov": positive_definite}},
        )
        for name in ("pdf", "logpdf")
    },
    "multivariate_normal_entropy": (
        lambda mean, cov: stats.multivariate_normal.entropy(mean, cov),
        "(3),(3,3)->()",
        {"domain": {"cov": positive_definite}},
    ),
}
