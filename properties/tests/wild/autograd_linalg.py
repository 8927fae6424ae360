"""Autograd's linear algebra, SciPy's solvers and convolutions, and Fourier transforms between real numbers."""

import autograd.numpy as np
import autograd.scipy.linalg as spla
import autograd.scipy.signal as signal
import hypothesis.strategies as st

from backproof.engine.domains import (
    Custom,
    Interval,
    Invertible,
    lower_triangular,
    nonzero,
    positive_definite,
    symmetric,
)
from backproof.engine.options import Choice

SQUARE = "(n,n)->"
INVERTIBLE = Invertible()
NORMS = Choice((None, "ortho", "forward"))
MATRICES = [np.array([[1.0, 2.0, -0.5], [0.25, -1.0, 3.0]]), np.array([[2.0, 0.5, 1.0], [-1.5, 0.0, 1.0]])]
FULL_RANK = Custom(lambda shape: st.sampled_from(MATRICES).map(lambda matrix: np.resize(matrix, shape)))
VECTOR_NORM = {"options": {"axis": Choice((0, 1, -1)), "ord": Choice((None, 2, 3))}, "at_kink": "any"}


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
    "norm": (np.linalg.norm, "(2,3)->", {"options": {"ord": Choice((None, "fro"))}, "domain": {"x": nonzero}}),
    "norm_of_vectors": (np.linalg.norm, "(3,2)->", {**VECTOR_NORM, "domain": {"x": nonzero}}),
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
    "pinv_of_wide": (np.linalg.pinv, "(2,3)->", {"domain": {"a": FULL_RANK}}),
    "nuclear_norm": (lambda x: np.linalg.norm(x, "nuc"), "(2,3)->", {"domain": {"x": FULL_RANK}}),
    "norm_of_matrices": (lambda x: np.linalg.norm(x, axis=(2, 0)), "(2,n,3)->", {"domain": {"x": nonzero}}),
    "singular_values": (lambda a: np.linalg.svd(a, compute_uv=False), "(3,2)->", {"at_kink": "any"}),
    "convolve_full": (lambda x, y: signal.convolve(x, y), "(n,5),(2,3)->", {}),
    "convolve_valid": (lambda x, y: signal.convolve(x, y, mode="valid"), "(3),(6)->", {}),
    "convolve_same": (lambda x, y: signal.convolve(x, y, mode="same"), "(6),(2)->", {}),
    "convolve_dots": (lambda x, y: signal.convolve(x, y, axes=[[1], [1]], dot_axes=[[0], [0]]), "(2,5),(2,3)->", {}),
}
FOURIER = {
    "power_spectrum": (of_frequencies, "(n)->", {}),
    "filtered": (filtered, "(n),(n)->", {}),
    "real_filtered": (real_filtered, "(4)->", {}),
    "fft": (lambda x, n: np.real(np.fft.fft(x, n)), "(4)->", {"options": {"n": Choice((None, 6, 3))}}),
    "fft_scaled": (lambda x, norm: np.imag(np.fft.fft(x, norm=norm)), "(5)->", {"options": {"norm": NORMS}}),
    "ifft": (lambda x, norm: np.imag(np.fft.ifft(x, norm=norm)), "(5)->", {"options": {"norm": NORMS}}),
    "fft2": (lambda x: np.imag(np.fft.fft2(x)), "(3,4)->", {}),
    "ifft2": (lambda x: np.real(np.fft.ifft2(x)), "(3,4)->", {}),
    "fftn": (lambda x: np.imag(np.fft.fftn(x)), "(2,3,2)->", {}),
    "ifftn": (lambda x: np.real(np.fft.ifftn(x)), "(2,3,2)->", {}),
    "rfft": (lambda x, n: np.real(np.fft.rfft(x, n)), "(6)->", {"options": {"n": Choice((None, 8, 4))}}),
    "rfft_orthogonal": (lambda x: np.imag(np.fft.rfft(x, norm="ortho")), "(6)->", {}),
    "rfft2": (lambda x: np.imag(np.fft.rfft2(x)), "(3,4)->", {}),
    "rfftn": (lambda x: np.real(np.fft.rfftn(x)), "(2,3,2)->", {}),
    "irfft": (lambda x, y, n: np.fft.irfft(x + 1j * y, n), "(4),(4)->", {"options": {"n": Choice((None, 4))}}),
    "irfft2": (lambda x, y: np.fft.irfft2(x + 1j * y), "(2,3),(2,3)->", {}),
}
