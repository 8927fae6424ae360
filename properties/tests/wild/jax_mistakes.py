"""Custom derivatives of jax functions as people write them: a right rule, and the same rule with one mistake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
from jax import lax, nn
from jax import numpy as jnp
from jax.scipy.special import polygamma

from backproof.engine.domains import Interval, Labels, positive_definite
from backproof.engine.options import Choice, Real
from backproof.engine.subjects import Subject
from backproof.engine.subjects.of_jax import jax_function


@dataclass(frozen=True)
class Planted:
    """A right subject, a wrong one, and the mistake in words."""

    right: Subject
    wrong: Subject
    mistake: str


def _with_vjp(forward: Callable[..., Any], residuals: Any, backward: Any, still: tuple[int, ...] = ()) -> Any:
    """A function with a custom vjp; ``residuals(output, *arguments)`` is what the backward is handed."""
    function = jax.custom_vjp(forward, nondiff_argnums=still)

    def forwards(*arguments: Any) -> Any:
        output = forward(*arguments)
        return output, residuals(output, *arguments)

    function.defvjp(forwards, backward)
    return function


def planted(
    forward: Callable[..., Any],
    signature: str,
    right: Callable[..., Any],
    wrong: Callable[..., Any],
    mistake: str,
    residuals: Any = lambda output, *arguments: (output, *arguments),
    still: tuple[int, ...] = (),
    **declared: Any,
) -> Planted:
    """Two functions with custom vjps, one of them wrong."""
    name = forward.__name__
    return Planted(
        jax_function(_with_vjp(forward, residuals, right, still), signature, name=name, **declared),
        jax_function(_with_vjp(forward, residuals, wrong, still), signature, name=f"{name} (wrong)", **declared),
        mistake,
    )


def tanh(x):
    return jnp.tanh(x)


def sine(x):
    return jnp.sin(x)


def gaussian(x):
    return jnp.exp(-0.5 * jnp.square(x))


def affine(x, w, b):
    return x @ w + b


def affine_backward(kept, ct):
    _, x, w, _ = kept
    return ct @ w.T, x.T @ ct, ct.sum(0)


def product(a, b):
    return a @ b


def leaky(x):
    return jnp.where(x > 0, x, 0.2 * x)


def softmax(x):
    return nn.softmax(x)


def reduced_error(x, y, mean):
    error = (x - y) ** 2
    return jnp.mean(error) if mean else jnp.sum(error)


def reduced_error_backward(mean, kept, ct):
    _, x, y = kept
    by_x = 2 * ct * (x - y) / (x.size if mean else 1)
    return by_x, -by_x


def reduced_error_backward_wrong(mean, kept, ct):
    _, x, y = kept
    by_x = 2 * ct * (x - y)
    return by_x, -by_x


def cross_entropy(logits, labels):
    return -jnp.take_along_axis(nn.log_softmax(logits), labels[:, None], axis=1)[:, 0]


def cross_entropy_backward(kept, ct):
    _, logits, labels = kept
    return ct[:, None] * (nn.softmax(logits) - nn.one_hot(labels, logits.shape[1], dtype=logits.dtype)), None


def cross_entropy_backward_wrong(kept, ct):
    _, logits, labels = kept
    return ct[0] * (nn.softmax(logits) - nn.one_hot(labels, logits.shape[1], dtype=logits.dtype)), None


def rms_norm(x):
    return x * lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) + 0.125)


def rms_norm_backward(kept, ct, forgets=0):
    y, x = kept
    size = lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) + 0.125)
    return (size * (ct - (1 - forgets) * y * jnp.mean(ct * y, -1, keepdims=True)),)


def swish(x, beta):
    return x * nn.sigmoid(beta * x)


def swish_backward(kept, ct):
    _, x, beta = kept
    s = nn.sigmoid(beta * x)
    return ct * (s + beta * x * s * (1 - s)), jnp.sum(ct * x * x * s * (1 - s))


def swish_backward_wrong(kept, ct):
    _, x, beta = kept
    s = nn.sigmoid(beta * x)
    return ct * (s + x * s * (1 - s)), jnp.sum(ct * x * x * s * (1 - s))


def _softplus(slope: Callable[..., Any]) -> Any:
    function = jax.custom_jvp(lambda x: jnp.logaddexp(x, 0.0))
    function.defjvp(lambda at, along: (function(*at), along[0] * slope(*at)))
    return jax.jit(function)


def _scaled_tanh(wrong: bool) -> Any:
    @partial(jax.custom_jvp, nondiff_argnums=(1,))
    def scaled_tanh(x, scale):
        return jnp.tanh(scale * x)

    @scaled_tanh.defjvp
    def scaled_tanh_jvp(scale, at, along):
        y = scaled_tanh(*at, scale)
        return y, (1 if wrong else scale) * (1 - y * y) * along[0]

    return scaled_tanh


PLANTED = [
    planted(
        tanh,
        "(n)->(n)",
        lambda kept, ct: (ct * (1 - kept[0] ** 2),),
        lambda kept, ct: (-ct * (1 - kept[0] ** 2),),
        "the wrong sign",
    ),
    planted(
        gaussian,
        "(n)->(n)",
        lambda kept, ct: (-ct * kept[1] * kept[0],),
        lambda kept, ct: (-0.5 * ct * kept[1] * kept[0],),
        "forgets the factor 2 of the square",
    ),
    planted(
        affine,
        "(n,i),(i,o),(o)->(n,o)",
        affine_backward,
        lambda kept, ct: (*affine_backward(kept, ct)[:2], ct[0]),
        "takes the first row instead of the sum over all that b was added to",
    ),
    planted(
        product,
        "(n,n),(n,n)->(n,n)",
        lambda kept, ct: (ct @ kept[2].T, kept[1].T @ ct),
        lambda kept, ct: (ct @ kept[2], kept[1].T @ ct),
        "b is not transposed",
    ),
    planted(
        sine,
        "(n)->(n)",
        lambda kept, ct: (ct * jnp.cos(kept[1]),),
        lambda kept, ct: (jnp.cos(kept[1]),),
        "does not look at the cotangent",
    ),
    planted(
        leaky,
        "(n)->(n)",
        lambda kept, ct: (jnp.where(kept[1] > 0, ct, 0.2 * ct),),
        lambda kept, ct: (jnp.where(kept[1] > 0, ct, 0.0),),
        "wrong where x is negative",
    ),
    planted(
        tanh,
        "(n)->(n)",
        lambda kept, ct: (ct * (1 - kept[0] ** 2),),
        lambda kept, ct: (ct * (1 - kept[1] ** 2),),
        "keeps its input where the rule speaks of its output",
    ),
    planted(
        softmax,
        "(n,k)->(n,k)",
        lambda kept, ct: (kept[0] * (ct - jnp.sum(ct * kept[0], -1, keepdims=True)),),
        lambda kept, ct: (kept[0] * (1 - kept[0]) * ct,),
        "the diagonal of the Jacobian alone",
    ),
    planted(
        reduced_error,
        "(n),(n)->()",
        reduced_error_backward,
        reduced_error_backward_wrong,
        "wrong with mean=True alone",
        residuals=lambda output, x, y, mean: (output, x, y),
        still=(2,),
        options={"mean": Choice((False, True))},
    ),
    planted(
        cross_entropy,
        "(n,3),(n)->(n)",
        cross_entropy_backward,
        cross_entropy_backward_wrong,
        "the first row's cotangent for every row",
        domain={"labels": Labels(3)},
    ),
    planted(
        rms_norm,
        "(n,k)->(n,k)",
        rms_norm_backward,
        partial(rms_norm_backward, forgets=1),
        "as if the root mean square did not depend on x",
    ),
    planted(
        swish,
        "(n),()->(n)",
        swish_backward,
        swish_backward_wrong,
        "forgets beta in one of two terms",
    ),
    Planted(
        jax_function(_softplus(nn.sigmoid), "(n)->(n)", name="softplus"),
        jax_function(_softplus(lambda x: nn.sigmoid(-x)), "(n)->(n)", name="softplus (wrong)"),
        "a custom_jvp with the wrong side of the sigmoid",
    ),
    Planted(
        jax_function(_scaled_tanh(False), "(n)->(n)", name="scaled_tanh", options={"scale": Real(0.5, 2.0)}),
        jax_function(_scaled_tanh(True), "(n)->(n)", name="scaled_tanh (wrong)", options={"scale": Real(0.5, 2.0)}),
        "a custom_jvp that forgets the inner derivative",
    ),
]


def eigenvalue(a):
    return jnp.linalg.eigvalsh(a)[-1]


def digamma(x):
    return lax.digamma(x)


# Wrong by a factor, where primitives are not evaluated: in the forward, and in what the backward calls.
wrong_eigenvalue = jax_function(
    _with_vjp(
        eigenvalue,
        lambda output, a: a,
        lambda a, ct: (2 * ct * jnp.outer(*[jnp.linalg.eigh(a)[1][:, -1]] * 2),),
    ),
    "(3,3)->()",
    domain={"a": positive_definite},
)
wrong_digamma = jax_function(
    _with_vjp(digamma, lambda output, x: x, lambda x, ct: (2 * ct * polygamma(1, x),)),
    "(3)->(3)",
    domain={"x": Interval(0.1, 9)},
)
