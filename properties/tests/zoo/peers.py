"""Ten mistakes that other tools are shown, in the backward of the sine."""

from __future__ import annotations

import numpy as np

from ._making import planted_pullback

LINEAR = "linear_in_cotangent"


def right_sine(x):
    return np.sin(x), lambda ct: np.cos(x) * ct


def squaring(x):
    return np.sin(x), lambda ct: np.cos(x) * ct**2


def taking_absolute_values(x):
    return np.sin(x), lambda ct: np.cos(x) * np.abs(ct)


def clipping(x):
    return np.sin(x), lambda ct: np.cos(x) * np.minimum(ct, 1)


def reading_memory(x):
    return np.sin(x), lambda ct: np.cos(x) * ct.ravel(order="K").reshape(ct.shape)


CONTEXT = {}


def keeping_context(x):
    CONTEXT["x"] = x
    return np.sin(x), lambda ct: np.cos(CONTEXT["x"]) * ct


def zeroing(x):
    def pull(ct):
        dx = np.cos(x) * ct
        ct[...] = 0
        return dx

    return np.sin(x), pull


def right_small_sine(x):
    return 5e-6 * np.sin(x), lambda ct: 5e-6 * np.cos(x) * ct


def forgetting_the_small(x):
    return 5e-6 * np.sin(x), lambda ct: np.zeros_like(x)


def averaging(x):
    return np.sin(x), lambda ct: np.cos(x) * ct / len(x)


def narrowing(x):
    return np.sin(x), lambda ct: np.cos(x.astype(np.float32)).astype(x.dtype) * ct


def nearly(x):
    return np.sin(x), lambda ct: 1.0005 * np.cos(x) * ct


ELEMENTWISE, BATCHED = "(...)->(...)", "(n,d)->(n,d)"

PLANTED = (
    planted_pullback("ct^2 J", ELEMENTWISE, right_sine, squaring, "squares its cotangent", LINEAR),
    planted_pullback(
        "abs(ct) J",
        ELEMENTWISE,
        right_sine,
        taking_absolute_values,
        "takes the absolute value of its cotangent",
        LINEAR,
    ),
    planted_pullback("ct clipped at 1", ELEMENTWISE, right_sine, clipping, "clips its cotangent at one", LINEAR),
    planted_pullback(
        "assumes a contiguous ct",
        BATCHED,
        right_sine,
        reading_memory,
        "reads its cotangent in the order in which it lies in memory",
        "layout_independent",
    ),
    planted_pullback(
        "context kept in the module, overwritten by a later forward",
        ELEMENTWISE,
        right_sine,
        keeping_context,
        "keeps its context in the module, where a later forward overwrites it",
        "repeatable",
    ),
    planted_pullback("zeroes ct in place", BATCHED, right_sine, zeroing, "zeroes its cotangent in place", "pure"),
    planted_pullback(
        "forward 5e-6*sin(x) with cotangent 0",
        ELEMENTWISE,
        right_small_sine,
        forgetting_the_small,
        "returns zeros where the derivative is small",
    ),
    planted_pullback(
        "divides by the batch size so that batch 1 hides it",
        BATCHED,
        right_sine,
        averaging,
        "divides by the size of the batch, which nobody has asked for",
    ),
    planted_pullback(
        "float32 inside", ELEMENTWISE, right_sine, narrowing, "computes the cosine in float32", "accurate_in_dtype"
    ),
    planted_pullback("0.05 % off", ELEMENTWISE, right_sine, nearly, "has a constant that is 0.05 % too large"),
)
