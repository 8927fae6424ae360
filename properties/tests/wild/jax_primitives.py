"""For each primitive of jax that is evaluated: programs that use it, and arrays for them."""

from __future__ import annotations

from functools import partial

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp
from jax.ad_checkpoint import checkpoint_name

_SOURCE = np.random.default_rng(11)
X = _SOURCE.normal(size=(3, 4))
Y = _SOURCE.normal(size=(3, 4))
U = _SOURCE.uniform(0.1, 0.9, size=(3, 4))
SPECIAL = np.array([[1.5, -0.5, 2.5, -2.0], [0.0, 3.0, -1.5, 0.5]])
CUBE = _SOURCE.normal(size=(2, 3, 4))
N = np.array([[5, -7, 0, 3], [-2, 4, 9, -9]], dtype=np.int64)
M = np.array([[2, 3, 5, 0], [-3, -2, 4, 2]], dtype=np.int64)
B = np.array([[True, False, True, False], [False, False, True, True]])
C = np.array([[True, True, False, False], [False, True, False, True]])
SQUARE = _SOURCE.normal(size=(2, 4, 4)) + 4 * np.eye(4)
WIDE = _SOURCE.normal(size=(2, 4, 3))
IMAGE = _SOURCE.normal(size=(2, 4, 7, 6))
FILTERS = _SOURCE.normal(size=(6, 4, 3, 2))


def _both(function):
    """Of floats, and of integers."""
    return [(function, X, Y), (function, N, M)]


def _compared(function):
    return [(function, SPECIAL, np.flip(SPECIAL, 1)), (function, N, M), (function, X, X)]


def _logical(function):
    return [(function, B, C), (function, N, M)]


def _folded(function, start=0):
    return lambda x: lax.reduce(x, np.array(start, x.dtype), function, (1,))


def _convolved(**keywords):
    def run(image, filters):
        return lax.conv_general_dilated(image, filters, **{"window_strides": (1, 1), "padding": "VALID"} | keywords)

    return run


def _gathered(x, indices, numbers, sizes, mode):
    return lax.gather(x, indices, lax.GatherDimensionNumbers(**numbers), sizes, mode=mode)


_ROWS = {"offset_dims": (1,), "collapsed_slice_dims": (0,), "start_index_map": (0,)}
_BLOCKS = {"offset_dims": (0, 2), "collapsed_slice_dims": (), "start_index_map": (1, 0)}
_BATCHED = {
    "offset_dims": (),
    "collapsed_slice_dims": (1,),
    "start_index_map": (1,),
    "operand_batching_dims": (0,),
    "start_indices_batching_dims": (0,),
}
_PUT_ROWS = {"update_window_dims": (1,), "inserted_window_dims": (0,), "scatter_dims_to_operand_dims": (0,)}
ROWS = np.array([[2], [0], [2], [5], [-1]])
PLACES = np.array([[0, 1], [3, 0], [2, 2]])
COLUMNS = np.array([[[0], [3]], [[1], [1]], [[2], [0]]])
UPDATES = _SOURCE.normal(size=(5, 4))


def _scattered(scatter, **keywords):
    def run(x, indices, updates):
        return scatter(x, indices, updates, lax.ScatterDimensionNumbers(**_PUT_ROWS), **keywords)

    return [
        (run, X, ROWS[:4], UPDATES[:4]),
        (lambda x, i, u: scatter(x, i, u, lax.ScatterDimensionNumbers(**_PUT_ROWS), mode="clip"), X, ROWS[1:4], Y),
        (run, N, ROWS[1:2], M[:1]),
    ]


def _windows(function, start):
    def run(x):
        return lax.reduce_window(
            x, np.array(start, x.dtype), function, (2, 3), (1, 2), ((1, 0), (1, 2)), base_dilation=(2, 1)
        )

    def dilated(x):
        return lax.reduce_window(x, np.array(start, x.dtype), function, (2, 2), (1, 1), "VALID", None, (2, 1))

    return [(run, X), (dilated, X)]


def _pooled(function, start):
    def run(x):
        return lax.reduce_window(x, start, function, (2, 2), (1, 2), ((1, 0), (1, 1)))

    return run


def _halves_until_small(x):
    return lax.while_loop(lambda state: jnp.max(state[0]) > 0.3, lambda s: (s[0] / 2, s[1] + 1), (x, 0))


def _triangular(**keywords):
    return partial(lax.linalg.triangular_solve, **keywords)


@jax.custom_vjp
def custom_vjp(x):
    return jnp.sin(x)


custom_vjp.defvjp(lambda x: (jnp.sin(x), x), lambda x, ct: (ct * jnp.cos(x),))


@jax.custom_jvp
def custom_jvp(x):
    return jnp.sin(x)


custom_jvp.defjvp(lambda at, along: (jnp.sin(at[0]), along[0] * jnp.cos(at[0])))

CASES = {
    "add": _both(lax.add),
    "add_any": [(lambda x, ct: jax.vjp(lambda x: (x, x), x)[1]((ct, ct))[0], X, Y)],
    "sub": _both(lax.sub),
    "mul": _both(lax.mul),
    "div": _both(lax.div),
    "rem": _both(lax.rem),
    "neg": [(lax.neg, X), (lax.neg, N)],
    "pow": [(lax.pow, U, X), (lax.pow, X, np.array([[2, -1, 3, 0]] * 3))],
    "integer_pow": [(lambda x: lax.integer_pow(x, 3) + lax.integer_pow(x, -2), X), (lambda n: n**3, N)],
    "square": [(lax.square, X), (lax.square, N)],
    "sqrt": [(lax.sqrt, U)],
    "rsqrt": [(lax.rsqrt, U)],
    "cbrt": [(lax.cbrt, X)],
    "exp": [(lax.exp, X)],
    "exp2": [(lax.exp2, X)],
    "expm1": [(lax.expm1, X)],
    "log": [(lax.log, U)],
    "log1p": [(lax.log1p, U)],
    "logistic": [(lax.logistic, X)],
    "sin": [(lax.sin, X)],
    "cos": [(lax.cos, X)],
    "tan": [(lax.tan, X)],
    "asin": [(lax.asin, U)],
    "acos": [(lax.acos, U)],
    "atan": [(lax.atan, X)],
    "atan2": [(lax.atan2, X, Y)],
    "sinh": [(lax.sinh, X)],
    "cosh": [(lax.cosh, X)],
    "tanh": [(lax.tanh, X)],
    "asinh": [(lax.asinh, X)],
    "acosh": [(lax.acosh, 1 + U)],
    "atanh": [(lax.atanh, U)],
    "erf": [(lax.erf, X)],
    "erfc": [(lax.erfc, X)],
    "lgamma": [(lax.lgamma, U), (lax.lgamma, X)],
    "digamma": [(lax.digamma, U), (lax.digamma, X)],
    "abs": [(lax.abs, X), (lax.abs, N)],
    "max": _both(lax.max),
    "min": _both(lax.min),
    "sign": [(lax.sign, SPECIAL), (lax.sign, N)],
    "floor": [(lax.floor, SPECIAL)],
    "ceil": [(lax.ceil, SPECIAL)],
    "round": [
        (lambda x: lax.round(x, lax.RoundingMethod.TO_NEAREST_EVEN), SPECIAL),
        (lambda x: lax.round(x, lax.RoundingMethod.AWAY_FROM_ZERO), SPECIAL),
    ],
    "clamp": [(lambda x: lax.clamp(-0.5, x, 0.5), X), (lambda n: lax.clamp(-2, n, 4), N), (lax.clamp, X, U, Y)],
    "eq": _compared(lax.eq),
    "ne": _compared(lax.ne),
    "lt": _compared(lax.lt),
    "le": _compared(lax.le),
    "gt": _compared(lax.gt),
    "ge": _compared(lax.ge),
    "is_finite": [(lambda x: lax.is_finite(x / jnp.floor(x)), SPECIAL)],
    "and": _logical(lax.bitwise_and),
    "or": _logical(lax.bitwise_or),
    "xor": _logical(lax.bitwise_xor),
    "not": [(lax.bitwise_not, B), (lax.bitwise_not, N)],
    "shift_left": [(lax.shift_left, N, np.abs(M))],
    "shift_right_arithmetic": [(lax.shift_right_arithmetic, N, np.abs(M))],
    "shift_right_logical": [(lax.shift_right_logical, N, np.abs(M))],
    "population_count": [(lax.population_count, N)],
    "convert_element_type": [
        (lambda x: x.astype(np.int32), SPECIAL),
        (lambda x: x.astype(bool), SPECIAL),
        (lambda x: x.astype(float), B),
        (lambda x: x.astype(np.int8), N),
        (lambda x: x.astype(np.float32).astype(float), SPECIAL),
    ],
    "reduce_precision": [(lambda x: lax.reduce_precision(x, 11, 52), X)],
    "copy": [(lambda x: jnp.array(x, copy=True), X)],
    "stop_gradient": [(lax.stop_gradient, X)],
    "name": [(lambda x: checkpoint_name(x, "x"), X)],
    "device_put": [(lambda x: jax.device_put(x), X)],
    "optimization_barrier": [(lambda x, n: lax.optimization_barrier((x, n))[0], X, N)],
    # shapes ---------------------------------------------------------------------------------------------
    "pad": [
        (lambda x: lax.pad(x, np.array(7, x.dtype), ((1, 2, 0), (0, 1, 2))), X),
        (lambda x: lax.pad(x, np.array(7, x.dtype), ((-1, 2, 1), (3, -4, 0))), X),
        (lambda x: lax.pad(x, np.array(7, x.dtype), ((-2, -1, 1), (-1, -1, 3))), N),
    ],
    "broadcast_in_dim": [(lambda x: lax.broadcast_in_dim(x, (3, 2, 4, 5), (0, 2)), X)],
    "iota": [(lambda x: x + lax.broadcasted_iota(float, (3, 4), 1), X), (lambda n: lax.iota(int, 4) + n, N)],
    "reshape": [(lambda x: lax.reshape(x, (2, 6)), X), (lambda x: lax.reshape(x, (12,), (1, 0)), X)],
    "slice": [(lambda x: lax.slice(x, (1, 0), (3, 4), (1, 3)), X)],
    "select_n": [
        (lambda b: lax.select_n(b, jnp.ones((2, 4)), jnp.zeros((2, 4))), B),
        (lambda x, y: lax.select_n(x[0, 0] > 9, x, y), X, Y),
        (lambda x, y, n: lax.select_n(n, x, y, x * y), X[:2], Y[:2], np.array([[0, 1, 2, 1], [2, 2, 0, 1]])),
    ],
    "split": [(lambda x: lax.split(x, (1, 3), axis=1)[1], X)],
    "empty2": [(jax.grad(lambda x: jnp.sum(lax.cond(x[0, 0] > 0, lambda x: x, lambda x: x * x, x))), X)],
    "platform_index": [(lambda x: lax.platform_dependent(x, tpu=jnp.sin, cpu=jnp.cos, default=jnp.tan), X)],
    "squeeze": [(lambda x: lax.squeeze(x[:, :1], (1,)), X)],
    "transpose": [(lambda x: lax.transpose(x, (2, 0, 1)), CUBE)],
    "rev": [(lambda x: lax.rev(x, (0, 2)), CUBE)],
    "concatenate": [(lambda x, y: lax.concatenate([x, y], 1), X, Y), (lambda x, y: lax.concatenate([x, y], 0), N, M)],
    "tile": [(lambda x: lax.tile(x, (2, 3)), X)],
    # reductions -----------------------------------------------------------------------------------------
    "reduce_sum": [(lambda x: jnp.sum(x, (0, 2)), CUBE), (lambda n: jnp.sum(n, 1), N)],
    "reduce_prod": [(lambda x: jnp.prod(x, (0, 2)), CUBE)],
    "reduce_max": [(lambda x: jnp.max(x, (0, 2)), CUBE), (lambda n: jnp.max(n, 1), N)],
    "reduce_min": [(lambda x: jnp.min(x, (0, 2)), CUBE), (lambda n: jnp.min(n, 1), N)],
    "reduce_and": [(lambda b: jnp.all(b, 1), B)],
    "reduce_or": [(lambda b: jnp.any(b, 1), B)],
    "reduce_xor": [(lambda n: lax.reduce_xor(n, (1,)), N)],
    "argmax": [(lambda x: jnp.argmax(x, 1), X), (lambda n: jnp.argmax(n, 0), N)],
    "argmin": [(lambda x: jnp.argmin(x, 1), X), (lambda n: jnp.argmin(n, 0), N)],
    "reduce": [(_folded(lambda a, b: a * b, 1), X), (_folded(lambda a, b: b + a, 3), N), (_folded(lax.max, 0), X)],
    "cumsum": [(partial(lax.cumsum, axis=1), X), (partial(lax.cumsum, axis=0, reverse=True), X), (lax.cumsum, N)],
    "cumprod": [(partial(lax.cumprod, axis=1), X), (partial(lax.cumprod, axis=0, reverse=True), X)],
    "cummax": [(partial(lax.cummax, axis=1), X), (partial(lax.cummax, axis=0, reverse=True), X), (lax.cummax, N)],
    "cummin": [(partial(lax.cummin, axis=1), X), (partial(lax.cummin, axis=0, reverse=True), X), (lax.cummin, N)],
    "cumlogsumexp": [(partial(lax.cumlogsumexp, axis=1), X), (partial(lax.cumlogsumexp, axis=0, reverse=True), X)],
    "sort": [
        (partial(lax.sort, dimension=0), X),
        (lambda x, y: lax.sort((jnp.round(x), y), dimension=1, num_keys=1)[1], X, Y),
        (lambda n, x: lax.sort((n % 2, n, x), dimension=1, num_keys=2)[2], N, X[:2]),
    ],
    "top_k": [(lambda x: lax.top_k(x, 2)[0], X), (lambda x: lax.top_k(jnp.round(x), 3)[1], X)],
    # products and windows ---------------------------------------------------------------------------------
    "dot_general": [
        (lambda x, y: x @ y.T, X, Y),
        (lambda a, b: jnp.einsum("nij,njk->nik", a, b), SQUARE, WIDE),
        (lambda a, b: lax.dot_general(a, b, (((2,), (0,)), ((0,), (2,)))), CUBE, _SOURCE.normal(size=(4, 5, 2))),
        (lambda a, b: lax.dot_general(a, b, (((0, 1), (1, 0)), ((), ()))), CUBE, _SOURCE.normal(size=(3, 2, 5))),
        (lambda a, b: a @ b.T, N, M),
    ],
    "conv_general_dilated": [
        (_convolved(), IMAGE, FILTERS),
        (_convolved(window_strides=(2, 1), padding=((1, 2), (0, 3)), rhs_dilation=(2, 3)), IMAGE, FILTERS),
        (_convolved(padding=((2, -1), (-1, 1)), lhs_dilation=(2, 3)), IMAGE, FILTERS),
        (_convolved(feature_group_count=2), IMAGE, FILTERS[:, :2]),
        (_convolved(batch_group_count=2), IMAGE, FILTERS),
        (
            _convolved(dimension_numbers=("NHWC", "HWIO", "HWNC"), padding="SAME"),
            IMAGE.transpose(0, 2, 3, 1),
            FILTERS.transpose(2, 3, 1, 0),
        ),
    ],
    "reduce_window_sum": _windows(lax.add, 0),
    "reduce_window_max": _windows(lax.max, -np.inf),
    "reduce_window_min": _windows(lax.min, np.inf),
    "reduce_window": _windows(lax.mul, 1),
    "select_and_scatter_add": [
        (lambda x, ct: jax.vjp(_pooled(lax.max, -np.inf), x)[1](ct)[0], X, Y[:, :3]),
        (lambda x, ct: jax.vjp(_pooled(lax.min, np.inf), x)[1](ct)[0], X, Y[:, :3]),
    ],
    "select_and_gather_add": [
        (lambda x, t: jax.jvp(_pooled(lax.max, -np.inf), (x,), (t,))[1], X, Y),
        (lambda x, t: jax.jvp(_pooled(lax.min, np.inf), (x,), (t,))[1], X, Y),
    ],
    # indexing ---------------------------------------------------------------------------------------------
    "gather": [
        (lambda x, i: jnp.asarray(x)[i[:, 0]], X, ROWS),
        (lambda x, i: _gathered(x, i, _ROWS, (1, 4), "fill"), X, ROWS),
        (lambda x, i: _gathered(x, i, _ROWS, (1, 4), "fill"), N, ROWS),
        (lambda x, i: _gathered(x, i, _ROWS, (1, 3), "clip"), X, ROWS),
        (lambda x, i: _gathered(x, i, _BLOCKS, (2, 2), "clip"), X, PLACES),
        (lambda x, i: _gathered(x, i, _BLOCKS, (2, 2), "fill"), X, PLACES),
        (lambda x, i: _gathered(x, i, _BATCHED, (1, 1), "clip"), X, COLUMNS),
        (lambda x, i: jnp.take_along_axis(x, i[..., 0], 1), X, COLUMNS),
    ],
    "scatter": [
        (lambda x, i, u: jnp.asarray(x).at[i[:, 0]].set(u), X, ROWS[[0, 1, 3]], UPDATES[:3]),
        (lambda x, u: jnp.asarray(x).at[1:, 2].set(u), X, UPDATES[0, :2]),
    ],
    "scatter-add": [
        *_scattered(lax.scatter_add),
        (lambda x, i, u: jnp.asarray(x).at[i[..., 0], i[..., 0]].add(u), X, COLUMNS % 3, UPDATES[:3, :2]),
        (lambda x, ct: jax.vjp(lambda x: jnp.take_along_axis(x, COLUMNS[..., 0], 1), x)[1](ct)[0], X, UPDATES[:3, :2]),
    ],
    "scatter-sub": _scattered(lax.scatter_sub),
    "scatter-mul": _scattered(lax.scatter_mul),
    "scatter-min": _scattered(lax.scatter_min),
    "scatter-max": _scattered(lax.scatter_max),
    "dynamic_slice": [
        (lambda x, n: lax.dynamic_slice(x, (n[0, 0], n[1, 0]), (2, 3)), X, M),
        (lambda x, n: lax.dynamic_slice(x, (n[0, 3], n[0, 1]), (2, 3)), X, M),
    ],
    "dynamic_update_slice": [(lambda x, y, n: lax.dynamic_update_slice(x, y, (n[0, 0], n[0, 3])), X, Y[:2, :3], M)],
    # factorizations ---------------------------------------------------------------------------------------
    "lu": [(lambda a: lax.linalg.lu(a)[0], SQUARE[:, ::-1]), (lambda a: lax.linalg.lu(a)[2], SQUARE[:, ::-1])],
    "lu_pivots_to_permutation": [
        (lambda n: lax.linalg.lu_pivots_to_permutation(n, 5), np.array([[1, 4, 2], [0, 3, 4]], dtype=np.int32))
    ],
    "cholesky": [(lambda a: jnp.linalg.cholesky(a @ jnp.swapaxes(a, 1, 2)), SQUARE)],
    "triangular_solve": [
        (_triangular(left_side=True, lower=True), SQUARE, WIDE),
        (_triangular(left_side=True, lower=False, transpose_a=True), SQUARE, WIDE),
        (_triangular(left_side=False, lower=True, unit_diagonal=True), SQUARE, WIDE.transpose(0, 2, 1)),
        (_triangular(left_side=False, lower=False, transpose_a=True), SQUARE, WIDE.transpose(0, 2, 1)),
    ],
    # control ------------------------------------------------------------------------------------------------
    "jit": [(jax.jit(lambda x: jnp.sin(x) * 2), X)],
    "remat2": [(jax.checkpoint(jnp.sin), X), (jax.grad(lambda x: jnp.sum(jax.checkpoint(jnp.sin)(jnp.sin(x)))), X)],
    "custom_jvp_call": [(custom_jvp, X)],
    "custom_vjp_call": [(custom_vjp, X)],
    "cond": [
        (lambda x: lax.cond(x[0, 0] > 0, jnp.sin, jnp.cos, x), X),
        (lambda n, x: lax.switch(n[0, 0], [jnp.sin, jnp.cos, jnp.tan], x), N, X),
        (lambda n, x: lax.switch(n[0, 1], [jnp.sin, jnp.cos, jnp.tan], x), N, X),
    ],
    "while": [(lambda x: _halves_until_small(x)[0], X), (lambda x: _halves_until_small(x)[1], X)],
    "scan": [
        (lambda x: lax.scan(lambda c, row: (c * row, c + row), jnp.ones(4), x)[1], X),
        (lambda x: lax.scan(lambda c, row: (c * row, c + row), jnp.ones(4), x, reverse=True)[1], X),
        (lambda x: lax.scan(lambda c, _: (jnp.sin(c), None), x, length=3)[0], X),
        (lambda x: lax.scan(lambda c, row: (c, row), jnp.ones(4), x[:0])[1], X),
    ],
    "custom_linear_solve": [(lambda a, b: jnp.linalg.solve(a, b), SQUARE, WIDE)],
}
