"""Mistakes with an explanation that lies near and is false: words that must not be said of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from backproof.engine.domains import Labels, Mask
from backproof.engine.options import Real
from backproof.engine.subjects import Subject, pullback


@dataclass(frozen=True)
class Tempting:
    signature: str
    operation: Callable[..., Any]
    false: str
    declared: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> Subject:
        return pullback(self.operation, self.signature, name=self.operation.__name__, **self.declared)


TEMPTING: list[Tempting] = []


def tempting(signature, false, **declared):
    def add(operation):
        TEMPTING.append(Tempting(signature, operation, false, declared))
        return operation

    return add


@tempting("(n),(n)->(n)", "twice")
def that_of_another_which_is_wrong_too(a, b):
    return a * b**2, lambda ct: (2 * ct * a * b, ct * a)


@tempting("(n)->()", "mean")
def a_constant_added_to_each(x):
    return np.sum(x**3), lambda ct: ct * (3 * x**2 + 1)


@tempting("(n,c),(n)->()", "not subtracted", domain={"labels": Labels("c")}, options={"eps": Real(0.05, 0.5)})
def smoothing_forgotten(z, labels, eps=0.1):
    shifted = z - z.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    hits = np.zeros(z.shape)
    hits[np.arange(len(z)), labels] = 1 - eps
    return -((hits + eps / max(z.shape[1], 1)) * logs).sum(), lambda ct: (ct * (np.exp(logs) - hits), None)


@tempting("(n)->(n)", "kink")
def differences_of_a_step_beside_a_smooth_choice(x):
    def f(v):
        return np.maximum(v, 0) * v

    return f(x), lambda ct: ct * (f(x + 1e-8) - f(x)) / 1e-8


@tempting("(n),(n)->(n)", "mask is False", domain={"mask": Mask()})
def wrong_where_no_mask_is_true(x, mask):
    def pull(ct):
        return (ct if len(x) > 1 and not mask.any() else ct * mask * (x > 0)), None

    return np.maximum(x, 0) * mask, pull


@tempting("(n)->(n)", "x > 0")
def beyond_a_number_that_is_read(x):
    return x**2, lambda ct: ct * np.where(x > float("0.2"), 1.0, 2 * x)
