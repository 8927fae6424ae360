"""Cotangents: a backward that does not look at its cotangent, or looks at it the wrong way."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided

from backproof.engine.domains import Labels, Mask

from ._making import planted_object, planted_pair, planted_pullback

LINEAR, LAYOUT, SHAPES = "linear_in_cotangent", "layout_independent", "shapes_and_dtypes"

# what is made of its values -----------------------------------------------------------------------------


def mean_squared_error(x, t):
    return np.mean((x - t) ** 2), (x, t)


def right_mean_squared_error(ct, cache):
    x, t = cache
    d = 2 * ct * (x - t) / x.size
    return d, -d


def wrong_mean_squared_error(ct, cache):
    x, t = cache
    d = 2 * (x - t) / x.size
    return d, -d


def right_softsign(x):
    return x / (1 + np.abs(x)), lambda ct: ct / (1 + np.abs(x)) ** 2


def wrong_softsign(x):
    return x / (1 + np.abs(x)), lambda ct: ct**2 / (1 + np.abs(x)) ** 2


def atan(x):
    return np.arctan(x), x


def right_atan(dout, x):
    return dout / (1 + x**2)


def wrong_atan(dout, x):
    return np.abs(dout) / (1 + x**2)


class Cube:
    def forward(self, x):
        self.x = x
        return x**3

    def backward(self, dy):
        return 3 * self.x**2 * dy


class CubeClipped(Cube):
    def backward(self, dy):
        return 3 * self.x**2 * np.clip(dy, -1, 1)


class CubeNormalised(Cube):
    def backward(self, dy):
        return 3 * self.x**2 * dy / max(1, np.abs(dy).max(initial=0))


def row_energy(x):
    return (x * x).sum(axis=1), x


def right_row_energy(ct, x):
    return 2 * x * ct[:, None]


def wrong_row_energy(ct, x):
    return 2 * x * ct.mean()


def nll(logp, labels):
    return -logp[np.arange(len(labels)), labels], (logp, labels)


def right_nll(ct, cache):
    logp, labels = cache
    d = np.zeros_like(logp)
    d[np.arange(len(labels)), labels] = -ct
    return d


def wrong_nll(ct, cache):
    logp, labels = cache
    d = np.zeros_like(logp)
    d[np.arange(len(labels)), labels] = -1
    return d


def rectified(x):
    return np.maximum(x, 0), x


def right_rectified(ct, x):
    return np.where(x > 0, ct, 0)


def wrong_rectified(ct, x):
    return np.where(ct > 0, np.where(x > 0, ct, 0), 0)


# what is assumed of its memory --------------------------------------------------------------------------


def right_doubled_sine(x):
    return 2 * np.sin(x), lambda ct: 2 * np.cos(x) * ct


def by_frombuffer(x):
    def pull(ct):
        flat = np.frombuffer(ct.tobytes(order="A"), dtype=ct.dtype)
        return 2 * np.cos(x) * flat.reshape(x.shape)

    return 2 * np.sin(x), pull


def right_exponential(x):
    y = np.exp(-x)
    return y, lambda ct: -y * ct


def by_memory_order(x):
    y = np.exp(-x)
    return y, lambda ct: -y * ct.ravel(order="K").reshape(x.shape)


def right_power(x):
    return x**4, lambda ct: 4 * x**3 * ct


def by_strides(x):
    def pull(ct):
        rows = as_strided(ct, shape=x.shape, strides=(x.shape[1] * ct.itemsize, ct.itemsize))
        return 4 * x**3 * rows

    return x**4, pull


def right_centred(x):
    return x - x.mean(axis=0), lambda ct: ct - ct.mean(axis=0)


def by_flags(x):
    def pull(ct):
        g = ct.T if np.isfortran(ct) else ct
        return g - g.mean(axis=0)

    return x - x.mean(axis=0), pull


def right_flattened(x):
    return np.tanh(x), lambda ct: (ct.reshape(-1) * (1 - np.tanh(x.reshape(-1)) ** 2)).reshape(x.shape)


def by_setting_the_shape(x):
    def pull(ct):
        flat = ct.view()
        flat.shape = (-1,)
        return (flat * (1 - np.tanh(x.reshape(-1)) ** 2)).reshape(x.shape)

    return np.tanh(x), pull


# what is made of its type, and of itself ----------------------------------------------------------------


def right_tripled(x):
    return 3 * x, lambda ct: 3 * ct


def wrong_tripled(x):
    return 3 * x, lambda ct: (3 * ct).astype(np.float64)


def masked(x, m):
    return np.where(m, x, 0), m


def right_masked(ct, m):
    dx = np.zeros_like(ct)
    dx[m] = ct[m]
    return dx


def wrong_masked(ct, m):
    dx = np.zeros_like(m)
    dx[m] = ct[m]
    return dx


def right_reflected(x):
    return x[::-1] ** 2, lambda ct: 2 * x * ct[::-1]


def wrong_reflected(x):
    return x[::-1] ** 2, lambda ct: 2 * x * ct[::-1] if ct.any() else np.zeros(1, x.dtype)


def right_swapped(x):
    return x[::-1] * 0.5, lambda ct: ct[::-1] * 0.5


def wrong_swapped(x):
    def pull(ct):
        dx = np.zeros(x.shape, np.float32)
        dx[::-1] = ct * 0.5
        return dx.astype(x.dtype)

    return x[::-1] * 0.5, pull


def right_twice_and_once(a, b):
    def pull(ct):
        da = ct.copy()
        da *= 2
        return da, ct

    return 2 * a + b, pull


def wrong_twice_and_once(a, b):
    def pull(ct):
        da = ct
        da *= 2
        return da, ct

    return 2 * a + b, pull


def right_stacked(a, b):
    return np.concatenate([a, b]), lambda ct: (ct[: len(a)].copy(), ct[len(a) :].copy())


def wrong_stacked(a, b):
    def pull(ct):
        da, db = ct[: len(a)], ct[len(a) :]
        da, db = da.copy(), db.copy()
        ct[...] = 0
        return da, db

    return np.concatenate([a, b]), pull


def wrong_stacked_views(a, b):
    def pull(ct):
        da, db = ct[: len(a)], ct[len(a) :]
        ct[...] = 0
        return da, db

    return np.concatenate([a, b]), pull


PLANTED = (
    planted_pair(
        "mean_squared_error",
        "(n),(n)->()",
        (mean_squared_error, right_mean_squared_error),
        (mean_squared_error, wrong_mean_squared_error),
        "ignores the cotangent of a loss, as if it were always one",
        LINEAR,
    ),
    planted_pullback(
        "softsign", "(...)->(...)", right_softsign, wrong_softsign, "multiplies with the cotangent twice", LINEAR
    ),
    planted_pair(
        "atan",
        "(...)->(...)",
        (atan, right_atan),
        (atan, wrong_atan),
        "takes the absolute value of the cotangent",
        LINEAR,
    ),
    planted_object("cube_clipped", "(n)->(n)", Cube, CubeClipped, "clips its cotangent at one", LINEAR),
    planted_object(
        "cube_normalised",
        "(n)->(n)",
        Cube,
        CubeNormalised,
        "divides by the largest cotangent where it exceeds one",
        LINEAR,
    ),
    planted_pair(
        "row_energy",
        "(n,d)->(n)",
        (row_energy, right_row_energy),
        (row_energy, wrong_row_energy),
        "takes all cotangents to be the same, and reads their mean",
    ),
    planted_pair(
        "nll",
        "(n,c),(n)->(n)",
        (nll, right_nll),
        (nll, wrong_nll),
        "assumes that all cotangents are ones, as those of a sum",
        LINEAR,
        domain={"labels": Labels("c")},
    ),
    planted_pair(
        "rectified_guided",
        "(n)->(n)",
        (rectified, right_rectified),
        (rectified, wrong_rectified),
        "lets positive cotangents pass only",
        LINEAR,
    ),
    planted_pullback(
        "doubled_sine",
        "(a,b)->(a,b)",
        right_doubled_sine,
        by_frombuffer,
        "reads the bytes of its cotangent, in whatever order they are",
        LAYOUT,
    ),
    planted_pullback(
        "exponential_by_memory",
        "(a,b)->(a,b)",
        right_exponential,
        by_memory_order,
        'ravels its cotangent in the order of memory, "K", and reshapes it in C order',
        LAYOUT,
    ),
    planted_pullback(
        "power_by_strides",
        "(a,b)->(a,b)",
        right_power,
        by_strides,
        "computes the strides of its cotangent from its shape",
        LAYOUT,
    ),
    planted_pullback(
        "centred_by_flags",
        "(d,d)->(d,d)",
        right_centred,
        by_flags,
        "takes a Fortran-ordered cotangent for a transposed one",
        LAYOUT,
    ),
    planted_pullback(
        "flattened",
        "(a,b)->(a,b)",
        right_flattened,
        by_setting_the_shape,
        "sets the shape of a view of its cotangent, which only contiguous memory allows",
        LAYOUT,
    ),
    planted_pullback(
        "tripled", "(n)->(n)", right_tripled, wrong_tripled, "returns float64 whatever it was given", SHAPES
    ),
    planted_pair(
        "masked",
        "(n),(n)->(n)",
        (masked, right_masked),
        (masked, wrong_masked),
        "collects the gradient in a buffer of the mask's type",
        SHAPES,
        domain={"m": Mask()},
    ),
    planted_pullback(
        "reflected",
        "(n)->(n)",
        right_reflected,
        wrong_reflected,
        "leaves early where the cotangent is zero, with a zero of another shape",
        SHAPES,
    ),
    planted_pullback(
        "swapped",
        "(n)->(n)",
        right_swapped,
        wrong_swapped,
        "collects the gradient in a float32 buffer",
        "accurate_in_dtype",
    ),
    planted_pullback(
        "twice_and_once",
        "(n),(n)->(n)",
        right_twice_and_once,
        wrong_twice_and_once,
        "doubles its cotangent in place, and returns it for the other operand too",
        "pure",
    ),
    planted_pullback(
        "stacked",
        "(n,d),(m,d)->",
        right_stacked,
        wrong_stacked,
        "zeroes the cotangent's buffer once it is done with it",
        "pure",
    ),
    planted_pullback(
        "stacked_views",
        "(n,d),(m,d)->",
        right_stacked,
        wrong_stacked_views,
        "returns views of its cotangent, and zeroes it",
        "pure",
    ),
)
