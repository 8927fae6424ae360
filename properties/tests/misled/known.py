"""Mistakes that have a name: the pullback, what the diagnosis must be of, and words that it must contain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from backproof.engine.domains import Interval, Labels, Mask, Nonzero, one_hot, positive
from backproof.engine.options import Choice, Real
from backproof.engine.subjects import Subject, pullback


@dataclass(frozen=True)
class Mistake:
    signature: str
    operation: Callable[..., Any]
    kind: str
    words: tuple[str, ...] = ()
    declared: dict[str, Any] = field(default_factory=dict)
    caught_by: str = "vjp_matches_differences"

    @property
    def is_rare(self) -> bool:
        """Whether few points show it."""
        return self.needs_shrinking or any(" is 0" in word for word in self.words)

    @property
    def needs_shrinking(self) -> bool:
        """Whether only a point where little else happens shows it."""
        return self.kind in ("at_kink", "region_not_finite")

    @property
    def subject(self) -> Subject:
        return pullback(self.operation, self.signature, name=self.operation.__name__, **self.declared)


KNOWN: list[Mistake] = []


def into(mistakes):
    """The decorator that adds a mistake to a list, with what is to be said of it."""

    def named(signature, kind, *words, caught_by="vjp_matches_differences", **declared):
        def add(operation):
            mistakes.append(Mistake(signature, operation, kind, words, declared, caught_by))
            return operation

        return add

    return named


known = into(KNOWN)


AFFINE = "(n,i),(i,o),(o)->(n,o)"


def affine(x, w, b, /, **changed):
    def pull(ct):
        right = {"x": lambda: ct @ w.T, "w": lambda: x.T @ ct, "b": lambda: ct.sum(axis=0)}
        return tuple(changed[name](ct) if name in changed else made() for name, made in right.items())

    return x @ w + b, pull


@known(AFFINE, "sign", "for b", "wrong sign")
def affine_sign(x, w, b):
    return affine(x, w, b, b=lambda ct: -ct.sum(axis=0))


@known(AFFINE, "constant_factor", "for w", "2 times too large")
def affine_twice(x, w, b):
    return affine(x, w, b, w=lambda ct: 2 * x.T @ ct)


@known(AFFINE, "constant_factor", "for w", "3 times too small and has the wrong sign")
def affine_third(x, w, b):
    return affine(x, w, b, w=lambda ct: -x.T @ ct / 3)


@known(AFFINE, "size_factor", "for b", "n times too small", "mean over n")
def affine_mean(x, w, b):
    return affine(x, w, b, b=lambda ct: ct.mean(axis=0))


@known(AFFINE, "size_factor", "for w", "n times too small", "mean over n")
def affine_batch(x, w, b):
    return affine(x, w, b, w=lambda ct: x.T @ ct / len(x))


@known(AFFINE, "size_factor", "for x", "o times too large", "axis 1 of w")
def affine_width(x, w, b):
    return affine(x, w, b, x=lambda ct: ct @ w.T * w.shape[1])


@known(AFFINE, "only_part", "for b", "first entry of ct along axis 0 (n)")
def affine_first(x, w, b):
    return affine(x, w, b, b=lambda ct: ct[0])


@known(AFFINE, "missing_sum", "for b", "not summed over n (axis 0)")
def affine_unsummed(x, w, b):
    return affine(x, w, b, b=lambda ct: ct)


@known(AFFINE, "shape", "for b", "right numbers in another shape")
def affine_wrong_axis_kept(x, w, b):
    return affine(x, w, b, b=lambda ct: ct.sum(axis=0, keepdims=True))


@known(AFFINE, "transposed", "for w", "transposed")
def affine_transposed(x, w, b):
    return affine(x, w, b, w=lambda ct: ct.T @ x)


@known("(n,n),(n,n)->(n,n)", "operand_transposed", "for x", "w.T")
def square_operand(x, w):
    return x @ w, lambda ct: (ct @ w, x.T @ ct)


@known("(n,n),(n,n)->(n,n)", "transposed", "for w", "transposed")
def square_result(x, w):
    return x @ w, lambda ct: (ct @ w.T, ct.T @ x)


@known("(n),(n)->(n)", "swapped", "a and b have changed places")
def swapped(a, b):
    return a * a * b, lambda ct: (ct * a * a, 2 * ct * a * b)


@known("(n,d),(n,d)->(n)", "swapped", "for b", "is that for a")
def returned_twice(a, b):
    return np.sum(a**2 * b, axis=1), lambda ct: (2 * ct[:, None] * a * b, 2 * ct[:, None] * a * b)


@known(AFFINE, "zero", "for b", "always zero")
def affine_zero(x, w, b):
    return affine(x, w, b, b=lambda ct: np.zeros_like(b))


@known(AFFINE, "none", "for b", "None")
def affine_none(x, w, b):
    return affine(x, w, b, b=lambda ct: None)


@known("(n,d),(d)->(n,d)", "missing_factor", "for x", "gamma")
def scale_forgotten(x, gamma):
    return x * gamma, lambda ct: (ct.copy(), np.sum(ct * x, axis=0))


@known("(n)->(n)", "missing_factor", "(1 + y)", "output")
def tanh_unsquared(x):
    y = np.tanh(x)
    return y, lambda ct: ct * (1 - y)


@known("(n,i),(i,o)->(n,o)", "missing_factor", "(1 + y)", "same holds for w")
def dense_tanh(x, w):
    y = np.tanh(x @ w)

    def pull(ct):
        d = ct * (1 - y)
        return d @ w.T, x.T @ d

    return y, pull


@known("(n)->(n)", "missing_factor", "lacks", "(1 - y)")
def sigmoid_half(x):
    y = 1 / (1 + np.exp(-x))
    return y, lambda ct: ct * y


@known("(n)->(n)", "output_for_input", "the output in the place of x")
def sine_of_output(x):
    y = np.sin(x) + x
    return y, lambda ct: ct * (np.cos(y) + 1)


@known("(n)->(n)", "forward_value", "the function, not its derivative")
def forward_returned(x):
    y = np.sin(x) * x
    return y, lambda ct: ct * y


@known("(n)->(n)", "identity", "ct itself")
def straight_through(x):
    return np.sin(x) * x, lambda ct: ct.copy()


@known("(n)->(n)", "region_sign", "wrong sign where x < 0")
def abs_like(x):
    return np.where(x < 0, -2 * x, x), lambda ct: np.where(x < 0, 2 * ct, ct)


@known("(n)->(n)", "region_zero", "x < 0")
def leaky_zero(x):
    return np.where(x > 0, x, x / 4), lambda ct: np.where(x > 0, ct, 0 * ct)


@known("(n)->(n)", "region_should_be_zero", "x is above 1")
def relu6(x):
    y = np.minimum(np.maximum(x, 0), 1)
    return y, lambda ct: ct * (x > 0)


@known("(n),(n)->(n)", "region_should_be_zero", "keep is False", domain={"keep": Mask()})
def masked(x, keep):
    return np.where(keep, x, 0), lambda ct: (ct, None)


@known("(n,d)->(n,d)", "off_diagonal", "in its own place")
def softmax_diagonal(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    s = e / e.sum(axis=1, keepdims=True)
    return s, lambda ct: ct * s * (1 - s)


@known("(n,d)->(n,d)", "missing_term", "sum")
def softmax_unprojected(z):
    e = np.exp(z)
    s = e / np.sum(e, axis=1, keepdims=True)
    return s, lambda ct: ct * s


@known("(n)->(n)", "missing_term", "path through")
def swish_term(x):
    s = 1 / (1 + np.exp(-x))
    return x * s, lambda ct: ct * s


@known("(n,d)->(n,d)", "mean_not_subtracted", "mean", "axis 1 (d)")
def centred(x):
    return x - np.mean(x, axis=1, keepdims=True), lambda ct: ct.copy()


@known("(n,c),(c),(c)->(n,c)", "missing_term", "for x", "mean", options={"eps": Real(0.0, 1.0)})
def batch_norm_statistics_constant(x, gamma, beta, eps=1e-5):
    mu = np.mean(x, axis=0)
    r = np.sqrt(np.mean((x - mu) ** 2, axis=0) + eps)
    z = (x - mu) / r
    return gamma * z + beta, lambda ct: (ct * gamma / r, np.sum(ct * z, axis=0), np.sum(ct, axis=0))


@known("(n,c),(c),(c)->(n,c)", "mean_not_subtracted", "for x", "axis 0 (n)", options={"eps": Real(0.0, 1.0)})
def batch_norm_without_mean(x, gamma, beta, eps=1e-5):
    mu = np.mean(x, axis=0)
    centred = x - mu
    r = np.sqrt(np.mean(centred**2, axis=0) + eps)
    z = centred / r

    def pull(ct):
        d = ct * gamma
        return (d - z * np.mean(d * z, axis=0)) / r, np.sum(ct * z, axis=0), np.sum(ct, axis=0)

    return gamma * z + beta, pull


@known("(n,c),(c)->(n,c)", "missing_term", "for x", "path through", options={"eps": Real(0.0, 1.0)})
def rms_norm_term(x, g, eps=1e-5):
    r = np.sqrt(np.mean(x**2, axis=1, keepdims=True) + eps)
    return g * x / r, lambda ct: (ct * g / r, np.sum(ct * x / r, axis=0))


@known("(n,d)->(n)", "option_ignored", "eps", options={"eps": Real(0.0, 1.0)})
def norm_eps(x, eps=1e-3):
    y = np.sqrt(np.sum(x**2, axis=1) + eps)
    return y, lambda ct: (ct / np.sqrt(np.sum(x**2, axis=1)))[:, None] * x


@known("(n)->()", "option_ignored", "reduction", "'sum'", options={"reduction": Choice(("mean", "sum"))})
def squares(x, reduction="mean"):
    y = np.mean(x**2) if reduction == "mean" else np.sum(x**2)
    return y, lambda ct: 2 * ct * x


@known("(n)->(n)", "value_factor", "lacks the factor gain", options={"gain": Real(0.5, 2.0)})
def gained(x, gain=1.0):
    y = np.tanh(gain * x)
    return y, lambda ct: ct * (1 - y**2)


@known("(n,d),(n,d)->()", "size_factor", "n times too large", "axis 0 of p")
def mse_rows(p, t):
    n, d = p.shape
    return np.mean((p - t) ** 2), lambda ct: (2 * ct * (p - t) / d, -2 * ct * (p - t) / (n * d))


@known("(n,d),(n,d)->()", "constant_factor", "2 times too small", "same holds for t")
def mse_half(p, t):
    return np.mean((p - t) ** 2), lambda ct: (ct * (p - t) / p.size, -ct * (p - t) / p.size)


@known("(n,d),(n,d)->()", "ignores_cotangent", "ct is 1", constants=["t"])
def mse_without_ct(p, t):
    return np.mean((p - t) ** 2), lambda ct: 2 * (p - t) / p.size


@known("(n,c),(n)->()", "size_factor", "for z", "n times too large", domain={"labels": Labels("c")})
def cross_entropy_unscaled(z, labels):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    y = -np.mean(np.log(p[rows, labels]))

    def pull(ct):
        d = p.copy()
        d[rows, labels] -= 1
        return ct * d, None

    return y, pull


@known("(n)->(n)", "not_linear", "ct**2")
def squared_ct(x):
    return np.sin(x), lambda ct: np.cos(x) * ct**2


@known("(n)->(n)", "not_linear", "clip(ct, -1, 1)")
def clipped_ct(x):
    return np.sin(x), lambda ct: np.cos(x) * np.clip(ct, -1, 1)


@known("(n)->(n)", "offset", "does not depend on ct")
def weight_decay(x):
    return np.sin(x), lambda ct: np.cos(x) * ct + 0.1 * x


@known("(v,d),(n)->(n,d)", "last_repeat", "words", "repeat", domain={"words": Labels("v")})
def embedding(table, words):
    def pull(ct):
        d = np.zeros_like(table)
        d[words] += ct
        return d, None

    return table[words], pull


@known("(n),(k)->(n)", "flipped", "for w", "reverse order")
def convolution(x, w):
    def pull(ct):
        dx = sum((np.roll(ct, -i) * each for i, each in enumerate(w)), start=np.zeros_like(x))
        dw = [np.sum(np.roll(x, i) * ct) for i in range(len(w))]
        return dx, np.array(dw[::-1]) if dw else np.zeros_like(w)

    return sum((np.roll(x, i) * each for i, each in enumerate(w)), start=np.zeros_like(x)), pull


@known("(q,d),(k,d),(k,e)->(q,e)", "size_factor", "for q", "sqrt(d) times too large", "same holds for k")
def attention_scale(q, k, v):
    d = q.shape[1]
    s = q @ k.T / np.sqrt(d)
    e = np.exp(s - s.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)

    def pull(ct):
        dp = ct @ v.T
        ds = p * (dp - np.sum(dp * p, axis=1, keepdims=True))
        return ds @ k, ds.T @ q, p.T @ ct

    return p @ v, pull


@known("(q,d),(k,d),(k,e)->(q,e)", "missing_term", "for q", "path through")
def attention_softmax(q, k, v):
    s = q @ k.T
    e = np.exp(s)
    p = e / np.sum(e, axis=1, keepdims=True)

    def pull(ct):
        ds = p * (ct @ v.T)
        return ds @ k, ds.T @ q, p.T @ ct

    return p @ v, pull


@known("(n,d)->(d)", "size_factor", "n times")
def column_sum(x):
    return np.sum(x**3, axis=0), lambda ct: 3 * x**2 * ct / len(x)


@known("(n,d)->(n,d)", "extra_sum", "summed over axis 1 (d)")
def elementwise_summed(x):
    return x**3, lambda ct: np.broadcast_to(np.sum(3 * x**2 * ct, axis=1, keepdims=True), x.shape).copy()


@known("(n,d)->(n,d)", "region_zero", "index along axis 0 (n) is the last")
def last_row_forgotten(x):
    def pull(ct):
        d = 3 * x**2 * ct
        d[len(d) - 1 :] = 0
        return d

    return x**3, pull


@known("(n),(n)->(n)", "extra_factor", "for a", "a factor b too many", domain={"b": Nonzero()})
def quotient(a, b):
    return a / b, lambda ct: (ct.copy(), -ct * a / b**2)


@known("(n)->(n)", "raises", "ValueError")
def raising(x):
    def pull(ct):
        raise ValueError("not yet")

    return x**2, pull


@known("(n,d)->(n)", "extra_sum", "for x", "summed over axis 1")
def row_norm(x):
    return np.sum(x**2, axis=1), lambda ct: np.sum(2 * x * ct[:, None], axis=1)


@known("(n)->(n)", "at_kink", "kink")
def doubled_at_zero(x):
    return np.maximum(x, 0), lambda ct: ct * ((x > 0) + 2.0 * (x == 0))


@known("(n,c),(n)->(n,c)", "region_should_be_zero", "mask is False", domain={"mask": Mask()})
def mask_of_rows_forgotten(x, mask):
    return np.sin(x) * mask[:, None], lambda ct: (ct * np.cos(x), None)


@known("(n)->(n)", "region_not_finite", "x is 0", caught_by="finite_where_differentiable")
def sign_by_division(x):
    return x * np.abs(x), lambda ct: ct * 2 * x * x / np.abs(x)


@known("(n,d),(n)->()", "size_factor", "n times", domain={"x": Interval(0.1, 3.0)})
def weighted_log(x, w):
    return np.mean(w[:, None] * np.log(x)), lambda ct: (
        ct * w[:, None] / x / x.shape[1],
        ct * np.mean(np.log(x), axis=1) / len(w),
    )


@known("(n,c),(n,c)->()", "region_should_be_zero", "for p", "t is 0", domain={"p": positive, "t": one_hot})
def one_hot_forgotten(p, t):
    return -np.sum(t * np.log(p)), lambda ct: (-ct / p, None)


@known("(n),(n)->(n)", "wrong_operand", "for a", "in the place of")
def wrong_operand(a, b):
    return np.sin(a) * np.exp(b), lambda ct: (ct * np.cos(b) * np.exp(b), ct * np.sin(a) * np.exp(b))


@known("(n),(n)->(n)", "operand_left_out", "for a", "b is 0")
def left_out(a, b):
    return np.sin(a + b), lambda ct: (ct * np.cos(a), ct * np.cos(a + b))


@known("(n,d),(m,d)->(n,m)", "size_factor", "for q is 0.125 * sqrt(d) times what it should be", "same holds for k")
def a_number_for_a_root(q, k):
    return q @ k.T / np.sqrt(max(q.shape[1], 1)), lambda ct: (ct @ k * 0.125, ct.T @ q * 0.125)


@known("(n,d)->(n)", "size_factor", "is 0.25 * d times what it should be")
def a_number_for_a_size(x):
    return np.sin(x).sum(axis=1) / max(x.shape[1], 1), lambda ct: ct[:, None] * np.cos(x) / 4
