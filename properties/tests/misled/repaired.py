"""Mistakes that one change in the pullback mends: a transposed operand, another axis, a conjugate, another array."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Invertible
from backproof.engine.options import Real
from backproof.properties.tests.misled.known import Mistake, into

REPAIRED: list[Mistake] = []
repaired = into(REPAIRED)

SQUARE = "(n,n),(n,n)->(n,n)"


@repaired(SQUARE, "operand_transposed", "for w", "`x.T @ ct` in the place of `x @ ct`")
def left_operand(x, w):
    return x @ w, lambda ct: (ct @ w.T, x @ ct)


@repaired(SQUARE, "operand_transposed", "for x", "`ct @ w.T` in the place of `w.T @ ct`")
def on_the_wrong_side(x, w):
    return x @ w, lambda ct: (w.T @ ct, x.T @ ct)


@repaired("(n,n),(n,n),(n,n)->(n,n)", "operand_transposed", "`(a.T @ ct) @ b.T` in the place of `(b.T @ ct) @ a.T`")
def sandwich(x, a, b):
    return a @ x @ b, lambda ct: (b.T @ ct @ a.T, ct @ (x @ b).T, (a @ x).T @ ct)


@repaired("(n,n),(n,n),(n,n)->(n,n)", "operand_transposed", "`(a.T @ ct) @ b.T` in the place of `(a @ ct) @ b`")
def sandwich_untransposed(x, a, b):
    return a @ x @ b, lambda ct: (a @ ct @ b, ct @ (x @ b).T, (a @ x).T @ ct)


@repaired(SQUARE, "operand_transposed", "for x", "w.T)` in the place of")
def with_einsum(x, w):
    return x @ w, lambda ct: (np.einsum("ij,jk->ik", ct, w), np.einsum("ij,ik->jk", x, ct))


@repaired("(b,h),(h,h),(b,h)->(b,h)", "operand_transposed", "for h", "@ w.T`")
def recurrent_cell(h, w, x):
    y = np.tanh(h @ w + x)

    def pull(ct):
        d = ct * (1 - y**2)
        return d @ w, h.T @ d, d

    return y, pull


@repaired(
    "(n,n),(n,k)->(n,k)", "operand_transposed", "`solve(a.T, ct)`", "same holds for b", domain={"a": Invertible()}
)
def solving(a, b):
    y = np.linalg.solve(a, b)

    def pull(ct):
        g = np.linalg.solve(a, ct)
        return -g @ y.T, g

    return y, pull


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@repaired("(n,d)->(n,d)", "wrong_axis", "`sum(ct * y, axis=1, keepdims=True)` in the place of `sum(ct * y, axis=0)`")
def softmax_over_columns(z):
    s = softmax(z)
    return s, lambda ct: s * (ct - (ct * s).sum(axis=0))


@repaired("(n,d)->(n,d)", "wrong_axis", "in the place of `sum(ct * y)`")
def softmax_over_all(z):
    s = softmax(z)
    return s, lambda ct: s * (ct - np.sum(ct * s))


@repaired("(n,d)->(n,d)", "mean_and_sum", "`sum(ct * y, axis=1, keepdims=True)` in the place of `mean(ct * y")
def mean_for_a_sum(z):
    s = softmax(z)
    return s, lambda ct: s * (ct - (ct * s).mean(axis=1, keepdims=True))


@repaired("(n,d)->(n,d)", "number_for_size", "/ d` in the place of", "/ 4`")
def a_number_for_a_size_in_one_term(x):
    return x * np.mean(
        x, axis=1, keepdims=True
    ), lambda ct: ct * np.mean(x, axis=1, keepdims=True) + (ct * x).sum(axis=1, keepdims=True) / 4


@repaired("(n,d)->(n)", "wrong_axis", "`sum(exp(x), axis=1, keepdims=True)` in the place of `sum(exp(x), axis=0)`")
def logsumexp_normalizer(x):
    return np.log(np.exp(x).sum(axis=1)), lambda ct: ct[:, None] * np.exp(x) / np.exp(x).sum(axis=0)


def layer_norm(x, g, eps, inside, scale):
    centred = x - x.mean(axis=1, keepdims=True)
    r = 1 / np.sqrt((centred**2).mean(axis=1, keepdims=True) + eps)
    z = centred * r

    def pull(ct):
        d = ct * g
        return r * (d - d.mean(axis=inside, keepdims=True) - z * (d * z).mean(axis=scale, keepdims=True)), (ct * z).sum(
            axis=0
        )

    return g * z, pull


@repaired("(n,d),(d)->(n,d)", "wrong_axis", "for x", "`mean(ct * g, axis=1", " and ", options={"eps": Real(0.0, 1.0)})
def layer_norm_over_rows(x, g, eps=1e-5):
    return layer_norm(x, g, eps, 0, 0)


@repaired("(n,d),(d)->(n,d)", "wrong_axis", "for x", "axis=1", "axis=0", options={"eps": Real(0.0, 1.0)})
def layer_norm_half_over_rows(x, g, eps=1e-5):
    return layer_norm(x, g, eps, 1, 0)


@repaired("(n)->(n)", "conjugate", "`ct * conj(fft(x))` in the place of `ct * fft(x)`", "missing")
def power_spectrum(x):
    z = np.fft.fft(x)
    return np.abs(z) ** 2, lambda ct: 2 * np.fft.fft(ct * z).real


@repaired("(n)->(n)", "conjugate", "`fft(x)` in the place of `conj(fft(x))`", "too many")
def squared_spectrum(x):
    z = np.fft.fft(x)
    return np.real(z * z), lambda ct: 2 * np.fft.fft(ct * np.conj(z)).real


@repaired("(n),(n),(m,n),(m,n)->(m)", "conjugate", "missing", "same holds for im", constants=["are", "aim"])
def complex_matrix(re, im, are, aim):
    a = are + 1j * aim
    y = a @ (re + 1j * im)

    def pull(ct):
        g = a.T @ (2 * ct * y)
        return g.real, g.imag, None, None

    return np.abs(y) ** 2, pull


@repaired("(n),(n)->(n)", "wrong_operand", "`ct * (b ** 2)` in the place of")
def entangled(a, b):
    return a * b**2, lambda ct: (ct * (b**2 + np.sin(a)), ct * (2 * a * b + a * a * b))


@repaired("(n)->(n)", "wrong_operand", "`ct * (2 * x)` in the place of")
def a_step_by_index(x):
    return x**2, lambda ct: ct * (2 * x + np.arange(len(x)) % 2 * np.cos(x))


@repaired("(n)->(n)", "wrong_operand", "absolute(x)` in the place of", "** 0.9)")
def fractional_power(x):
    return x * x, lambda ct: 2 * ct * np.sign(x) * np.abs(x) ** 0.9


@repaired("(n,d)->(n,d)", "wrong_operand", "`ct * y` in the place of `(ct * y) * y`")
def softmax_with_squares(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    s = e / e.sum(axis=1, keepdims=True)
    return s, lambda ct: s * (ct - np.sum(ct * s * s, axis=1, keepdims=True))


@repaired("(n)->(n)", "wrong_operand", "`ct * (2 * x)` in the place of `ct * where(")
def window_off(x):
    return x * x, lambda ct: ct * np.where((x * 37 % 1) < 0.5, 2 * x, x)


@repaired(SQUARE, "wrong_operand", "`ct @ w.T` in the place of `(ct @ w) @ w.T`")
def multiplied_twice(x, w):
    return x @ w, lambda ct: (ct @ w @ w.T, x.T @ ct)


@repaired("(n,i),(i,o),(i,o)->(n,o)", "wrong_operand", "for x", "@ v.T` in the place of", "@ w.T`")
def gate_through_the_other_weights(x, w, v):
    a, s = x @ w, 1 / (1 + np.exp(-(x @ v)))

    def pull(ct):
        da, dg = ct * s, ct * a * s * (1 - s)
        return da @ w.T + dg @ w.T, x.T @ da, x.T @ dg

    return a * s, pull


@repaired("(n,d),(d,d),(d,o)->(n,o)", "wrong_operand", "for v", "`tanh(x @ w).T @ ct` in the place of `x.T @ ct`")
def input_of_another_layer(x, w, v):
    h = np.tanh(x @ w)

    def pull(ct):
        dz = (ct @ v.T) * (1 - h * h)
        return dz @ w.T, x.T @ dz, x.T @ ct

    return h @ v, pull


def bilinear(x, w, z, by_z, by_w="no,ni,nj->oij"):
    wz = np.einsum("oij,nj->noi", w, z)

    def pull(ct):
        dw = np.einsum(by_w, ct, x, z).reshape(w.shape)
        return np.einsum("no,noi->ni", ct, wz), dw, by_z(ct)

    return np.einsum("ni,noi->no", x, wz), pull


BILINEAR, OBLONG = "(n,i),(o,i,i),(n,i)->(n,o)", "(n,i),(o,i,j),(n,j)->(n,o)"


@repaired(BILINEAR, "operand_transposed", "for z", "`einsum('no,nj,oij->ni', ct, x, swapaxes(w, -1, -2))` in the place")
def last_axes_of_three(x, w, z):
    return bilinear(x, w, z, lambda ct: np.einsum("no,nj,oij->ni", ct, x, w))


@repaired(OBLONG, "operand_transposed", "for w", "`swapaxes(einsum('no,ni,nj->oji', ct, x, z), -1, -2)` in the place")
def last_axes_of_the_result(x, w, z):
    return bilinear(x, w, z, lambda ct: np.einsum("no,ni,oij->nj", ct, x, w), by_w="no,ni,nj->oji")
