"""Broadcasting: what is repeated on the way there must be summed on the way back, over the right axes."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Mask, Nonzero
from backproof.engine.options import Broadcasting

from ._making import planted_pair, planted_pullback

SHAPES = "shapes_and_dtypes"


def reduced_to(shape, ct):
    """The sum of a cotangent over all that broadcasting has repeated."""
    ct = ct.sum(axis=tuple(range(ct.ndim - len(shape))))
    return ct.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1), keepdims=True)


def leading_reduced(shape, ct):
    return ct.sum(axis=tuple(range(ct.ndim - len(shape))))


def trailing_reduced(shape, ct):
    ct = ct.sum(axis=tuple(range(len(shape), ct.ndim)))
    return ct.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1), keepdims=True)


def squeezing_reduced(shape, ct):
    ct = ct.sum(axis=tuple(range(ct.ndim - len(shape))))
    return ct.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1))


def averaged_to(shape, ct):
    ct = ct.sum(axis=tuple(range(ct.ndim - len(shape))))
    narrow = tuple(i for i, size in enumerate(shape) if size == 1)
    return ct.mean(axis=narrow, keepdims=True) if narrow else ct


def right_times(a, b):
    return a * b, lambda ct: (reduced_to(a.shape, ct * b), reduced_to(b.shape, ct * a))


def wrong_times(a, b):
    return a * b, lambda ct: (leading_reduced(a.shape, ct * b), leading_reduced(b.shape, ct * a))


def right_minus(a, b):
    return a - b, lambda ct: (reduced_to(a.shape, ct), reduced_to(b.shape, -ct))


def wrong_minus(a, b):
    return a - b, lambda ct: (trailing_reduced(a.shape, ct), trailing_reduced(b.shape, -ct))


def over(a, b):
    return a / b, (a, b)


def right_over(ct, cache):
    a, b = cache
    return reduced_to(a.shape, ct / b), reduced_to(b.shape, -ct * a / b**2)


def wrong_over(ct, cache):
    a, b = cache
    return squeezing_reduced(a.shape, ct / b), squeezing_reduced(b.shape, -ct * a / b**2)


def plus(a, b):
    return a + b


def right_plus(ct, a, b):
    return reduced_to(a.shape, ct), reduced_to(b.shape, ct)


def wrong_plus(ct, a, b):
    return averaged_to(a.shape, ct), averaged_to(b.shape, ct)


def right_expanded(x, shape=()):
    return np.broadcast_to(x, shape).copy(), lambda ct: reduced_to(x.shape, ct)


def wrong_expanded(x, shape=()):
    return np.broadcast_to(x, shape).copy(), lambda ct: leading_reduced(x.shape, ct)


def biased(x, b):
    return np.tanh(x + b), (x, b)


def right_biased(dout, cache):
    x, b = cache
    dz = dout * (1 - np.tanh(x + b) ** 2)
    return dz, dz.sum(axis=0)


def wrong_biased(dout, cache):
    x, b = cache
    dz = dout * (1 - np.tanh(x + b) ** 2)
    return dz, dz


def columns_scaled(x, g):
    return x * g, (x, g)


def right_columns_scaled(dout, cache):
    x, g = cache
    return dout * g, (dout * x).sum(axis=0)


def wrong_columns_scaled(dout, cache):
    x, g = cache
    return dout * g, (dout * x).sum(axis=1)


def channels_scaled(x, g):
    return x * g[:, None, None], (x, g)


def right_channels_scaled(dout, cache):
    x, g = cache
    return dout * g[:, None, None], np.einsum("nchw,nchw->c", dout, x)


def wrong_channels_scaled(dout, cache):
    x, g = cache
    return dout * g[:, None, None], np.einsum("nchw,nchw->nc", dout, x)[0]


def right_cooled(z, t):
    return z / t, lambda ct: (ct / t, -(ct * z).sum() / t**2)


def wrong_cooled(z, t):
    return z / t, lambda ct: (ct / t, -(ct * z).sum(axis=-1) / t**2)


def right_differences(x, y):
    d = x[:, None, :] - y[None, :, :]

    def pull(ct):
        g = 2 * d * ct[:, :, None]
        return g.sum(axis=1), -g.sum(axis=0)

    return (d * d).sum(axis=-1), pull


def wrong_differences(x, y):
    d = x[:, None, :] - y[None, :, :]

    def pull(ct):
        g = 2 * d * ct[:, :, None]
        return g.sum(axis=1), -g.sum(axis=1)

    return (d * d).sum(axis=-1), pull


def chosen(x, fill, m):
    return np.where(m, x, fill), m


def right_chosen(ct, m):
    return np.where(m, ct, 0), np.where(m, 0, ct).sum(axis=0, keepdims=True)


def wrong_chosen(ct, m):
    return np.where(m, ct, 0), np.where(m, 0, ct).sum()


PLANTED = (
    planted_pullback(
        "times", "(),()->()", right_times, wrong_times, "sums over added axes, but not over those of size one", SHAPES
    ),
    planted_pullback(
        "minus",
        "(),()->()",
        right_minus,
        wrong_minus,
        "takes the last axes for those that broadcasting has added, when it adds them in front",
        SHAPES,
    ),
    planted_pair(
        "over",
        "(),()->()",
        (over, right_over),
        (over, wrong_over),
        "sums over axes of size one without keeping them",
        SHAPES,
        domain={"b": Nonzero()},
    ),
    planted_pair(
        "plus",
        "(),()->()",
        (plus, right_plus),
        (plus, wrong_plus),
        "averages over the axes of size one instead of summing",
    ),
    planted_pullback(
        "expanded",
        "(...)->",
        right_expanded,
        wrong_expanded,
        "forgets the axes of size one of what was broadcast",
        SHAPES,
        options={"shape": Broadcasting()},
    ),
    planted_pair(
        "biased",
        "(n,d),(d)->(n,d)",
        (biased, right_biased),
        (biased, wrong_biased),
        "forgets to sum the gradient of the bias over the batch",
        SHAPES,
    ),
    planted_pair(
        "columns_scaled",
        "(d,d),(d)->(d,d)",
        (columns_scaled, right_columns_scaled),
        (columns_scaled, wrong_columns_scaled),
        "sums over the axis that the scale belongs to",
    ),
    planted_pair(
        "channels_scaled",
        "(n,c,2,2),(c)->(n,c,2,2)",
        (channels_scaled, right_channels_scaled),
        (channels_scaled, wrong_channels_scaled),
        "takes the first of the batch for the sum over it",
    ),
    planted_pullback(
        "cooled",
        "(n,c),()->(n,c)",
        right_cooled,
        wrong_cooled,
        "sums the gradient of the temperature over one axis only",
        SHAPES,
    ),
    planted_pullback(
        "differences",
        "(n,d),(n,d)->(n,n)",
        right_differences,
        wrong_differences,
        "sums both gradients over the same axis",
    ),
    planted_pair(
        "chosen",
        "(n,d),(1,d),(n,d)->(n,d)",
        (chosen, right_chosen),
        (chosen, wrong_chosen),
        "sums the gradient of the fill values over all axes",
        SHAPES,
        domain={"m": Mask()},
    ),
)
