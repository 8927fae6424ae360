"""Gradients by the tape of NumPy's functions in their many spellings, against complex steps or central differences."""

import numpy as np
import pytest

from backproof.engine import MissingDerivative, grad

X = np.array([[0.3, -1.2, 0.8], [1.7, 0.4, -0.6], [-0.9, 1.1, 0.2]])
V = np.array([0.7, -0.4, 1.3])
W = np.array([[1.0, -2.0, 0.5], [0.3, 0.9, -1.1], [0.6, -0.7, 1.4]])
SQUARE = X + 4 * np.eye(3)
LABELS = np.array([[2], [0], [1]])


def weighted(y):
    """A scalar that depends on each element in its own way."""
    weights = np.cos(np.arange(1.0, np.size(y) + 1)).reshape(np.shape(y))
    return np.sum(weights * y)


# Each is differentiated at X by complex steps: they are exact, but for functions that know complex numbers alone.
BY_COMPLEX_STEPS = {
    "sin": lambda x: np.sin(x),
    "cos of a product": lambda x: np.cos(x * x),
    "tan": lambda x: np.tan(x / 3),
    "arcsin": lambda x: np.arcsin(x / 3),
    "arccos": lambda x: np.arccos(x / 3),
    "arctan": lambda x: np.arctan(x),
    "sinh": lambda x: np.sinh(x),
    "cosh": lambda x: np.cosh(x),
    "arcsinh": lambda x: np.arcsinh(x),
    "arccosh": lambda x: np.arccosh(x + 4),
    "arctanh": lambda x: np.arctanh(x / 3),
    "exp2": lambda x: np.exp2(x),
    "log2": lambda x: np.log2(x + 4),
    "log10": lambda x: np.log10(x + 4),
    "reciprocal": lambda x: np.reciprocal(x),
    "plus": lambda x: +x * x,
    "float_power": lambda x: np.float_power(x + 4, 1.5),
    "sum by method": lambda x: (x * x).sum(0),
    "sum with a positional axis": lambda x: np.sum(x * x, 1),
    "sum by name": lambda x: np.sum(a=x * x, axis=-1, keepdims=True),
    "sum with every default": lambda x: np.sum(x * x, 0, None, None, True),
    "mean by method": lambda x: (x * x).mean(axis=1, keepdims=True),
    "add.reduce": lambda x: np.add.reduce(x * x),
    "multiply.reduce": lambda x: np.multiply.reduce(x, axis=1),
    "add.accumulate": lambda x: np.add.accumulate(x * x, axis=1),
    "multiply.accumulate": lambda x: np.multiply.accumulate(x),
    "multiply.outer": lambda x: np.multiply.outer(x[0], x[1]),
    "prod of a row": lambda x: x.prod(axis=0),
    "cumsum of all": lambda x: np.cumsum(x * x),
    "cumprod by method": lambda x: x.cumprod(axis=1),
    "diff": lambda x: np.diff(x * x, axis=0),
    "diff twice": lambda x: np.diff(x * x, 2),
    "gradient": lambda x: np.gradient(x * x, axis=0),
    "trapezoid": lambda x: np.trapezoid(x * x, dx=0.5),
    "ediff1d": lambda x: np.ediff1d(x * x),
    "polyval": lambda x: np.polyval(x[0], x[1]),
    "average": lambda x: np.average(x, axis=0, weights=x * x),
    "reshape by method": lambda x: (x * x).reshape(-1, 1),
    "ravel by method": lambda x: (x * x).ravel(),
    "flatten": lambda x: (x * x).flatten(),
    "transpose by method": lambda x: (x * x).transpose(1, 0),
    "mT": lambda x: (x * x).mT,
    "swapaxes by method": lambda x: (x * x).swapaxes(0, 1),
    "moveaxis": lambda x: np.moveaxis(x * x, 0, -1),
    "squeeze by method": lambda x: (x * x)[None].squeeze(0),
    "expand_dims": lambda x: np.expand_dims(x * x, (0, -1)),
    "flip": lambda x: np.flip(x * x, 1),
    "flipud and fliplr": lambda x: np.flipud(x) * np.fliplr(x),
    "roll": lambda x: np.roll(x * x, 1, axis=0) + np.roll(x, 2),
    "roll along both": lambda x: np.roll(x * x, (1, 2), axis=(0, 1)),
    "rot90": lambda x: np.rot90(x * x),
    "repeat by method": lambda x: (x * x).repeat(2, axis=1),
    "repeat by counts": lambda x: np.repeat(x * x, [1, 0, 2], axis=0),
    "tile": lambda x: np.tile(x * x, (2, 1)),
    "take by method": lambda x: (x * x).take([0, 0, 2], axis=1),
    "take_along_axis": lambda x: np.take_along_axis(x * x, LABELS, axis=1),
    "take_along_axis by name": lambda x: np.take_along_axis(arr=x * x, indices=LABELS, axis=-1),
    "concatenate": lambda x: np.concatenate([x, x * x], axis=1),
    "concatenate by default": lambda x: np.concatenate((x * x, W)),
    "concatenate flat": lambda x: np.concatenate((x, x * x), axis=None),
    "stack": lambda x: np.stack([x, x * x, W], axis=1),
    "stack at the end": lambda x: np.stack([x[0], x[1] * x[2]], -1),
    "hstack and vstack": lambda x: np.vstack([np.hstack([x, x * x]), np.hstack((W, x))]),
    "dstack": lambda x: np.dstack([x, x * x]),
    "column_stack": lambda x: np.column_stack([x[0], x[1] * x[1]]),
    "append": lambda x: np.append(x, x * x, axis=0),
    "split": lambda x: np.split(x * x, 3, axis=1)[1] + np.array_split(x, 2)[0][:, :1].sum(),
    "meshgrid": lambda x: np.meshgrid(x[0] ** 2, x[1])[0],
    "broadcast_arrays": lambda x: np.broadcast_arrays(x[0] * x[1], W)[0],
    "pad": lambda x: np.pad(x * x, ((1, 0), (0, 2))),
    "pad by one width": lambda x: np.pad(x * x, 1, mode="reflect"),
    "diag and diagonal": lambda x: np.diag(np.diag(x * x)) + np.diagonal(x),
    "trace by method": lambda x: (x @ x).trace(),
    "tril and triu": lambda x: np.tril(x * x) + np.triu(x, 1),
    "where": lambda x: np.where(W > 0, x * x, x),
    "select": lambda x: np.select([W > 1, W > 0], [x, x * x], 0.0),
    "choose": lambda x: np.choose([0, 1, 0], [x, x * x]),
    "compress": lambda x: np.compress([True, False, True], x * x, axis=0),
    "dot by method": lambda x: x.dot(x),
    "inner": lambda x: np.inner(x, x * x),
    "outer": lambda x: np.outer(x[0], x[1]),
    "tensordot": lambda x: np.tensordot(x, x * x, axes=([0], [1])),
    "kron": lambda x: np.kron(x, W),
    "cross": lambda x: np.cross(x, V),
    "einsum": lambda x: np.einsum("ij,jk,k->i", x, x, V),
    "einsum without an arrow": lambda x: np.einsum("ij,jk", x, x * x),
    "einsum of a diagonal": lambda x: np.einsum("ii->i", x * x),
    "einsum with dots": lambda x: np.einsum("...j,j->...", x * x, V),
    "einsum that sums alone": lambda x: np.einsum("ij->j", x * x),
    "multi_dot": lambda x: np.linalg.multi_dot([x, W, x]),
    "convolve": lambda x: np.convolve(x[0], x[1], "same"),
    "matmul with vectors": lambda x: V @ x @ x[0],
    "inv": lambda x: np.linalg.inv(x + 4 * np.eye(3)),
    "solve": lambda x: np.linalg.solve(x + 4 * np.eye(3), x),
    "solve of a vector": lambda x: np.linalg.solve(x + 4 * np.eye(3), x[0]),
    "det": lambda x: np.linalg.det(x + 4 * np.eye(3)),
    "matrix_power": lambda x: np.linalg.matrix_power(x, 3),
    "var and std": lambda x: np.sqrt(np.mean((x - x.mean()) ** 2)) + np.sum((x - np.mean(x)) ** 2) / 8,
}

# Functions that NumPy has for real numbers only, or that choose: by differences in float64, to fewer digits.
BY_DIFFERENCES = {
    "arctan2": lambda x: np.arctan2(x, W),
    "hypot": lambda x: np.hypot(x, x * x),
    "cbrt": lambda x: np.cbrt(x),
    "degrees": lambda x: np.degrees(x) + np.deg2rad(x) + np.rad2deg(x) + np.radians(x),
    "logaddexp": lambda x: np.logaddexp(x, W),
    "logaddexp2": lambda x: np.logaddexp2(x, W),
    "logaddexp.reduce": lambda x: np.logaddexp.reduce(x, axis=1),
    "fmax and fmin": lambda x: np.fmax(x, W) * np.fmin(x, 0.5),
    "remainder": lambda x: np.remainder(x, 0.35) + x % W + np.fmod(W + 0.05, x),
    "copysign": lambda x: np.copysign(x, W),
    "fabs": lambda x: np.fabs(x) * abs(x),
    "clip by method": lambda x: (x * x).clip(0.2, 1.0),
    "clip by keywords": lambda x: np.clip(x, a_min=None, a_max=x[0] * 0.5),
    "clip by new keywords": lambda x: np.clip(x, min=-0.5, max=0.7),
    "nan_to_num": lambda x: np.nan_to_num(x * x),
    "nansum": lambda x: np.nansum(np.where(W > 1, np.nan, x * x), axis=0),
    "nanmean": lambda x: np.nanmean(np.where(W > 1, np.nan, x * x)),
    "max by method": lambda x: x.max(1) + x.min(axis=0) + np.amax(x) + np.amin(x),
    "maximum.reduce": lambda x: np.maximum.reduce(x, axis=1) * np.minimum.reduce(x),
    "maximum.accumulate": lambda x: np.maximum.accumulate(x, axis=1),
    "correlate": lambda x: np.correlate(x[0], x[1][:2], "full"),
    "correlate with a longer one": lambda x: np.correlate(x[0][:2], x[1], "same"),
    "ptp": lambda x: np.ptp(x, axis=0),
    "var": lambda x: x.var(axis=0, ddof=1),
    "std": lambda x: np.std(x, 1, keepdims=True),
    "sort": lambda x: np.sort(x, axis=0) * np.sort(x * x),
    "median": lambda x: np.median(x, axis=1),
    "quantile": lambda x: np.quantile(x, 0.3, axis=1) + np.percentile(x, 70),
    "norm": lambda x: np.linalg.norm(x),
    "norm along an axis": lambda x: np.linalg.norm(x, axis=1) + np.linalg.norm(x, 1, axis=0),
    "norm of order three": lambda x: np.linalg.norm(x, ord=3, axis=0),
    "norm of a matrix": lambda x: np.linalg.norm(x, 2) + np.linalg.norm(x, "nuc") + np.linalg.norm(x, np.inf),
    "slogdet": lambda x: np.linalg.slogdet(x + 4 * np.eye(3))[1],
    "slogdet by name": lambda x: np.linalg.slogdet(x - 4 * np.eye(3)).logabsdet,
    "cholesky": lambda x: np.linalg.cholesky(x @ x.T + np.eye(3)),
    "eigvalsh": lambda x: np.linalg.eigvalsh(x + x.T),
    "eigh": lambda x: np.linalg.eigh(x + x.T)[1] ** 2,
    "svd": lambda x: np.linalg.svd(x)[0] ** 2,
    "right singular vectors": lambda x: np.linalg.svd(x[:2], full_matrices=False)[2] ** 2,
    "qr": lambda x: np.linalg.qr(x)[0] + np.linalg.qr(x)[1],
    "pinv": lambda x: np.linalg.pinv(x[:2]),
    "sinc": lambda x: np.sinc(x) + np.sinc(x / 40),
    "interp": lambda x: np.interp(x, [-2.0, -0.5, 1.0, 3.0], x[0, 0] * np.arange(4.0) ** 2),
    "interp in an array of nodes": lambda x: np.interp(V, x[0] + np.array([-2.0, 1.0, 3.0]), x[1], right=0.0),
    "unwrap": lambda x: np.unwrap(x * 9) + np.unwrap(x * x * 9, axis=0, period=2.0),
    "vander": lambda x: np.vander(x[0]) + np.vander(x[1], 3, increasing=True),
    "cov": lambda x: np.cov(x) + np.cov(x, rowvar=False, bias=True) + np.cov(x[0], x[1])[0, 1],
    "corrcoef": lambda x: np.corrcoef(x) + np.corrcoef(x[0], x[1])[0, 1],
    "nanvar": lambda x: np.nanvar(np.where(W > 1, np.nan, x), axis=0) + np.nanstd(np.where(W > 1, np.nan, x), ddof=1),
    "nanprod": lambda x: np.nanprod(np.where(W > 1, np.nan, x), axis=1),
    "partition": lambda x: np.partition(x, (0, 1, 2), axis=0),
    "block": lambda x: np.block([[x, x * x], [x[:1], x[:1]]]),
    "cumulative": lambda x: (
        np.cumulative_sum(x * x, axis=1, include_initial=True)[:, 1:] * np.cumulative_prod(x, axis=0)
    ),
    "namesakes": lambda x: np.linalg.cross(x, W) + np.linalg.trace(x @ x) + np.linalg.diagonal(x * x),
    "more namesakes": lambda x: (
        np.linalg.outer(x[0], x[1]) + np.linalg.tensordot(x, x, axes=1) + np.linalg.vecdot(x, W)
    ),
    "norms by other names": lambda x: np.linalg.matrix_transpose(x) * np.linalg.matrix_norm(x),
    "cond": lambda x: np.linalg.cond(x) + np.linalg.cond(x, 1) + np.linalg.cond(x, "fro"),
    "diagflat and resize": lambda x: np.diagflat(x * x)[:4, :4] + np.resize(x * x, (4, 4)),
    "delete": lambda x: np.delete(x * x, [0, 2], 1),
    "unstack and extract": lambda x: np.unstack(x * x)[1] * np.extract(W > 1, x)[0],
    "rollaxis": lambda x: np.rollaxis(x * x, 1),
    "dsplit": lambda x: np.dsplit((x * x)[None], 3)[1],
    "power spectrum": lambda x: abs(np.fft.rfft(x)) ** 2,
    "circular convolution": lambda x: np.fft.irfft(np.fft.rfft(x[0]) * np.fft.rfft(x[1]), 3),
    "rotation": lambda x: (np.exp(1j * x) * W).imag + (x * 1j).conj().T.imag,
    "fft2": lambda x: np.fft.fft2(x).real + np.fft.fftshift(np.fft.ifft(x, axis=0)).imag,
    "angles": lambda x: np.angle(x + 1j * W) + np.angle(W + 1j * x, deg=True),
    "hfft": lambda x: np.fft.hfft(x + 2j * x, axis=0)[:2] + np.fft.ihfft(x).imag[0, 0],
    "irfftn": lambda x: np.fft.irfftn(x + 1j * W * x, s=(3, 4), axes=(0, 1)),
    "norm of complex numbers": lambda x: np.linalg.norm(x + 1j * W, axis=0) + np.var(x * np.exp(1j * x)),
    "complex products": lambda x: np.vdot(x + 1j * W, x * 1j + W).real + np.correlate(x[0] * 1j, x[1] + 1j).imag,
    "complex systems": lambda x: np.linalg.solve(x + 1j * W, x).real + np.linalg.det(x + 1j * W).imag,
    "astype": lambda x: (x * x).astype(float) + x.astype(complex).real * (1j * x).astype(complex).imag,
    "signs of complex numbers": lambda x: np.sign(x + 1j * W).real + np.linalg.slogdet(x + 1j * W)[1],
    "complex and real": lambda x: np.concatenate([x, 1j * x]).imag,
}


def tape_gradient(function, x):
    return grad(lambda at: weighted(function(at)))(x)


def along_axes(function, x, slope):
    result = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        unit = np.zeros(x.shape)
        unit[place] = 1.0
        result[place] = slope(function, x, unit)
    return result


def complex_step(function, x, unit):
    return weighted(function(x + 1e-30j * unit)).imag / 1e-30


def central(function, x, unit):
    """Two central differences, extrapolated."""
    wide, narrow = (
        (weighted(function(x + h * unit)) - weighted(function(x - h * unit))) / (2 * h) for h in (2e-4, 1e-4)
    )
    return (4 * narrow - wide) / 3


@pytest.mark.parametrize("function", BY_COMPLEX_STEPS.values(), ids=BY_COMPLEX_STEPS)
def test_agrees_with_complex_steps(function):
    np.testing.assert_allclose(
        tape_gradient(function, X), along_axes(function, X, complex_step), rtol=1e-10, atol=1e-11
    )


@pytest.mark.parametrize("function", BY_DIFFERENCES.values(), ids=BY_DIFFERENCES)
def test_agrees_with_differences(function):
    np.testing.assert_allclose(tape_gradient(function, X), along_axes(function, X, central), rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("function", [*BY_COMPLEX_STEPS.values(), *BY_DIFFERENCES.values()])
def test_traced_value_is_numpys(function):
    seen = []

    def noted(x):
        result = function(x)
        seen.append(result.value)
        return weighted(result)

    grad(noted)(X)
    np.testing.assert_allclose(seen[0], function(X), rtol=1e-12, atol=1e-13)


SPECIAL = ("erf", "erfc", "expit", "log_expit", "ndtr", "log_ndtr", "log1p", "expm1")


@pytest.mark.parametrize("name", SPECIAL)
def test_functions_of_scipy(name):
    function = getattr(pytest.importorskip("scipy.special"), name)
    assert_near = np.testing.assert_allclose
    assert_near(
        tape_gradient(lambda x: function(x / 2), X), along_axes(lambda x: function(x / 2), X, central), rtol=1e-8
    )


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: np.pad(X, 1, constant_values=x[0, 0]), "plain float array"),
        (lambda x: np.sum(x, where=W > 0), "where="),
        (lambda x: np.i0(x), "i0 has no derivative rule"),
        (lambda x: np.std(x, mean=0.0), "mean="),
        (lambda x: np.stack([x], out=np.zeros((1, 3, 3))), "out"),
    ],
)
def test_what_cannot_be_traced_says_so(function, message):
    with pytest.raises(MissingDerivative, match=message):
        grad(lambda x: np.sum(function(x)))(X)
