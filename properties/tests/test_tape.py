"""Derivatives of whole functions against closed forms written out by hand."""

import math

import numpy as np
import pytest

from backproof.engine import (
    BackproofError,
    MissingDerivative,
    SpecError,
    derivative,
    grad,
    grads,
    hessian,
    hvp,
    jacobian,
    jvp,
    linearize,
    primitives,
    vjp,
)
from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES


def wave(*shape, start=1.0):
    """Numbers between -1 and 1, no two alike."""
    return np.sin(start + np.arange(math.prod(shape))).reshape(shape)


def close(got, want):
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-14)


x, y, s, v = wave(3), wave(3, start=5.0), wave(), wave(2, 1, start=9.0)
p, r = 1.5 + wave(2, 3), 2.5 + wave(3)
A, B, C, D = wave(2, 3), wave(3, 4, start=7.0), wave(5, 2, 3, start=3.0), wave(5, 1, 3, 4, start=4.0)
ZERO, TIED, NONE = np.array([0.0, -2.0]), np.array([2.0, 1.0, 2.0]), np.zeros((0, 3))
MASK, PICK = np.array([True, False, True]), [2, 0, 2]

# A function of a and b | its primals | the cotangents that ct is pulled back to.
PULLBACKS = """
a + b | A, x | ct, ct.sum(0)
2 + a + 1 | A | ct
a - b | A, v | ct, -ct.sum(1, keepdims=True)
1 - a | A | -ct
a * b | A, s | ct * s, (ct * A).sum()
a * b | x, v | (ct * v).sum(0), (ct * x).sum(1, keepdims=True)
a * b | NONE, x | ct * x, 0 * x
a / b | A, r | ct / r, -(ct * A / r**2).sum(0)
3 / a | r | -3 * ct / r**2
a ** b | r, x | ct * x * r ** (x - 1), ct * r**x * np.log(r)
a ** 3 | x | 3 * x**2 * ct
a ** 2 | ZERO | ct * [0, -4]
a ** 0 | ZERO | 0 * ct
2 ** a | x | 2**x * math.log(2) * ct
-a | x | -ct
np.square(a) | x | 2 * x * ct
np.sqrt(a) | p | ct * p**-0.5 / 2
abs(a) | x | ct * np.where(x < 0, -1, 1)
np.exp(a) | x | np.exp(x) * ct
np.expm1(a) | x | np.exp(x) * ct
np.log(a) | p | ct / p
np.log1p(a) | p | ct / (1 + p)
np.tanh(a) | x | ct / np.cosh(x) ** 2
a @ b | A, B | ct @ B.T, A.T @ ct
a @ b | x, y | ct * y, ct * x
a @ b | x, B | B @ ct, np.outer(x, ct)
a @ b | A, x | np.outer(ct, x), ct @ A
a @ b | C, B | ct @ B.T, np.einsum("bmk,bmn->kn", C, ct)
a @ b | A, D | np.einsum("bcmn,bckn->mk", ct, D), np.einsum("mk,bcmn->bckn", A, ct)
a @ b | C, x | ct[..., None] * x, np.einsum("bmk,bm->k", C, ct)
a @ b | x, D | np.einsum("bckn,bcn->k", D, ct), x[:, None] * ct[..., None, :]
a @ b | C, D | np.einsum("abmn,akn->bmk", ct, D[:, 0]), np.einsum("bmk,abmn->akn", C, ct)[:, None]
a @ B | A | ct @ B.T
A @ a | B | A.T @ ct
a.sum() | A | np.full((2, 3), ct)
a.sum(1) | A | ct[:, None] + 0 * A
a.sum((-3, 2)) | C | ct[:, None] + 0 * C
np.sum(a, axis=0, keepdims=True) | A | ct + 0 * A
a.sum(axis=np.int64(1)) | A | ct[:, None] + 0 * A
np.add.reduce(a) | A | ct + 0 * A
a.mean() | A | np.full((2, 3), ct / 6)
np.mean(a, axis=0) | A | ct / 2 + 0 * A
np.mean(a, (0, -1), keepdims=True) | C | ct / 15 + 0 * C
np.max(a) | x | ct * (x == x.max())
a.max(0) | TIED | ct * [0.5, 0, 0.5]
a.max(axis=1) | A | ct[:, None] * (A == A.max(1)[:, None])
np.maximum(a, b) | A, x | ct * (A > x), (ct * (A <= x)).sum(0)
np.maximum(0, a) | x | ct * (x > 0)
np.minimum(a, b) | x, y | ct * (x < y), ct * (x > y)
np.where(MASK, a, b) | x, s | ct * MASK, (ct * ~MASK).sum()
np.where(a > 0, 2 * a, -a) | x | ct * np.where(x > 0, 2, -1)
np.where(MASK * 2, a, b) | x, y | ct * MASK, ct * ~MASK
np.where(MASK * 2.0, a, b) | x, y | ct * MASK, ct * ~MASK
np.where(True, a, b) | x, y | ct, 0 * ct
np.where(False, a, b) | x, y | 0 * ct, ct
a.reshape(3, -1) | A | ct.reshape(2, 3)
np.reshape(a, 6) | A | ct.reshape(2, 3)
a.T | A | ct.T
a.transpose(2, 0, -2) | C | ct.transpose(1, 2, 0)
np.broadcast_to(a, (4, 2, 3)) | v | ct.sum((0, 2))[:, None]
a[1] | A | np.outer([0, 1], ct)
a[::-1, 1:] | A | np.hstack([[[0], [0]], ct[::-1]])
a[None, ..., 0] | A | np.outer(ct[0], [1, 0, 0])
a[PICK] | x | np.array([ct[1], 0, ct[0] + ct[2]])
a[[0, 1, 0], PICK] | A | np.array([[0, 0, ct[0] + ct[2]], [ct[1], 0, 0]])
a[a > 0.5] | x | np.array([*ct, 0])
scatter_add(a, PICK, (4,)) | x | ct[PICK]
sum(a) | A | ct + 0 * A
a + a | x | 2 * ct
a * a * a | x | 3 * x**2 * ct
(lambda e: e * e + e)(np.exp(a)) | x | (2 * np.exp(2 * x) + np.exp(x)) * ct
a.T @ a | A | A @ (ct + ct.T)
a * b * b | x, x | x**2 * ct, 2 * x**2 * ct
a * np.arange(3) + [4, 5, 6] | x | ct * [0, 1, 2]
2 * b | A, x | 0 * A, 2 * ct
(np.exp(a), 2 * b)[1] | A, x | 0 * A, 2 * ct
b | A, x | 0 * A, ct
np.ones(2) | A | 0 * A"""


@pytest.mark.parametrize("row", PULLBACKS.strip().splitlines())
def test_closed_forms(row):
    expression, primals, pullback = row.split(" | ")
    primals = eval(f"{primals},")
    names = {**globals(), "scatter_add": primitives.scatter_add}
    function = eval(f"lambda a{', b' if len(primals) == 2 else ''}: {expression}", names)
    value = np.asarray(function(*primals))
    ct = wave(*value.shape, start=2.0)
    expected = eval(f"{pullback},", {**globals(), "ct": ct})
    tangents = [wave(*primal.shape, start=4.0 + i) for i, primal in enumerate(primals)]
    slopes = [np.vdot(tangent, cotangent) for tangent, cotangent in zip(tangents, expected, strict=True)]
    output, pull = vjp(function, *primals)
    pushed = jvp(function, primals, tangents)
    np.testing.assert_array_equal(output, value)
    np.testing.assert_array_equal(pushed[0], value)
    assert np.shape(pushed[1]) == value.shape
    close(np.vdot(pushed[1], ct), sum(slopes))
    maps = derivative(function, *primals)
    for i, (want, primal, slope) in enumerate(zip(expected, primals, slopes, strict=True)):
        for _ in range(2):  # a pullback may be called again
            assert np.shape(pull(ct)[i]) == primal.shape
            close(pull(ct)[i], want)
        close(np.vdot(jvp(function, primals, [d if i == j else None for j, d in enumerate(tangents)])[1], ct), slope)
        for mode in ("reverse", "forward"):
            matrix = jacobian(function, *primals, argument=i, mode=mode)
            assert matrix.shape == (*value.shape, *primal.shape)
            close(np.tensordot(ct, matrix, ct.ndim), want)
        if maps[i] is not None:
            close(maps[i].transpose.apply(ct), want)
            close(np.vdot(maps[i].apply(tangents[i]), ct), slope)


def twice(a):
    a *= 2  # rebinds; the caller's array stays as it was
    return a


def test_augmented_assignment_rebinds():
    before = x.copy()
    np.testing.assert_array_equal(grad(lambda a: np.sum(a * twice(a)))(x), 4 * x)
    np.testing.assert_array_equal(x, before)


def test_gradients():
    assert grad(lambda a: a * a)(3.0) == 6.0
    close(grad(lambda a, b: np.sum(a * b), argument=1)(x, y), x)
    for got, want in zip(grads(lambda a, b: np.sum(a * a * b), x, y), (2 * x * y, x * x), strict=True):
        close(got, want)


def test_integers_and_booleans_have_no_cotangent():
    index, where = np.array([0, 2, 2]), np.array([True, False, True])
    got = grads(lambda a, i, c: np.sum(np.where(c, a[i], 0) * [1, 10, 100]), x, index, where)
    close(got[0], [1, 0, 100])
    assert got[1:] == (None, None)
    assert grad(lambda n: n * n)(3) is None
    assert derivative(lambda a, i: a[i], x, index)[1] is None
    assert hvp(lambda a, i: np.sum(a[i] ** 2), (x, index), (np.ones(3), None))[1] is None


def test_linearization():
    output, linear = linearize(lambda a, b: np.exp(a) * b, x, y)
    close(output, np.exp(x) * y)
    close(linear.apply(y, None), np.exp(x) * y * y)
    close(linear.apply(None, x), np.exp(x) * x)
    close(linear.apply(y, x), np.exp(x) * (y * y + x))
    for got, want in zip(linear.apply_transpose(x), (np.exp(x) * y * x, np.exp(x) * x), strict=True):
        close(got, want)


def test_jacobians_of_several_outputs_and_scalars():
    for mode in ("reverse", "forward"):
        close(jacobian(lambda a: a * a, 3.0, mode=mode), 6.0)
        close(jacobian(lambda a: np.outer([1, 2], [1, 1, 1]) * a**2, x, mode=mode)[1], np.diag(4 * x))
        assert jacobian(lambda a: a[:0], x, mode=mode).shape == (0, 3)


def test_derivatives_of_derivatives():
    t = math.tanh(0.3)
    close(grad(grad(np.tanh))(0.3), -2 * t * (1 - t * t))
    close(grad(grad(grad(np.tanh)))(0.3), (1 - t * t) * (6 * t * t - 2))
    close(grad(lambda a: np.sum(a * grad(lambda b: np.sum(b**3))(a)))(x), 9 * x**2)
    close(grad(lambda a: np.sum(jvp(lambda b: b**3, (a,), (y,))[1]))(x), 6 * x * y)
    close(jvp(grad(lambda b: np.sum(b**3)), (x,), (y,))[1], 6 * x * y)
    for mode in ("reverse", "forward"):
        close(jacobian(grad(lambda a: np.sum(a**2) ** 2), x, mode=mode), 4 * x @ x * np.eye(3) + 8 * np.outer(x, x))
    pull = vjp(lambda a: a**3, x)[1]
    close(vjp(lambda ct: pull(ct * ct)[0], y)[1](np.ones(3))[0], 6 * x**2 * y)  # with respect to the cotangent


def test_hessian_vector_products():
    u, v = wave(3, start=8.0), wave(3, start=9.0)
    got = hvp(lambda a, b: np.sum(a**2 * b), (x, y), (u, v))
    close(got[0], 2 * y * u + 2 * x * v)
    close(got[1], 2 * x * u)
    close(hvp(lambda a, b: np.sum(a**2 * b), (x, y), (None, v))[0], 2 * x * v)
    close(
        hvp(lambda a: np.sum(np.tanh(A @ a)), (x,), (u,))[0],
        A.T @ ((-2 * np.tanh(A @ x) / np.cosh(A @ x) ** 2) * (A @ u)),
    )


# The second derivative of sum_ij sum_k w_ik w_kj with respect to w_ab and w_cd is [b == c] + [d == a].
HESSIAN_OF_SUM_OF_SQUARE = np.array(
    [[(b == c) + (d == a) for c in (0, 1) for d in (0, 1)] for a in (0, 1) for b in (0, 1)]
)
SOFT = np.exp(wave(3)) / np.exp(wave(3)).sum()


@pytest.mark.parametrize("mode", ["forward over reverse", "reverse over forward"])
def test_each_way_to_a_hessian(mode):
    u, v = wave(3, start=8.0), wave(3, start=9.0)
    got = hvp(lambda a, b: np.sum(a**2 * b), (x, y), (u, v), mode)
    close(got[0], 2 * y * u + 2 * x * v)
    close(got[1], 2 * x * u)
    assert hvp(lambda a, i: np.sum(a[i] ** 2), (x, np.array([0, 1])), (np.ones(3), None), mode)[1] is None
    tanh = np.tanh(A @ x)
    close(hessian(lambda a: np.sum(np.tanh(A @ a)), x, mode=mode), A.T @ np.diag(-2 * tanh * (1 - tanh**2)) @ A)
    close(hessian(lambda a, b: np.sum(a * b**2), x, y, argument=1, mode=mode), np.diag(2 * x))
    close(hessian(lambda w: np.sum(w @ w), np.eye(2), mode=mode).reshape(4, 4), HESSIAN_OF_SUM_OF_SQUARE)
    assert hessian(lambda a: a**3, 2.0, mode=mode) == 12.0
    close(
        hessian(lambda a: LOSSES["softmax_cross_entropy"](a, np.array([1])), wave(1, 3), mode=mode).reshape(3, 3),
        np.diag(SOFT) - np.outer(SOFT, SOFT),
    )


def test_unknown_way_to_a_hessian():
    with pytest.raises(SpecError, match="write 'forward over reverse' or 'reverse over forward'"):
        hvp(np.sum, (x,), (y,), mode="reverse")


def test_no_perturbation_confusion():
    assert grad(lambda a: a * grad(lambda b: a + b)(1.0))(3.0) == 1.0
    assert grad(lambda a: a * grad(lambda b: a * b)(2.0))(3.0) == 6.0
    assert grad(lambda a: a * jvp(lambda b: a * b * b, (2.0,), (1.0,))[1])(3.0) == 24.0
    assert jvp(lambda a: a * jvp(lambda b: a + b, (1.0,), (1.0,))[1], (3.0,), (1.0,))[1] == 1.0
    assert grad(lambda a: grad(lambda b: grad(lambda c: a * b**2 * c**3)(5.0))(7.0))(3.0) == 2 * 7 * 3 * 25
    assert grad(lambda a: grad(lambda b: a * a)(1.0) + a)(3.0) == 1.0  # the inner function ignores its argument


def network(w1, w2):
    """Fused layers and losses inside a traced function."""
    hidden = np.tanh(LAYERS["affine"](A, w1, np.zeros(4)) * 0.5)
    logits = LAYERS["affine"](hidden, w2, wave(3))
    return 3 * LOSSES["softmax_cross_entropy"](logits, np.array([2, 0])) + LOSSES["l2_penalty"](w2, strength=0.7)


def test_fused_layers_inside_a_traced_function():
    w1, w2, tangents = B, wave(4, 3, start=2.0), (wave(3, 4), wave(4, 3, start=3.0))
    hidden = np.tanh(0.5 * A @ w1)
    odds = np.exp(hidden @ w2 + wave(3))
    d_logits = 3 * (odds / odds.sum(1, keepdims=True) - np.eye(3)[[2, 0]]) / 2
    want = (A.T @ (0.5 * (1 - hidden**2) * (d_logits @ w2.T)), hidden.T @ d_logits + 0.7 * w2)
    for got, expected in zip(grads(network, w1, w2), want, strict=True):
        close(got, expected)
    close(jvp(network, (w1, w2), tangents)[1], sum(np.vdot(*pair) for pair in zip(tangents, want, strict=True)))
    close(grads(lambda w: network(B, w) + np.sum(w), w2)[0], want[1] + 1)


def test_derivatives_of_fused_pullbacks():
    z, u = wave(1, 3), wave(1, 3, start=3.0)
    soft = np.exp(z) / np.exp(z).sum()
    close(
        hvp(lambda a: LOSSES["softmax_cross_entropy"](a, np.array([1])), (z,), (u,))[0], soft * (u - np.vdot(soft, u))
    )
    close(hvp(LOSSES["mean_squared_error"], (A, 2 * A), (A, 0 * A))[1], -A / 3)
    close(hvp(lambda w: LOSSES["l2_penalty"](w, strength=0.7), (A,), (p,))[0], 0.7 * p)
    close(grads(lambda a: np.sum(LAYERS["softmax"](a) * u), z)[0], soft * (u - np.vdot(soft, u)))


def test_a_fused_pullback_is_left_aside_where_most_of_it_would_be_thrown_away():
    affine = LAYERS["affine"]
    marked = affine.pullback(lambda x, w, b: (x @ w + b, lambda ct: (1000 * ct @ w.T, x.T @ ct, ct.sum(axis=0))))
    row, wide = wave(1, 3), wave(3, 50)
    close(grads(lambda x: np.sum(marked(x, wide, wave(50))), row)[0], np.ones((1, 50)) @ wide.T)
    close(
        grads(lambda x: np.sum(marked(x, wave(3, 1), np.zeros(1))), wave(5, 3))[0],
        1000 * np.ones((5, 1)) @ wave(3, 1).T,
    )


def test_the_fused_pullback_is_the_one_that_is_used():
    marked = LAYERS["relu"].pullback(lambda a: (np.maximum(a, 0), lambda ct: 1000 * ct))
    close(grad(lambda a: np.sum(marked(a) * y))(x), 1000 * y)
    close(jvp(marked, (x,), (y,))[1], y * (x > 0))  # a pushforward has no fused form


def test_a_fused_pullback_returns_a_cotangent_for_each_argument():
    short = LAYERS["affine"].pullback(lambda x, w, b: (x @ w + b, lambda ct: (ct @ w.T, x.T @ ct)))
    with pytest.raises(SpecError, match=r"returned 2 cotangents for 3 arguments\. Return one for each"):
        grads(lambda a, w, b: np.sum(short(a, w, b)), A, B, wave(4))


def test_a_wider_summand_makes_the_sum_wider():
    widening = LAYERS["relu"].pullback(lambda a: (np.maximum(a, 0), lambda ct: ct.astype(np.float64) / 3))
    gradient = grad(lambda a: np.sum(widening(a)) + np.sum(a) + np.sum(a))(np.ones(3, np.float32))
    assert gradient.dtype == np.float64
    close(gradient, np.full(3, 7 / 3))


@pytest.mark.parametrize(
    "call", ["affine(a, b, c)", "affine(a, b, b=c)", "affine(a, w=b, b=c)", "affine(x=a, w=b, b=c)"]
)
def test_fused_layers_called_by_keyword(call):
    def function(a, b, c):
        return eval(call, {"affine": LAYERS["affine"], "a": a, "b": b, "c": c})

    bias = wave(4)
    output, pushed = jvp(function, (A, B, bias), (A, 2 * B, 3 * bias))
    assert isinstance(output, np.ndarray)
    close(pushed, 3 * (A @ B + bias))
    for got, want in zip(vjp(function, A, B, bias)[1](A @ B), (A @ B @ B.T, A.T @ A @ B, (A @ B).sum(0)), strict=True):
        close(got, want)


def test_options_of_fused_layers_by_position():
    close(grad(lambda w: LOSSES["l2_penalty"](w, 0.7))(x), 0.7 * x)


BUFFER = "about to become a plain float array.*Compute with the array itself"
ERRORS = {  # what is done with a, and what the error says
    "np.i0(a)": r"(?s)i0 has no derivative rule.*@derivative_of\(np\.i0, .*return scale\(",
    "np.linalg.eigvals(a * np.eye(3))": r"@derivative_of\(np\.linalg\.eigvals, ",
    "a.__setitem__(0, 1.0)": "cannot be assigned to in place.*np.where",
    "np.asarray(a)": BUFFER,
    "np.array([a[0], a[1]])": BUFFER,
    "float(a[0])": BUFFER,
    "int(a[0])": BUFFER,
    "math.exp(a[0])": BUFFER,
    "np.zeros(3).__setitem__(slice(3), a)": BUFFER,
    "np.zeros(3).__iadd__(a)": "np.add with out=.*assign what it returns",
    "np.exp(a, out=np.zeros(3))": "np.exp with out=",
    "np.exp(a, where=MASK)": "np.exp with where=",
    "np.sum(a, where=MASK)": "sum.* where=",
    "np.sum(a, initial=1.0)": "sum.* initial=",
    "np.subtract.reduce(a)": r"np\.subtract\.reduce cannot be traced",
    "np.add.reduceat(a, [0])": r"np\.add\.reduceat cannot be traced",
    "np.concatenate([a, a], dtype=float)": "np.concatenate called like this cannot be traced: .*dtype",
}


@pytest.mark.parametrize("use", ERRORS)
def test_what_cannot_be_traced(use):
    with pytest.raises(MissingDerivative, match=ERRORS[use]):
        vjp(eval(f"lambda a: {use}"), x)[1](x)


def test_errors_of_the_transforms():
    with pytest.raises(BackproofError, match="tuple"):  # and not gradients of zero
        vjp(lambda a: (a, a), x)[1](x)
    with pytest.raises(SpecError, match=r"output has shape \(3,\).*Use vjp with a cotangent, or jacobian"):
        grad(np.exp)(x)
    with pytest.raises(SpecError, match="mode='sideways' is not a mode; write 'reverse' or 'forward'"):
        jacobian(np.exp, x, mode="sideways")
