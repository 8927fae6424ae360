"""jax's own functions, and functions as people write them with jax: all differentiated by jax's rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
from jax import lax, nn
from jax import numpy as jnp
from jax.scipy import special

from backproof.engine.domains import Interval, Invertible, Labels, Nonzero, positive, positive_definite, unit_interval
from backproof.engine.options import Choice, Real
from backproof.engine.subjects import Subject
from backproof.engine.subjects.of_jax import jax_function

# Sizes are fixed where they do not matter: jax compiles every operation anew for each shape.
EACH, TWO, MATRIX, SQUARE = "(3)->(3)", "(3),(3)->(3)", "(2,3)->(2,3)", "(3,3)->(3,3)"

# Where their argument vanishes, jax's rule for square roots gives nan: a norm has no derivative there.
SINGULAR = {"at_kink": "any"}


def of(function: Callable[..., Any], signature: str = EACH, name: str = "", **declared: Any) -> Subject:
    return jax_function(function, signature, name=name or function.__name__, **declared)


# layers and losses as people write them -----------------------------------------------------------------


def layer_norm(x, scale, shift):
    mean = jnp.mean(x, -1, keepdims=True)
    variance = jnp.mean((x - mean) ** 2, -1, keepdims=True)
    return (x - mean) * lax.rsqrt(variance + 1e-5) * scale + shift


def rms_norm(x, scale):
    return x * lax.rsqrt(jnp.mean(jnp.square(x), -1, keepdims=True) + 1e-6) * scale


def batch_norm(x, scale):
    return (x - x.mean(0)) / jnp.sqrt(x.var(0) + 1e-3) * scale


def cross_entropy(logits, labels):
    return -jnp.take_along_axis(nn.log_softmax(logits), labels[:, None], axis=1)[:, 0]


def smoothed_cross_entropy(logits, labels):
    targets = nn.one_hot(labels, 3) * 0.9 + 0.1 / 3
    return -jnp.sum(targets * nn.log_softmax(logits), -1)


def focal_loss(logits, labels):
    p = nn.sigmoid(logits)
    p_true = jnp.where(labels == 1, p, 1 - p)
    return -((1 - p_true) ** 2) * jnp.log(p_true)


def huber(prediction, target, delta=1.0):
    size = jnp.abs(prediction - target)
    inside = jnp.minimum(size, delta)
    return 0.5 * inside**2 + delta * (size - inside)


def cosine_similarity(x, y):
    return jnp.sum(x * y, -1) / (jnp.linalg.norm(x, axis=-1) * jnp.linalg.norm(y, axis=-1))


def safe_norm(x):
    square = jnp.sum(x * x, -1)
    is_zero = square == 0
    return jnp.where(is_zero, 0.0, jnp.sqrt(jnp.where(is_zero, 1.0, square)))


def guarded_log(x):
    return jnp.where(x > 0, jnp.log(jnp.where(x > 0, x, 1.0)), x)


def attention(q, k, v):
    weights = nn.softmax(jnp.einsum("qd,kd->qk", q, k) / jnp.sqrt(q.shape[-1]), axis=-1)
    return weights @ v


def causal_attention(q, k, v):
    scores = jnp.where(jnp.tri(3, dtype=bool), q @ k.T, -jnp.inf)
    return nn.softmax(scores) @ v


# Bodies of loops and branches stand by themselves: jax compiles a new function anew each time.
def cell(carried, row):
    state, w = carried
    state = jnp.tanh(row + state @ w)
    return (state, w), state


def recurrent(x, w):
    return lax.scan(cell, (jnp.zeros(2), w), x)[1]


def damp(i, y):
    return y - 0.1 * jnp.sin(y) * i


def damped(x):
    return lax.fori_loop(0, 3, damp, x)


def cube(x):
    return x**3


def branching(x):
    return lax.cond(jnp.sum(x) > 0, jnp.sin, cube, x)


def embedded(table, places):
    return table[places]


def segments(x, places):
    return jax.ops.segment_sum(x, places, num_segments=3)


def updated(x, y):
    return x.at[1].multiply(y[0]).at[::2].add(y[1]).at[0].set(y[2])


def convolution(x, w):
    return lax.conv_general_dilated(x[None], w, (1, 2), "SAME", rhs_dilation=(1, 2))[0]


def transposed_convolution(x, w):
    return lax.conv_transpose(x[None], w, (2, 2), "VALID", dimension_numbers=("NCHW", "OIHW", "NCHW"))[0]


def max_pool(x):
    return lax.reduce_window(x, -jnp.inf, lax.max, (2, 2), (1, 1), "VALID")


def mean_pool(x):
    return lax.reduce_window(x, 0.0, lax.add, (2, 2), (1, 1), "SAME") / 4


def solved(a, b):
    return jnp.linalg.solve(a, b)


def sign_and_log(a):
    return jnp.linalg.slogdet(a)[1]


def log_likelihood(a, x):
    factor = jnp.linalg.cholesky(a)
    white = jax.scipy.linalg.solve_triangular(factor, x, lower=True)
    return -0.5 * jnp.sum(white**2) - jnp.sum(jnp.log(jnp.diagonal(factor)))


def inverted(a):
    return jnp.linalg.inv(a)


def weighted(x, y):
    return jax.vmap(lambda row: jnp.dot(row, y))(x)


@jax.checkpoint
def checkpointed(x):
    return jnp.exp(jnp.sin(x))


def squared_tanh(x):
    return jnp.tanh(x) ** 2


def second_order(x):
    return jax.vmap(jax.grad(squared_tanh))(x)


def heads(q, k, v):
    return nn.dot_product_attention(q[None], k[None], v[None])[0]


def largest_eigenvalue(a):
    return jnp.linalg.eigvalsh(a)[-1]


def spectrum(x):
    return jnp.abs(jnp.fft.rfft(x)) ** 2


def mixture(x):
    return special.logsumexp(x, axis=-1, b=jnp.array([0.5, 2.0, 1.0]))


ACTIVATIONS = [
    of(nn.relu, MATRIX),
    of(nn.relu6, domain={"x": Interval(-9, 9)}),
    *(
        of(f)
        for f in (nn.silu, nn.sigmoid, nn.softplus, nn.log_sigmoid, nn.soft_sign, nn.selu, nn.mish, nn.sparse_plus)
    ),
    *(of(f) for f in (nn.hard_tanh, nn.hard_sigmoid, nn.hard_silu, nn.squareplus, nn.sparse_sigmoid)),
    of(nn.gelu, options={"approximate": Choice((True, False))}),
    of(nn.elu, options={"alpha": Real(0.5, 2.0)}),
    of(nn.celu, options={"alpha": Real(0.5, 2.0)}),
    of(nn.leaky_relu, options={"negative_slope": Real(0.01, 0.5)}),
    of(nn.glu, "(2,4)->(2,2)"),
    of(nn.softmax, MATRIX, options={"axis": Choice((-1, 0))}),
    of(nn.log_softmax, MATRIX, options={"axis": Choice((-1, 0))}),
    of(nn.logsumexp, "(2,3)->()"),
    of(nn.standardize, MATRIX),
    of(nn.log1mexp, domain={"x": positive}),
]

SPECIAL_FUNCTIONS = [
    *(of(f) for f in (special.erf, special.erfc, special.expit, special.ndtr, special.log_ndtr)),
    of(special.gammaln, domain={"x": positive}),
    of(special.logit, domain={"x": unit_interval}),
    of(special.xlogy, TWO, domain={"y": positive}),
    of(special.xlog1py, TWO, domain={"y": positive}),
    of(special.entr, domain={"x": positive}),
    of(special.rel_entr, TWO, domain={"p": positive, "q": positive}),
    of(special.kl_div, TWO, domain={"p": positive, "q": positive}),
    of(mixture, "(2,3)->(2)"),
]

NUMPY = [
    of(jnp.sinc),
    of(jnp.logaddexp, TWO),
    of(jnp.logaddexp2, TWO),
    of(jnp.hypot, TWO),
    of(jnp.arctan2, TWO, domain={"x2": Nonzero()}),
    of(jnp.cbrt, domain={"x": Nonzero()}),
    of(jnp.cumsum, MATRIX, options={"axis": Choice((0, 1))}),
    of(jnp.cumprod, MATRIX, options={"axis": Choice((0, 1))}),
    of(jnp.sort, MATRIX, options={"axis": Choice((0, 1))}),
    of(jnp.median, "(4)->()"),
    of(jnp.prod, "(2,3)->()"),
    of(jnp.max, "(2,3)->()"),
    of(jnp.std, "(4)->()", options={"ddof": Choice((0, 1))}, **SINGULAR),
    of(jnp.clip, "(4)->(4)", options={"min": Choice((-1.0,)), "max": Choice((2.0,))}),
    of(jnp.outer, "(2),(3)->(2,3)"),
    of(jnp.kron, "(2,2),(1,2)->(2,4)"),
    of(jnp.cross, TWO),
    of(jnp.convolve, "(4),(2)->(5)"),
    of(jnp.linalg.norm, "(2,3)->()", options={"ord": Choice((None, "fro", 1, jnp.inf))}, **SINGULAR),
    of(jnp.linalg.matrix_power, SQUARE, options={"n": Choice((3,))}),
    of(jnp.linalg.det, "(3,3)->()", domain={"a": Invertible()}),
    of(sign_and_log, "(3,3)->()", domain={"a": Invertible()}),
    of(inverted, SQUARE, domain={"a": Invertible()}),
    of(solved, "(3,3),(3,2)->(3,2)", domain={"a": Invertible()}),
    of(jnp.linalg.cholesky, SQUARE, domain={"a": positive_definite}),
    of(log_likelihood, "(3,3),(3)->()", domain={"a": positive_definite}),
]

LAX = [
    *(of(f, MATRIX) for f in (lax.cummax, lax.cummin, lax.cumlogsumexp)),
    of(convolution, "(2,3,5),(3,2,2,2)->(3,3,3)"),
    of(transposed_convolution, "(2,2,3),(2,2,2,2)->(2,4,6)"),
    of(max_pool, "(3,3)->(2,2)"),
    of(mean_pool, "(3,3)->(3,3)"),
    of(recurrent, "(3,2),(2,2)->(3,2)"),
    *(of(f) for f in (damped, branching, checkpointed, second_order)),
    of(embedded, "(4,2),(3)->(3,2)", domain={"places": Labels(4)}),
    of(segments, "(4,2),(4)->(3,2)", domain={"places": Labels(3)}),
    of(updated, "(4,2),(3)->(4,2)"),
    of(weighted, "(2,3),(3)->(2)"),
]

COMPOSED = [
    of(layer_norm, "(2,3),(3),(3)->(2,3)"),
    of(rms_norm, "(2,3),(3)->(2,3)"),
    of(batch_norm, "(3,2),(2)->(3,2)"),
    of(cross_entropy, "(2,3),(2)->(2)", domain={"labels": Labels(3)}),
    of(smoothed_cross_entropy, "(2,3),(2)->(2)", domain={"labels": Labels(3)}),
    of(focal_loss, "(3),(3)->(3)", domain={"labels": Labels(2)}),
    of(huber, TWO, options={"delta": Real(0.5, 2.0)}),
    of(cosine_similarity, "(2,3),(2,3)->(2)", domain={"x": Nonzero(), "y": Nonzero()}),
    of(safe_norm, "(2,3)->(2)"),
    of(guarded_log),
    of(attention, "(2,3),(4,3),(4,2)->(2,2)"),
    of(causal_attention, "(3,2),(3,2),(3,2)->(3,2)"),
]

# Primitives that are not evaluated, in the forward itself or in what jax makes of it.
NATIVE = {
    "eigh": of(largest_eigenvalue, "(3,3)->()", domain={"a": positive_definite}),
    "bessel_i0e": of(special.i0e),
    "fft": of(spectrum, "(4)->(3)"),
}
VALUES = {
    "polygamma": of(special.digamma, domain={"x": Interval(0.1, 9)}),
}

# Constants that jax has rounded in a rule otherwise than the function has: 2 / sqrt(pi), log 2, a third.
UP_TO_CONSTANTS = {"gelu", "erf", "erfc", "ndtr", "log_ndtr", "logaddexp2", "cbrt"}

WILD = [*ACTIVATIONS, *SPECIAL_FUNCTIONS, *NUMPY, *LAX, *COMPOSED]
