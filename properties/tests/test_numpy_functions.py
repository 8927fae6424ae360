"""The functions that extended arrays know, against float64 NumPy to 15 digits, and the arithmetics to 40."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from backproof.engine.extended import (
    arbiter,
    balls,
    computing,
    decimals,
    extended,
    stripped,
    to_float,
    wrap,
)

SHAPES = ((), (1,), (4,), (3, 4), (2, 3, 4), (0, 3), (2, 0))


def generic(rng, shape):
    return rng.normal(size=shape) * 2


def positive(rng, shape):
    return rng.uniform(0.2, 3.0, size=shape)


def tied(rng, shape):
    return rng.integers(-2, 3, size=shape).astype(float)


def masks(rng, shape):
    return rng.random(shape) < 0.5


def integers(rng, shape):
    return rng.integers(0, 4, size=shape)


def an_axis(rng, x):
    return int(rng.integers(-x.ndim, x.ndim)) if x.ndim else None


def some_axes(rng, x):
    if x.ndim == 0 or rng.random() < 0.3:
        return None
    chosen = rng.permutation(x.ndim)[: rng.integers(1, x.ndim + 1)]
    return tuple(int(axis) - (x.ndim if rng.random() < 0.5 else 0) for axis in chosen)


def on(values, *shapes):
    """Draws one array of these values in one of the shapes."""
    return lambda rng: [values(rng, shapes[rng.integers(len(shapes))])]


REDUCTIONS = {
    "sum": lambda x, rng: np.sum(x, axis=some_axes(rng, x), keepdims=bool(rng.integers(2))),
    "prod": lambda x, rng: np.prod(x, axis=some_axes(rng, x), keepdims=bool(rng.integers(2))),
    "any": lambda x, rng: np.any(x > 1, axis=some_axes(rng, x)),
    "all": lambda x, rng: np.all(x > -1, axis=some_axes(rng, x)),
    "truth of any": lambda x, rng: np.any(x, axis=some_axes(rng, x)),
    "cumsum": lambda x, rng: np.cumsum(x, axis=an_axis(rng, x)),
    "cumprod": lambda x, rng: np.cumprod(x, axis=an_axis(rng, x)),
    "nansum": lambda x, rng: np.nansum(np.where(x > 1, np.nan, x), axis=some_axes(rng, x)),
    "count_nonzero": lambda x, rng: np.count_nonzero(x, axis=some_axes(rng, x)),
    "sum where": lambda x, rng: np.sum(x, axis=an_axis(rng, x), where=x > 0, initial=2.0),
    "sum method": lambda x, rng: x.sum(axis=an_axis(rng, x), keepdims=True),
    "add.reduce": lambda x, rng: np.add.reduce(x, axis=some_axes(rng, x)),
    "multiply.reduce": lambda x, rng: np.multiply.reduce(x, axis=some_axes(rng, x)),
}
NONEMPTY_REDUCTIONS = {
    "mean": lambda x, rng: np.mean(x, axis=some_axes(rng, x), keepdims=bool(rng.integers(2))),
    "var": lambda x, rng: np.var(x, axis=some_axes(rng, x), keepdims=bool(rng.integers(2))),
    "std": lambda x, rng: np.std(x, axis=some_axes(rng, x)),
    "max": lambda x, rng: np.max(x, axis=some_axes(rng, x), keepdims=bool(rng.integers(2))),
    "min": lambda x, rng: np.min(x, axis=some_axes(rng, x)),
    "max method": lambda x, rng: x.max(axis=an_axis(rng, x), keepdims=True),
    "max where": lambda x, rng: np.max(x, where=x > 0, initial=-1.0),
    "ptp": lambda x, rng: np.ptp(x, axis=an_axis(rng, x)),
    "argmax": lambda x, rng: np.argmax(x, axis=an_axis(rng, x)),
    "argmin": lambda x, rng: x.argmin(axis=an_axis(rng, x)),
    "median": lambda x, rng: np.median(x, axis=some_axes(rng, x)),
    "quantile": lambda x, rng: np.quantile(x, 0.25, axis=an_axis(rng, x)),
    "percentile": lambda x, rng: np.percentile(x, [25, 60], axis=an_axis(rng, x)),
    "average": lambda x, rng: np.average(x, axis=an_axis(rng, x), weights=np.exp(x)),
    "mean where": lambda x, rng: np.mean(x, where=np.abs(x) < 100),
    "nanmean": lambda x, rng: np.nanmean(x, axis=an_axis(rng, x)),
    "maximum.reduce": lambda x, rng: np.maximum.reduce(x, axis=some_axes(rng, x)),
    "minimum.accumulate": lambda x, rng: np.minimum.accumulate(np.atleast_1d(x), axis=0),
    "amax": lambda x, rng: np.amax(x) + np.amin(x),
    "around": lambda x, rng: np.around(x, 2),
    "logaddexp.reduce": lambda x, rng: np.logaddexp.reduce(x, axis=an_axis(rng, x)),
    "norm": lambda x, rng: np.linalg.norm(x),
    "vector norm": lambda x, rng: np.linalg.norm(
        np.atleast_1d(x), ord=[1, 2, 3, np.inf, None][rng.integers(5)], axis=-1
    ),
}
ARRANGING = {
    "sort": lambda x, rng: np.sort(x, axis=an_axis(rng, x)),
    "argsort": lambda x, rng: np.argsort(x, axis=an_axis(rng, x), kind="stable"),
    "sort method": lambda x, rng: _sorted_in_place(np.atleast_1d(x).copy()),
    "flip": lambda x, rng: np.flip(x, axis=some_axes(rng, x)),
    "roll": lambda x, rng: np.roll(x, int(rng.integers(-3, 4)), axis=an_axis(rng, x)),
    "repeat": lambda x, rng: np.repeat(x, 2, axis=an_axis(rng, x)),
    "tile": lambda x, rng: np.tile(x, (2, 1)),
    "reshape": lambda x, rng: np.reshape(x, -1, order="F"),
    "transpose": lambda x, rng: np.transpose(x),
    "swapaxes": lambda x, rng: np.swapaxes(np.atleast_2d(x), 0, -1),
    "moveaxis": lambda x, rng: np.moveaxis(np.atleast_2d(x), -1, 0),
    "expand_dims": lambda x, rng: np.expand_dims(x, 0),
    "squeeze": lambda x, rng: np.squeeze(x[None]),
    "concatenate": lambda x, rng: np.concatenate([np.atleast_1d(x), np.atleast_1d(2 * x)], axis=0),
    "stack": lambda x, rng: np.stack([x, x + 1], axis=-1),
    "vstack": lambda x, rng: np.vstack([x, x]),
    "hstack": lambda x, rng: np.hstack([x, x * 3]),
    "dstack": lambda x, rng: np.dstack([x, x]),
    "column_stack": lambda x, rng: np.column_stack([x.ravel(), x.ravel()]),
    "append": lambda x, rng: np.append(x, 1.5),
    "array_split": lambda x, rng: np.array_split(np.atleast_1d(x), 2)[1],
    "where": lambda x, rng: np.where(x > 0, x, 0.1),
    "where of a condition": lambda x, rng: np.atleast_1d(x)[np.where(np.atleast_1d(x) > 0)],
    "clip": lambda x, rng: np.clip(x, -1, 1),
    "clip method": lambda x, rng: x.clip(min=0.0),
    "select": lambda x, rng: np.select([x > 1, x < -1], [x * x, -x], default=0.3),
    "nan_to_num": lambda x, rng: np.nan_to_num(np.where(x > 1, np.nan, x), nan=0.5),
    "pad": lambda x, rng: np.pad(x, 1, constant_values=0.1),
    "diff": lambda x, rng: np.diff(np.atleast_1d(x), axis=-1),
    "ravel": lambda x, rng: x.ravel(),
    "flatten": lambda x, rng: x.flatten(),
    "round": lambda x, rng: np.round(x, 1),
    "zeros_like": lambda x, rng: np.zeros_like(x) + x,
    "full_like": lambda x, rng: np.full_like(x, 0.1),
    "ones_like": lambda x, rng: np.ones_like(x),
    "mask": lambda x, rng: np.atleast_1d(x)[np.atleast_1d(x) > 0],
    "tolist": lambda x, rng: np.stack([v * 2 for v in np.atleast_1d(x).ravel().tolist()]) if x.size else x,
    "flat": lambda x, rng: _filled_through_flat(x.copy()),
    "astype": lambda x, rng: x.astype(np.float64) + x.astype(int) + (x > 0).astype(x.dtype),
    "in place": lambda x, rng: _in_place(x.copy()),
    "apply_along_axis": lambda x, rng: np.apply_along_axis(lambda r: r * r[0], -1, x) if x.ndim and x.size else x,
    "outer of ufunc": lambda x, rng: np.multiply.outer(x, x),
    "add.accumulate": lambda x, rng: np.add.accumulate(np.atleast_1d(x), axis=0),
    "out": lambda x, rng: np.add(x, 1.0, out=np.zeros_like(x)),
    "ufunc where": lambda x, rng: np.log(x, where=x > 0, out=np.ones_like(x)),
}


def _sorted_in_place(x):
    x.sort(axis=0)
    return x


def _filled_through_flat(x):
    for i, value in enumerate(x.flat):
        x.flat[i] = value * 2
    return x


def _in_place(x):
    x += 1
    x *= 2.5
    x -= 0.5
    x /= 4
    return x * x


MATRICES = {
    "take": lambda x, rng: np.take(x, [0, 2, 2], axis=1),
    "take_along_axis": lambda x, rng: np.take_along_axis(x, rng.integers(0, 3, (3, 4)), axis=0),
    "put_along_axis": lambda x, rng: _put_along_axis(x.copy(), rng),
    "put": lambda x, rng: _put(x.copy()),
    "place": lambda x, rng: _place(x.copy()),
    "copyto": lambda x, rng: _copyto(x.copy()),
    "add.at": lambda x, rng: _add_at(x.copy()),
    "multiply.at": lambda x, rng: _ufunc_at(np.multiply, x.copy()),
    "maximum.at": lambda x, rng: _ufunc_at(np.maximum, x.copy()),
    "add.reduceat": lambda x, rng: np.add.reduceat(x, [0, 2], axis=1),
    "unwrap": lambda x, rng: np.unwrap(4 * x, axis=an_axis(rng, x)) + np.unwrap(3 * x, 1.5, period=2.0),
    "cumulative_sum": lambda x, rng: (
        np.cumulative_sum(x, axis=1, include_initial=True)[:, 1:] + np.cumulative_sum(x[0])
    ),
    "cumulative_prod": lambda x, rng: np.cumulative_prod(x, axis=0, include_initial=True),
    "unstack": lambda x, rng: np.unstack(x, axis=1)[2],
    "linalg.matrix_norm": lambda x, rng: np.linalg.matrix_norm(x) + np.linalg.matrix_norm(x, ord=1, keepdims=True),
    "linalg.outer": lambda x, rng: np.linalg.outer(x[0], x[1]) + np.linalg.trace(x[:, :3]),
    "linalg.tensordot": lambda x, rng: np.linalg.tensordot(x, np.linalg.matrix_transpose(x), axes=1),
    "linalg.cross": lambda x, rng: np.linalg.cross(x[:, 1:], x[:, :3]) + np.linalg.diagonal(x),
    "linalg.vecdot": lambda x, rng: np.linalg.vecdot(x, x[1]),
    "tril": lambda x, rng: np.tril(x, int(rng.integers(-1, 2))),
    "triu": lambda x, rng: np.triu(x, int(rng.integers(-1, 2))),
    "diag of a matrix": lambda x, rng: np.diag(x, int(rng.integers(-1, 2))),
    "diag of a vector": lambda x, rng: np.diag(x[0], int(rng.integers(-1, 2))),
    "diagonal": lambda x, rng: np.diagonal(x),
    "fill_diagonal": lambda x, rng: _fill_diagonal(x.copy()),
    "trace": lambda x, rng: np.trace(x),
    "outer": lambda x, rng: np.outer(x[0], x[1]),
    "inner": lambda x, rng: np.inner(x, x),
    "dot": lambda x, rng: np.dot(x, x.T),
    "dot of three axes": lambda x, rng: np.dot(x[None], x.T),
    "vdot": lambda x, rng: np.vdot(x, x),
    "matmul": lambda x, rng: np.matmul(x[None], x.T),
    "tensordot": lambda x, rng: np.tensordot(x, x, axes=([0], [0])),
    "kron": lambda x, rng: np.kron(x, x[:2]),
    "cross": lambda x, rng: np.cross(x[:, :3], x[:, 1:]),
    "einsum": lambda x, rng: np.einsum("ij,kj->ik", x, x),
    "einsum with an ellipsis": lambda x, rng: np.einsum("...j,j->...", x, x[0]),
    "einsum of three": lambda x, rng: np.einsum("ij,ik,il->jkl", x, x, x),
    "pad by edges": lambda x, rng: np.pad(x, ((1, 2), (0, 1)), mode="edge"),
    "pad by reflection": lambda x, rng: np.pad(x, 1, mode="reflect"),
    "split": lambda x, rng: np.split(x, 2, axis=1)[1],
    "rot90": lambda x, rng: np.rot90(x),
    "sliding_window_view": lambda x, rng: np.lib.stride_tricks.sliding_window_view(x, (2, 2)).sum(axis=(2, 3)),
    "fancy index": lambda x, rng: x[[0, 2, 0], [1, 1, 3]],
    "slice assigned": lambda x, rng: _slice_assigned(x.copy()),
    "partition": lambda x, rng: np.sort(np.partition(x, 1, axis=1)[:, :2], axis=1),
    "top k": lambda x, rng: np.take_along_axis(x, np.argsort(-x, axis=1)[:, :2], axis=1),
    "searchsorted": lambda x, rng: np.searchsorted(np.sort(x[0]), x[1]),
    "interp": lambda x, rng: np.interp(x[0], np.sort(x[1]), x[2]),
    "gradient": lambda x, rng: np.gradient(x, axis=1),
    "trapezoid": lambda x, rng: np.trapezoid(x, dx=0.3),
    "trapezoid over nodes": lambda x, rng: np.trapezoid(x, np.sort(x[0])),
    "convolve": lambda x, rng: np.convolve(x[0], x[1][:3], mode=["full", "same", "valid"][rng.integers(3)]),
    "correlate": lambda x, rng: np.correlate(x[0], x[1][:3], mode=["full", "same", "valid"][rng.integers(3)]),
    "polyval": lambda x, rng: np.polyval(x[0], x),
    "vander": lambda x, rng: np.vander(x[0], 3),
    "meshgrid": lambda x, rng: np.meshgrid(x[0], x[1])[1],
    "block": lambda x, rng: np.block([[x, x], [x, 2 * x]]),
    "bincount": lambda x, rng: np.bincount([0, 2, 2, 1], weights=x[0]),
    "choose": lambda x, rng: np.choose([0, 1, 2, 1], [x[0], x[1], x[2]]),
    "compress": lambda x, rng: np.compress([True, False, True], x, axis=0),
    "extract": lambda x, rng: np.extract(x > 0, x),
    "piecewise": lambda x, rng: np.piecewise(x, [x < 0, x >= 0], [lambda v: -v, lambda v: v * v]),
    "isclose": lambda x, rng: np.isclose(x, x + 1e-9),
    "rollaxis": lambda x, rng: np.rollaxis(x, 1),
    "permute_dims": lambda x, rng: np.permute_dims(x, (1, 0)),
    "matrix_transpose": lambda x, rng: np.matrix_transpose(x),
    "hsplit": lambda x, rng: np.hsplit(x, 2)[0] + np.dsplit(x[None], 2)[1][0] + np.vsplit(x[:, :2], 3)[0],
    "resize": lambda x, rng: np.resize(x, (2, 7)),
    "delete": lambda x, rng: np.delete(x, 1, axis=1),
    "insert": lambda x, rng: np.insert(x, 1, 0.1, axis=1),
    "atleast_3d": lambda x, rng: np.atleast_3d(x),
    "diagflat": lambda x, rng: np.diagflat(x[0], 1),
    "putmask": lambda x, rng: _putmask(x.copy()),
    "flatnonzero": lambda x, rng: np.flatnonzero(x > 0),
    "argwhere": lambda x, rng: np.argwhere(x > 0),
    "argpartition": lambda x, rng: np.sort(np.argpartition(x, 1, axis=1)[:, :2], axis=1),
    "digitize": lambda x, rng: np.digitize(x[0], np.sort(x[1])),
    "fix": lambda x, rng: np.fix(x),
    "nanprod": lambda x, rng: np.nanprod(np.where(x > 1, np.nan, x), axis=0),
    "ldexp": lambda x, rng: np.ldexp(x, 3),
    "conjugate": lambda x, rng: np.conjugate(x) + x.conj(),
    "svdvals": lambda x, rng: np.linalg.svdvals(x),
    "cond": lambda x, rng: np.linalg.cond(x),
    "vector_norm": lambda x, rng: np.linalg.vector_norm(x, axis=1, ord=3),
    "linalg.matmul": lambda x, rng: np.linalg.matmul(x, x.T),
    "eigh": lambda x, rng: np.linalg.eigh(x @ x.T)[0],
    "result_type": lambda x, rng: x.astype(np.result_type(x, np.float64)),
    "real and imag": lambda x, rng: np.real(x) + np.imag(x) + np.isrealobj(x) + np.iscomplexobj(x),
    "nan statistics": lambda x, rng: _nan_statistics(np.where(x > 2, np.nan, x)),
    "cov": lambda x, rng: np.cov(x, rowvar=bool(rng.integers(2)), ddof=int(rng.integers(2))),
    "corrcoef": lambda x, rng: np.corrcoef(x),
    "can_cast": lambda x, rng: x * np.can_cast(x, np.float64),
    "divmod": lambda x, rng: np.divmod(x, 0.7)[1],
    "modf": lambda x, rng: np.modf(x)[0],
    "std with ddof": lambda x, rng: np.std(x, axis=0, ddof=1),
    "matrix norm": lambda x, rng: np.linalg.norm(x, ord=["fro", 1, np.inf, 2][rng.integers(4)]),
    "svd": lambda x, rng: np.linalg.svd(x, compute_uv=False),
    "svd put together": lambda x, rng: _put_together(x),
    "qr": lambda x, rng: np.linalg.qr(x.T)[1],
    "q of qr": lambda x, rng: np.linalg.qr(x.T)[0],
    "pinv": lambda x, rng: np.linalg.pinv(x),
    "multi_dot": lambda x, rng: np.linalg.multi_dot([x, x.T, x]),
}


def _put_together(x):
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    return (u * np.exp(-s)) @ vt


def _put_along_axis(x, rng):
    np.put_along_axis(x, np.argmax(x, axis=1)[:, None], 0.1, axis=1)
    return x


def _put(x):
    np.put(x, [0, 5], [0.1, 0.2])
    x.put([1], 7.5)
    return x


def _place(x):
    np.place(x, x > 0, [0.1, 0.2])
    return x


def _nan_statistics(x):
    return np.nanmax(x, axis=0) + np.nanmin(x) + np.nanvar(x, axis=0, ddof=0) + np.nanstd(x)


def _putmask(x):
    np.putmask(x, x > 0, 2 * x)
    return x


def _copyto(x):
    np.copyto(x, x[0], where=x < 0)
    return x


def _add_at(x):
    np.add.at(x, (np.array([0, 0, 2]), np.array([1, 1, 3])), x[0, :3])
    np.subtract.at(x, np.array([1, 1]), x[:2])
    return x


def _ufunc_at(ufunc, x):
    ufunc.at(x, np.array([1, 1, 0]), 0.3 * x)
    return x


def _fill_diagonal(x):
    np.fill_diagonal(x, 0.1)
    return x


def _slice_assigned(x):
    x[:, 1:] += x[:, :-1]
    x[0] = 0.1
    x[x > 1] *= 0.5
    return x


SQUARES = {
    "inv": lambda m, rng: np.linalg.inv(m),
    "solve": lambda m, rng: np.linalg.solve(m, m + 1),
    "solve for a vector": lambda m, rng: np.linalg.solve(m, m[0]) if m.ndim == 2 else m,
    "det": lambda m, rng: np.linalg.det(m),
    "slogdet": lambda m, rng: np.linalg.slogdet(m)[1],
    "cholesky": lambda m, rng: np.linalg.cholesky(m),
    "eigvalsh": lambda m, rng: np.linalg.eigvalsh(m),
    "eigh put together": lambda m, rng: _function_of(m),
    "matrix_power": lambda m, rng: np.linalg.matrix_power(m, int(rng.integers(-2, 4))),
}


def _function_of(m):
    values, vectors = np.linalg.eigh(m)
    return (vectors * np.log(values)[..., None, :]) @ np.swapaxes(vectors, -1, -2)


def symmetric(rng):
    shape = [(4, 4), (1, 1), (2, 3, 3)][rng.integers(3)]
    a = rng.normal(size=shape)
    return [a @ np.swapaxes(a, -1, -2) + 2 * np.eye(shape[-1])]


CASES = [
    *(pytest.param(f, on(v, *SHAPES), id=f"{n}, {v.__name__}") for n, f in REDUCTIONS.items() for v in (generic, tied)),
    *(
        pytest.param(f, on(v, *SHAPES[:5]), id=f"{n}, {v.__name__}")
        for n, f in NONEMPTY_REDUCTIONS.items()
        for v in (generic, tied)
    ),
    *(pytest.param(f, on(v, *SHAPES), id=f"{n}, {v.__name__}") for n, f in ARRANGING.items() for v in (generic, tied)),
    *(pytest.param(f, on(generic, (3, 4)), id=n) for n, f in MATRICES.items()),
    *(pytest.param(f, symmetric, id=n) for n, f in SQUARES.items()),
]


def run(function, arguments, seed, arithmetic):
    with computing(arithmetic, 256):
        lifted = [extended(a) if a.dtype.kind == "f" else wrap(a) for a in arguments]
        result = function(*lifted, np.random.default_rng(seed))
        shape = np.shape(stripped(result))
        if not isinstance(result, np.ndarray) or result.dtype.kind != "f":
            return shape, stripped(result), None
        return shape, to_float(result), decimals(result, 45)


@pytest.mark.parametrize(("function", "draw"), CASES)
def test_agrees_with_numpy_and_across_arithmetics(function, draw, request):
    first = zlib.crc32(request.node.callspec.id.encode())
    for seed in range(first, first + 8):
        arguments = draw(np.random.default_rng(seed))
        with np.errstate(all="ignore"):
            expected = np.asarray(function(*arguments, np.random.default_rng(seed)))
        shape, got, digits = run(function, arguments, seed, balls)
        assert shape == expected.shape
        if digits is None:
            assert got.dtype.kind == expected.dtype.kind
            assert np.array_equal(got, expected)
            continue
        scale = np.max(np.abs(expected), initial=1.0)
        assert np.allclose(got, expected, rtol=1e-13, atol=1e-14 * scale), (arguments, got, expected)
        _, _, again = run(function, arguments, seed, arbiter)
        assert_same_decimals(digits, again, scale)


def assert_same_decimals(one, other, scale):
    from mpmath import MPContext

    context = MPContext()
    context.prec = 300
    for a, b in zip(one, other, strict=True):
        difference = abs(context.mpf(a) - context.mpf(b))
        assert difference <= context.mpf(10) ** -40 * max(1, abs(context.mpf(b)), scale), (a, b)
