"""Complex numbers: in extended precision against NumPy, the convention of their cotangents, and planted mistakes."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backproof.engine import MissingDerivative, NotExtendable, grad, vjp
from backproof.engine.derivatives import COMPLEX, RULES
from backproof.engine.extended import arbiter, balls, computing, extended, probe, to_float
from backproof.engine.extended.pairs import COMPLEX as COMPUTED
from backproof.engine.extended.pairs import ComplexArray
from backproof.engine.linear import LinearMap, identity
from backproof.engine.maps import divide_by, real_part, scale
from backproof.engine.subjects import definition_subjects, pair
from backproof.properties.battery import PROPERTIES
from backproof.properties.judgement import Evidence, Verdict
from backproof.properties.searching import Effort, search
from backproof.properties.tests.planting import noticed

X = np.random.default_rng(1).normal(size=(4, 5))
W = np.random.default_rng(2).normal(size=(4, 5))

FUNCTIONS = {
    "product": lambda z, w: z * w,
    "quotient": lambda z, w: z / w,
    "one over": lambda z, w: np.reciprocal(z) + 1 / w + z / X,
    "sum and difference": lambda z, w: z + w - X * 1j - 2,
    "exponential": lambda z, w: np.exp(z) + np.expm1(w),
    "logarithms": lambda z, w: np.log(z) + np.log10(w) + np.log2(z) + np.log1p(w),
    "roots": lambda z, w: np.sqrt(z) * w**1.5,
    "whole powers": lambda z, w: z**3 + w**-2 + z**0 + np.square(z),
    "power of a power": lambda z, w: z**w + np.abs(X) ** w,
    "trigonometric": lambda z, w: np.sin(z) + np.cos(w) + np.tan(z),
    "hyperbolic": lambda z, w: np.sinh(z) + np.cosh(w) + np.tanh(z),
    "inverse": lambda z, w: np.arctan(z) + np.arctanh(w),
    "sizes and angles": lambda z, w: np.abs(z) + np.angle(w) + np.angle(z, deg=True) + abs(w.conj()),
    "signs": lambda z, w: np.sign(z) * w.conjugate(),
    "parts": lambda z, w: z.real * np.imag(w) + np.real(z),
    "matrix product": lambda z, w: z @ w.T + z @ X.T + np.linalg.matmul(X, w.T),
    "dot and inner": lambda z, w: np.dot(z, w.T) + np.inner(z, w),
    "outer and kron": lambda z, w: np.outer(z[0], w[1]).sum() * np.kron(z[:2, :2], w[1:3, :1]),
    "tensordot": lambda z, w: np.tensordot(z, w, axes=([0], [0])),
    "cross": lambda z, w: np.cross(z[:, :3], w[:, 1:4]),
    "einsum": lambda z, w: np.einsum("ij,kj,k->i", z, X, w[:, 0]),
    "conjugated products": lambda z, w: np.vdot(z, w) + np.vecdot(z, w),
    "convolution": lambda z, w: np.convolve(z[0], w[1]) + np.correlate(z[0], w[1], "full"),
    "solve and inverse": lambda z, w: np.linalg.solve(z[:, :4], w) + np.linalg.inv(w[:, :4]) @ z,
    "solve of a vector": lambda z, w: np.linalg.solve(z[:, :4], w[:, 0]),
    "determinants": lambda z, w: (
        np.linalg.det(z[:, :4]) * np.linalg.slogdet(w[:, 1:])[1] + np.linalg.slogdet(w[:3, :3])[0]
    ),
    "norm": lambda z, w: np.linalg.norm(z, axis=0) + np.linalg.norm(w),
    "reductions": lambda z, w: z.sum(axis=0) + w.mean() + np.prod(z, axis=0) + np.prod(w[0], keepdims=True),
    "spread": lambda z, w: np.var(z, axis=0, ddof=1) + np.std(w),
    "running": lambda z, w: np.cumsum(z, axis=1) + np.cumprod(w, axis=0) + np.cumprod(z)[0],
    "add.reduce": lambda z, w: np.add.reduce(z) + np.multiply.reduce(w),
    "differences": lambda z, w: np.diff(z, axis=1) * np.trapezoid(w, axis=1)[:, None],
    "joined": lambda z, w: np.concatenate([z, X], axis=1) * np.hstack([w, z]),
    "stacked": lambda z, w: np.stack([X, z]) + np.vstack([w[:2], z[2:]]),
    "columns": lambda z, w: np.column_stack([z[:, 0], w]) + np.dstack([z, w])[:, :1, 0],
    "chosen": lambda z, w: np.where(X > 0, z, W) + np.where(X < 1, 0, w),
    "moved": lambda z, w: z.T.reshape(2, -1)[:, 1:] + np.swapaxes(w, 0, 1).reshape(2, -1)[:, :-1],
    "axes": lambda z, w: np.moveaxis(z[None], 0, 1).squeeze(1) + np.expand_dims(w, 0)[0] + np.transpose(z).T,
    "matrices": lambda z, w: np.matrix_transpose(z) @ w + np.diag(np.diagonal(w)).trace() + np.tril(z).sum(),
    "triangle": lambda z, w: np.triu(w) + np.tril(z, -1),
    "repeated": lambda z, w: np.repeat(z, 2, axis=0) + np.tile(w, (2, 1)) + np.pad(z, ((2, 2), (0, 0))),
    "taken": lambda z, w: np.take(z, [0, 0, 2], axis=1) + np.take_along_axis(w, np.array([[0, 1, 2]] * 4), axis=1),
    "turned": lambda z, w: np.flip(z) + np.flipud(w) + np.fliplr(z) + np.roll(w, 1, axis=0) + np.rot90(z, 2),
    "split": lambda z, w: np.split(z, 2)[1] + np.array_split(w, 2)[0] + np.vsplit(z, 2)[0] + np.hsplit(w, 1)[0][:2],
    "spread out": lambda z, w: np.broadcast_to(z[0], (4, 5)) + np.ravel(w)[:5] + np.copy(z),
    "atleast": lambda z, w: np.atleast_1d(z[0, 0]) + np.atleast_2d(w[0]) + +z - (-w),
    "filled": lambda z, w: np.zeros_like(z) + np.ones_like(w) + np.empty_like(z, shape=()) * 0,
    "equal": lambda z, w: np.where(z == w, 1.0, 2.0) + (z != w) + (z[0] == z) + np.isreal(z) + np.iscomplex(w),
    "looked at": lambda z, w: (
        np.isfinite(z) * 1.0 + np.isnan(w) + np.isinf(z) + np.ndim(z) + np.shape(w)[0] + np.size(z)
    ),
    "kinds": lambda z, w: z * np.iscomplexobj(z) + w * np.isrealobj(w) + np.real_if_close(z),
    "nearly real": lambda z, w: np.real_if_close(z.real + 1e-20j),
    "conjugates of float_power": lambda z, w: np.float_power(z, 2.0) + np.conjugate(w),
}


def along_one_axis(transform, of_real, n, norm):
    def function(z, w):
        one, two = (z.real, w.imag) if of_real else (z, w)
        return transform(one, n, 0, norm)[:1] + transform(two, n, norm=norm)[0, 0]

    return function


def along_several(transform, of_real):
    def function(z, w):
        one, two = (z.real, w.imag) if of_real else (z, w)
        return transform(one).sum() + transform(two, s=(3, 6), axes=(1, 0), norm="ortho")

    return function


TRANSFORMS = ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")
TRANSFORMS += ("fft2", "ifft2", "irfft2", "fftn", "ifftn", "irfftn", "rfft2", "rfftn")

for _name in TRANSFORMS[:6]:
    for _n in (None, 3, 4, 7):
        for _norm in (None, "ortho", "forward"):
            _transform = along_one_axis(getattr(np.fft, _name), _name in ("rfft", "ihfft"), _n, _norm)
            FUNCTIONS[f"{_name}, {_n}, {_norm}"] = _transform
for _name in TRANSFORMS[6:]:
    FUNCTIONS[_name] = along_several(getattr(np.fft, _name), _name.startswith("r"))
FUNCTIONS["shifts"] = lambda z, w: np.fft.fftshift(z) + np.fft.ifftshift(w, axes=1)


def plain(value):
    if isinstance(value, ComplexArray):
        return to_float(value.re) + 1j * to_float(value.im)
    return to_float(value)


@pytest.mark.parametrize("arithmetic", [balls, arbiter, probe], ids=lambda arithmetic: arithmetic.name)
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_extended_agrees_with_numpy(function, arithmetic):
    expected = np.asarray(function(X + 1j * W, W - 0.5j * X))
    with computing(arithmetic, 128):
        x, w = extended(X), extended(W)
        got = plain(function(x + 1j * w, w - 0.5j * x))
    assert np.iscomplexobj(got) == np.iscomplexobj(expected)
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-13)


def test_every_function_of_complex_numbers_is_held_against_numpy():
    missing = {function.__name__ for function in COMPUTED} - set(re.findall(r"\w+", Path(__file__).read_text()))
    operators = {"add", "subtract", "multiply", "true_divide", "divide", "power", "matmul", "negative", "positive"}
    assert missing - operators - {"absolute", "getitem", "converted", "not_equal", "sum", "mean"} == set()


def test_buffers_are_written_into():
    with computing(balls, 128):
        v = extended(W[0])
        z = (v * 1j).astype(complex)
        z.real = v
        z[1:] *= 2
        z[0] += 1j
        np.add.at(z, [3, 3], np.array([1j, 1.0]))
        z -= 1
        got = plain(z)
    expected = W[0] + 1j * W[0]
    expected[1:] *= 2
    expected[0] += 1j
    expected[3] += 1 + 1j
    np.testing.assert_allclose(got, expected - 1, rtol=1e-14)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda z: np.sort(z), "sort of complex"),
        (lambda z: np.asarray(z), "plain array"),
        (lambda z: float(z[0]), "plain array"),
        (lambda z: z.astype(float), "imaginary part"),
        (lambda z: np.linalg.norm(z, 1), "ord=1"),
        (lambda z: np.maximum(z, 0), "maximum of complex"),
        (lambda z: np.multiply.outer(z, z), "outer"),
        (lambda z: np.zeros_like(z.real, dtype=complex), "complex128"),
    ],
)
def test_refuses_the_rest_by_name(function, message):
    with computing(balls, 128), pytest.raises(NotExtendable, match=message):
        function(extended(W[0]) * 1j)


def test_real_arrays_take_no_complex_numbers():
    with computing(balls, 128):
        x = extended(X)
        with pytest.raises(TypeError, match="real ones"):
            x *= 1j


def test_the_cotangent_is_the_conjugate_of_the_steepest_ascent():
    z = X + 1j * W
    np.testing.assert_allclose(grad(lambda at: np.sum(np.abs(at) ** 2))(z), 2 * np.conj(z))


def test_holomorphic_functions_have_their_plain_derivative():
    z = X[0] + 1j * W[0]
    y, pull = vjp(lambda at: np.exp(at) * at, z)
    np.testing.assert_allclose(pull(np.ones_like(y))[0], np.exp(z) * (1 + z))


def test_matrices_that_would_need_conjugates_are_refused():
    for function in (np.linalg.cholesky, np.linalg.eigvalsh, np.linalg.svdvals, np.linalg.pinv):
        with pytest.raises(MissingDerivative, match="complex matrices"):
            grad(lambda a, f=function: np.sum(np.abs(f(a))))(np.eye(3) * (2 + 0j))


def test_what_is_real_has_a_real_cotangent():
    for function in (lambda x: np.abs(np.fft.fft(x)), lambda x: np.real(x * 1j * np.exp(1j * x))):
        assert grad(lambda x, f=function: np.sum(f(x)))(X[0]).dtype == float


def wrong_absolute(y, x):
    return real_part() @ scale(x / y)


def wrong_ifft(y, a, n=None, axis=-1, norm=None):
    return RULES[np.fft.fft].derive(y, a, n=n, axis=axis, norm=norm)


def wrong_conjugate(y, x):
    return identity


def wrong_angle(y, z, deg=False):
    return real_part() @ divide_by(z)


def wrong_irfft(y, a, n=None, axis=-1, norm=None):
    """The transform of the half that is given, without its mirror image."""
    size, half = y.shape[axis], RULES[np.fft.irfft].derive(y, a, n=n, axis=axis, norm=norm)

    def apply_transpose(ct):
        return np.fft.ifft(ct, size, axis, norm)[tuple(slice(0, k) for k in a.shape)]

    return LinearMap(half.apply, apply_transpose, half.spelling)


MISTAKES = {
    "missing conjugate of a size": (np.absolute, wrong_absolute, "absolute_complex"),
    "missing conjugate": (np.conjugate, wrong_conjugate, "conjugate_complex"),
    "missing factor of an inverse transform": (np.fft.ifft, wrong_ifft, "ifft_complex"),
    "real part of an angle": (np.angle, wrong_angle, "angle_complex"),
    "mirror image that does not count": (np.fft.irfft, wrong_irfft, "irfft_complex"),
}


@pytest.mark.parametrize(("function", "derive", "name"), MISTAKES.values(), ids=MISTAKES)
def test_planted_mistakes_are_found(function, derive, name, monkeypatch):
    monkeypatch.setitem(RULES, function, replace(RULES[function], derive=derive))
    noticed(definition_subjects(COMPLEX[name])[0], "vjp_matches_differences")


def spectrum_forward(x):
    z = np.fft.rfft(x)
    return np.abs(z) ** 2, z


def spectrum_backward(ct, cache):
    n = 4
    z = cache
    padded = np.concatenate([ct * np.conj(z), np.zeros(n - len(z))])
    return 2 * np.fft.fft(padded).real


def spectrum_without_the_conjugate(ct, cache):
    padded = np.concatenate([ct * cache, np.zeros(4 - len(cache))])
    return 2 * np.fft.fft(padded).real


def spectrum_without_the_imaginary_part(ct, cache):
    padded = np.concatenate([ct * cache.real, np.zeros(4 - len(cache))])
    return 2 * np.fft.fft(padded).real


def spectrum_with_a_norm(ct, cache):
    padded = np.concatenate([ct * np.conj(cache), np.zeros(4 - len(cache))])
    return 2 * np.fft.ifft(padded).real


def test_a_power_spectrum_is_right_to_many_digits():
    outcome = search(
        pair(spectrum_forward, spectrum_backward, "(4)->(3)"),
        PROPERTIES["vjp_matches_differences"],
        Effort(examples=25),
    )
    assert outcome.verdict is Verdict.PASSED
    assert outcome.evidence is Evidence.FORMULA


@pytest.mark.parametrize(
    "backward", [spectrum_without_the_conjugate, spectrum_without_the_imaginary_part, spectrum_with_a_norm]
)
def test_a_wrong_power_spectrum_is_falsified(backward):
    noticed(pair(spectrum_forward, backward, "(4)->(3)"), "vjp_matches_differences")
