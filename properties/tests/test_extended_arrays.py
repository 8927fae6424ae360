"""Extended arrays against NumPy's float64 arrays and, digit by digit, against each other.

A row of a table is plain NumPy code; it is run on float arrays, on balls, and on mpmath's numbers.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import flint
import mpmath
import numpy as np
import pytest

from backproof.engine import BackproofError, NotExtendable
from backproof.engine.extended import (
    ExtendedArray,
    active,
    arbiter,
    balls,
    compositions,
    computing,
    decimals,
    extended,
    midpoints,
    radii,
    stripped,
    to_float,
    ufuncs,
)
from backproof.engine.extended.functions import dispatching
from backproof.properties.tests import test_complex_numbers, test_elementwise, test_numpy_functions

FLOATS = {
    "s": np.array(0.3),
    "v": np.array([0.7, -0.1, 2.3]),
    "w": np.array([0.7, 1.1, -0.6]),  # tied with v in its first entry
    "m": np.array([[0.1, -1.7, 0.4], [2.2, 0.3, -0.9]]),
    "p": np.array([[0.1, 1.7, 0.4], [2.2, 0.3, 0.9]]),
    "n": np.array([[0.6, -0.2], [1.3, 0.1], [-0.7, 0.9]]),
    "q": np.array([[3.1, 0.2, -0.4], [0.7, -2.9, 0.3], [0.1, 0.6, 4.3]]),
    "t": np.arange(-11.0, 13.0).reshape(2, 3, 4) / 7,
    "big": np.arange(81.0).reshape(9, 9) % 7 / 3 - 1,  # large enough for arb_mat
    "e": np.zeros((0, 3)),
    "u": np.array([0.0, np.inf, -np.inf, np.nan, -1.0, 1.0, -2.0, 800.0, -800.0]),
    "z": np.zeros(9),
}
PLAIN = {"np": np, "f": np.array([0.1, 1.3, -0.2]), "k": np.array([[0], [1]]), "ints": np.array([2, 1, 3])}
ELEMENTWISE = {  # functions, and their arguments
    "negative positive square exp expm1 sin cos sinh cosh tanh arctan absolute sign": "s v m t[:,::2] e",
    "isnan isinf isfinite logical_not": "s v m e",
    "sqrt log log1p reciprocal": "s p p.T e[:,0]",
    "add subtract multiply divide maximum minimum less less_equal equal not_equal greater greater_equal "
    "logical_and logical_or logical_xor": "s,m v,w m,v n[:,:1],w f,v v,f v,2 0.1,m e,v v,ints",
    "power": "p,v p,2 p,-1 m,3 m,0 p,0.5 0.1,m e,v p,ints",
    "matmul": "m,n n,m v,w m,v v,n t[:,:,:3],q q,t[:,:,:3] t,t[0,0] v,t t[:,None,:,:3],t[None,:,:,:3] big,big e,n "
    "n[:0].T,n[:0] f,q m,f",
}
FUNCTIONS = """
np.sum(m); np.sum(m, axis=0); m.sum(1); m.sum(axis=-1, keepdims=True); t.sum((0, 2)); np.sum(e, axis=0); np.sum(e)
s.sum(); (m > 0).sum(); (m > 0).sum(axis=0, dtype=float); m / (m > 0).sum(); np.add(m > 0, m > 0.2); np.sum(t, axis=())
np.mean(m); m.mean(0); t.mean((0, -1), keepdims=True); s.mean(); (v > 0).mean(); np.mean(e, axis=1); np.max(m)
m.max(0); m.max(axis=-1, keepdims=True); t.max((0, 2)); np.amax(s); np.max(e, axis=1); (m > 0).max(axis=0); np.min(m)
m.min(0); m.min(axis=1, keepdims=True); t.min((2, 0)); np.amin(s); np.min(e, axis=1); np.max(big, axis=0)
np.where(m > 0, m, 0.1); np.where(m > v, v, m); np.where(m, 2.0, m); np.where(ints > 1, v, f); np.where(e > 0, e, v)
np.clip(m, 0, 1); m.clip(-0.3, None); np.clip(m, None, v); np.clip(f, v, 2.5); np.clip(s, 0, 0.1)
np.where(v > 0, 1, 0); np.zeros_like(m); np.ones_like(m, dtype=np.float32); np.zeros_like(m, shape=(2,))
np.ones_like(m, dtype=int); np.empty_like(m).shape; np.zeros_like(m > 0); np.ones_like(s) / 3
np.zeros_like(m, dtype=bool); np.cumsum(v); m.cumsum(0); np.cumsum(t, axis=-1); np.cumsum(m); np.cumsum(e, axis=0)
np.cumsum(e); np.dot(m, n); v.dot(w); np.dot(s, m); np.dot(m, v); np.dot(big, big); np.dot(f, q)
np.einsum("ij,jk->ik", m, n); np.einsum("ij,jk", m, n); np.einsum("ii", q); np.einsum("ii->i", q)
np.einsum("ij->ji", m); np.einsum("ij->", m); np.einsum("i,j->ij", v, f); np.einsum("ij,kj->k", m, p)
np.einsum("abc,bd,cd->ad", t, q, t[1].T); np.einsum("ij,ij->ij", m, p); np.einsum("ijk,jl->ikl", t, n)
np.einsum("iji->j", t[:, :, :2]); np.einsum("i,i->", v, w); np.einsum("ij,j->i", e, v); np.einsum("abc,abd->acd", t, t)
np.einsum("ji,j->i", n, w); np.einsum("iij->j", t[:, :2]); np.einsum("abb->ab", t[:, :, :3]); np.pad(m, 1)
np.pad(v, (0, 2)); np.pad(m, ((1, 0), (0, 2))); np.pad(e, 1); np.linalg.solve(q, v); np.linalg.solve(q, n)
np.linalg.solve(q, f); np.linalg.solve(q, n[:, :0]); np.any(v); np.all(m); np.any(m > 2, axis=0)
np.all(v > -1, keepdims=True); np.any(z); np.all(z); (m > 0).all(); np.all(e); np.reshape(m, (3, 2)); m.reshape(-1)
m.reshape(3, -1); np.ravel(m); m.flatten(); np.transpose(t, (1, 2, 0)); t.T; m.mT; t.transpose(2, 0, 1)
np.swapaxes(t, 0, 2); np.moveaxis(t, 0, -1); np.squeeze(m[:1]); np.expand_dims(v, 1); np.copy(m)
np.broadcast_to(v, (2, 3)); np.broadcast_arrays(v, m); np.broadcast_arrays(f, m); np.concatenate([m, p, e])
np.concatenate([v, f]); np.concatenate([v, ints]); np.concatenate([v, v > 0]); np.stack([v, ints], axis=1)
np.stack([v.sum(), (v > 0).sum()]); np.stack([v, w], axis=-1); np.vstack([v, m]); np.hstack([m, p]); np.split(v, 3)
np.array_split(v, 2); np.repeat(v, 2); np.repeat(m, ints, axis=1); np.tile(v, (2, 2)); np.roll(m, 1, axis=1)
np.flip(t, 1); np.flipud(m); np.fliplr(m); np.take(v, ints - 1); m.take([0, -1], axis=1); np.diagonal(q); q.diagonal(1)
np.atleast_1d(s); np.atleast_2d(v); np.take_along_axis(m, k, axis=1); np.shape(m); np.ndim(t); np.size(m)
np.may_share_memory(m, m[0]); np.shares_memory(m, p); m.shape; v.dtype; (v > 0).dtype; t.ndim; len(m); list(v); list(m)
v[0]; m[0, 1]; m[:, 1]; t[..., -1]; t[0, ::-1, 1:3]; m[None]; v[ints - 1]; m[k, [0, 1]]; m[m > 0]; v[(v > 0) & (w > 0)]
m[()]; s[()]; v[v > 9]; [x * x for x in v]; bool(v[0]); bool(z[0]); not s; bool((v > 0).any()); v / v.size; -v; abs(v)
+v; 2 - v; 1 / p; 2**v; 1.5 > v; p**0.5; ~(v > 0); (v > 0) * 2; (v > 0) * v; 0.1 * ints * v; f @ q; (v > 0) ^ (w > 0)
(v > 0) | (w > 0); (m > 0).sum() // 2; (m > 0).sum() % 2; (v > 0).sum() / 3 * v; m.max(axis=np.int64(1))
m.astype(float); (m > 0).astype(float); (m > 0).astype(np.float32) / 4; v.astype(bool); (v > 0).astype(int)
np.exp(v - v.max()); np.array([v[0], 1.0]) * v[:2]; np.where(v > 5, v, np.maximum(np.asarray(v), 0)); np.concatenate(t)
sum(v); max(v)
np.var(m); np.std(m); np.prod(m); np.cumprod(m); np.sort(m); np.argsort(m); np.argmax(m); np.argmin(m); np.median(m)
np.linalg.inv(q); np.linalg.det(q); np.linalg.norm(v); np.linalg.qr(q); np.outer(v, w); np.kron(v, w); np.trace(q)
np.diag(v); np.tensordot(m, n, 1); np.inner(v, w); np.vdot(v, w); np.cross(v, w); np.convolve(v, w)
np.full_like(m, 0.1); np.round(m); np.nonzero(m); np.where(m > 0); np.allclose(m, m)
np.isclose(m, m); np.array_equal(m, m); np.append(v, w); np.column_stack([v, w]); np.gradient(v); np.ediff1d(v)
np.diff(v); np.nan_to_num(m); np.floor(m); np.ceil(m); np.rint(m); np.remainder(m, 2); np.fmax(m, m)
np.floor_divide(m, 2); np.arcsin(s); np.log2(p); np.cbrt(m); np.hypot(m, m); np.logaddexp(m, m); np.copysign(m, m)
np.add.reduce(m); np.multiply.outer(v, v); np.add.accumulate(v); np.sum(m, initial=1.0)
np.sum(m, where=m > 0); np.clip(m, min=0); np.cumsum(m, dtype=float); np.pad(m, 1, mode="edge")
np.pad(m, 1, constant_values=2.0); np.einsum("...i->...", m); np.einsum("ij->i", m, optimize=True); m.astype(int)
m.var(); m.prod(); m.std(); m.argmax(); m.round(); q.trace(); m.argsort(); m.nonzero(); v.searchsorted(s)
"""
STATEMENTS = """
m[0] = v || m[:, 1] = 5 || m[1:, ::2] += 0.1 || m[m > 0] = 0 || m[m > 0] *= v[0] || m[[1, 0]] = m || m[...] = f
m[0, 0] = s || m[0], m[1] = ints, v > 0 || m[0, 0] = True || m *= m; m -= v; m /= 3; m **= 2 || np.exp(m, out=m)
np.add.at(m, 0, v) || np.add.at(m, [0, 0, 1], 0.1) || np.add.at(m, (k, ints - 1), s)
np.add.at(m, (m > 0).sum(axis=0) - 1, np.ones((3, 3))) || w = m; m = m * 2; w[0] = 7 || w = m.astype(float); w[0] = 7
w = m.copy(); w[0] = 7 || m.fill(0.1) || m.put([0, 1], 0.1) || x = v[0]; y = x; y += 1; m = x
x = v.sum(); y = x; y *= 3; m = x || x = np.tanh(s); y = x; y -= s; m = x
m = (m > 0).sum(axis=0, dtype=float); m /= 3 || m = np.zeros_like(m > 0, dtype=float); m += v || m @= q
"""
IEEE = """
u / z; z / u; u / u; u / -u; np.reciprocal(u); np.sqrt(u); np.log(u); np.log1p(u); np.exp(u); np.expm1(u); np.sin(u)
np.cos(u); np.sinh(u); np.cosh(u); np.tanh(u); np.arctan(u); np.sign(u); abs(u); u * u; -u; u * z; u - u; u + u
u + u[::-1]; np.maximum(u, 0); np.minimum(u, 0); np.maximum(0, u); np.maximum(u, u[::-1]); np.minimum(u, u[::-1])
np.clip(u, -1, 1); np.isnan(u); np.isinf(u); np.isfinite(u); u < u; u <= u; u == u; u != u; u > z; u >= z; bool(u[3])
np.any(u[3:4]); z[:1] ** z[:1]; u**0; z**u; 1**u; 2**u; 0.5**u; u**2; u**-1; u**3; u[3:] ** 0.5; np.where(u, 1.0, 2.0)
np.cumsum(u); np.max(u); np.max(u[::-1]); np.min(u[2:]); np.min(u[::-1]); np.max(u[:3]); np.min(u[:3]); np.max(u[3:5])
np.max(u[2:4]); np.sum(u[:2]); np.sum(u[:3]); u[:3] @ u[:3]; q @ u[:3]; z[:0].sum() / z[:0].size
"""
REFUSED = """
np.unique(v); np.matmul(m, n, axes=[(0, 1), (0, 1), (0, 1)]); np.add(v, v, out=f); np.exp(v, out=f)
np.matmul(v, q, out=f); np.add.at(f, [0], s); f.__iadd__(v); np.sum(m, axis=0, out=f); np.mean(m, axis=0, out=f)
np.max(m, axis=0, out=f); np.min(m, 0, f); np.any(m, axis=0, out=ints); np.all(m, axis=0, out=ints)
np.take(v, ints - 1, out=f); v.take(ints - 1, out=f)
"""


def rows(table, separator=";"):
    return [row.strip() for line in table.splitlines() for row in line.split(separator) if row]


CALLS = [f"np.{f}({of})" for names, given in ELEMENTWISE.items() for f in names.split() for of in given.split()]
ROWS = [*CALLS, *rows(FUNCTIONS), *rows(STATEMENTS, "||")]
both_arithmetics = pytest.mark.parametrize("arithmetic", [balls, arbiter], ids=lambda arithmetic: arithmetic.name)


def run(row, make):
    """The parts of what a row gives, or else of what it leaves in ``m``."""
    names = PLAIN | {"f": PLAIN["f"].copy()} | {name: make(array) for name, array in FLOATS.items()}
    if row in rows(STATEMENTS, "||"):
        exec(row, names)
        return [names["m"]]
    result = eval(row, names)
    return list(result) if isinstance(result, tuple | list) else [result]


def stores_extended(value):
    return isinstance(value, ExtendedArray) and stripped(value).dtype == object


@both_arithmetics
@pytest.mark.parametrize("row", ROWS)
def test_rounds_to_what_numpy_computes(row, arithmetic):
    expected = run(row, np.copy)
    with computing(arithmetic, 256):
        for got, native in zip(run(row, extended), expected, strict=True):
            if not isinstance(native, np.ndarray | np.generic):
                assert got == native
                continue
            floating = native.dtype.kind == "f"
            assert (got.shape, got.dtype) == (native.shape, np.float64 if floating else native.dtype)
            assert stores_extended(got) == floating
            if floating:
                assert {type(number) for number in stripped(got).flat} <= {type(active().lift(1))}
            np.testing.assert_allclose(to_float(got), native.astype(float), rtol=4e-15, atol=1e-15)


@pytest.mark.parametrize("row", ROWS)
def test_both_arithmetics_agree_to_forty_digits(row):
    digits = []
    for arithmetic in (balls, arbiter):
        with computing(arithmetic, 256):
            numbers = [d for part in run(row, extended) if stores_extended(part) for d in decimals(part, 60)]
        digits.append([Decimal(number) for number in numbers])
    for ball, number in zip(*digits, strict=True):
        assert abs(ball - number) <= Decimal("1e-40") * max(abs(number), Decimal("1e-3"))


@both_arithmetics
@pytest.mark.parametrize("row", rows(IEEE))
def test_follows_ieee(row, arithmetic):
    with np.errstate(all="ignore"):
        expected = np.asarray(run(row, np.copy)[0], dtype=float)
    with computing(arithmetic, 256):
        np.testing.assert_allclose(to_float(run(row, extended)[0]), expected, rtol=4e-15)


@both_arithmetics
@pytest.mark.parametrize("row", rows(REFUSED))
def test_refuses_what_it_does_not_support_by_name(row, arithmetic):
    name = re.match(r"\w+\.(?:linalg\.)?([\w.]+)", row)[1].replace("__iadd__", "add")
    with computing(arithmetic, 256), pytest.raises(NotExtendable, match=rf"\b{re.escape(name)}\b"):
        run(row, extended)


def test_every_supported_function_is_held_against_numpy():
    numbers = {*balls.elementwise, *compositions.COMPOSED, *ufuncs.COMPARISONS, *ufuncs.LOGICAL}
    supported = {f.__name__ for f in numbers | {*dispatching._IMPLEMENTED, *dispatching._MOVING} | dispatching._LOOKING}
    modules = (test_numpy_functions, test_complex_numbers)
    tables = " ".join([*ROWS, *(Path(module.__file__).read_text() for module in modules)])
    called = set(re.findall(r"np\.(?:linalg\.|fft\.|lib\.stride_tricks\.)?(\w+)", tables))
    called |= set(test_complex_numbers.TRANSFORMS)
    elementwise = {getattr(np, name).__name__ for name in (*test_elementwise.UNARY, *test_elementwise.BINARY)}
    assert supported - called - elementwise == set()
    assert balls.elementwise.keys() == arbiter.elementwise.keys()
    assert balls.special.keys() == arbiter.special.keys()


@pytest.mark.parametrize(("m", "k", "n"), [(9, 200, 9), (50, 50, 50), (70, 40, 62)])
@pytest.mark.parametrize("special", [7.0, np.inf, np.nan])
def test_large_matrix_products_of_balls(special, m, k, n):
    a, b = np.arange(1.0 * m * k).reshape(m, k) % 11 - 5, np.arange(1.0 * k * n).reshape(k, n) % 13 - 6
    a[1, 2] = special
    with np.errstate(all="ignore"), computing(balls, 256):
        np.testing.assert_array_equal(to_float(extended(a) @ extended(b)), a @ b)


@both_arithmetics
def test_precision_is_as_asked_and_restored(arithmetic):
    before, theirs = flint.ctx.prec, mpmath.mp.prec

    def digits_of_a_third():
        return len(re.match("0?.(3*)", decimals(extended(1.0) / 3, 70)[0])[1])

    with computing(arithmetic, 256):
        assert digits_of_a_third() == 70
        with computing(arithmetic, 64):
            assert 18 <= digits_of_a_third() <= 21
        with pytest.raises(KeyError), computing(arithmetic, 64):
            raise KeyError
        assert digits_of_a_third() == 70
        assert mpmath.mp.prec == theirs
    assert flint.ctx.prec == before
    with pytest.raises(KeyError), computing(arithmetic, 64):
        raise KeyError
    assert flint.ctx.prec == before
    with pytest.raises(BackproofError, match="outside"):
        active()


USES = """
x + y; x - 1; -x; abs(x); x @ y; x > 0; x == x; np.exp(x); np.sum(x); x.mean(); np.max(x); np.maximum(x, y)
np.cumsum(x); x.dot(y); np.dot(x[0], x); np.einsum("i,i->", x, y); np.clip(x, 0, 1); np.pad(x, 1); np.isnan(x)
np.any(x); np.zeros_like(x); x.__setitem__(0, 0.1); x.__iadd__(y); np.add.at(x, [0, 0], y[:2]); np.sign(x)
x.astype(bool); np.ones_like(x); extended(0.1)
"""


@both_arithmetics
@pytest.mark.parametrize("row", rows(USES))
def test_outside_a_computing_block(row, arithmetic):
    with computing(arithmetic, 256):
        x, y = extended([0.1, 0.2, -0.3]) / 3, extended([0.7, -0.1, 0.4]) / 7
    with pytest.raises(BackproofError, match=r"outside `with computing\(arithmetic, bits\):`.*Convert results"):
        eval(row, {"np": np, "x": x, "y": y, "extended": extended})


@both_arithmetics
def test_conversions(arithmetic):
    source = np.array([0.1, 2.0])
    with computing(arithmetic, 256):
        x = extended(source)
        copy = extended(x)
        copy[0] = 9
        third, two = extended(1.0) / 3, extended(2.0)
        assert decimals(x, 60)[0].startswith("0.1000000000000000055511151231257827021181583404541015625")
        assert to_float(x).tolist() == source.tolist() == [0.1, 2.0]
        assert to_float(1 + two**-53 + two**-200) == 1 + 2**-52  # rounds once, to nearest
        assert to_float([two**1100, -(two**1100)]).tolist() == [np.inf, -np.inf]
        assert to_float(radii(third)) < 1e-76
        assert (to_float(radii(third)) > 0) == (arithmetic is balls)
        assert to_float(radii(extended(midpoints(third)))) == 0
        assert to_float(midpoints(third)) == 1 / 3
    assert "ExtendedArray(" in repr(x)


def test_threads_have_precisions_and_arithmetics_of_their_own():
    def thirds(bits_and_arithmetic):
        bits, arithmetic = bits_and_arithmetic
        found = set()
        for _ in range(20):
            with computing(arithmetic, bits):
                found.add(len(re.match("0?.(3*)", decimals(extended(1.0) / 3, 90)[0])[1]))
        return found

    before, theirs = flint.ctx.prec, mpmath.mp.prec
    with ThreadPoolExecutor(4) as pool:
        coarse, fine, other, finest = pool.map(thirds, [(64, balls), (256, balls), (128, arbiter), (300, arbiter)])
    assert (flint.ctx.prec, mpmath.mp.prec) == (before, theirs)
    assert max(coarse) < 25 < min(other)
    assert max(other) < 45 < min(fine)
    assert min(finest) >= 85
    with pytest.raises(BackproofError, match="outside"):
        active()
