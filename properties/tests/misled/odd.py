"""Mistakes that nothing simple explains: whatever would be said of their cause would be wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from backproof.engine.domains import Labels
from backproof.engine.options import Real
from backproof.engine.subjects import Subject, pullback


@dataclass(frozen=True)
class Odd:
    signature: str
    operation: Callable[..., Any]
    declared: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> Subject:
        return pullback(self.operation, self.signature, name=self.operation.__name__, **self.declared)


ODD: list[Odd] = []


def into(mistakes):
    """The decorator that adds a mistake to a list."""

    def unexplained(signature, **declared):
        def add(operation):
            mistakes.append(Odd(signature, operation, declared))
            return operation

        return add

    return unexplained


odd = into(ODD)


@odd("(n)->(n)")
def wobbling_factor(x):
    return np.sin(x), lambda ct: ct * np.cos(x) * (1 + 0.1 * np.sin(7 * x))


@odd("(n)->(n)")
def slope_of_another_function(x):
    return np.sin(x) + x, lambda ct: ct / (1 + x**4)


@odd("(n)->(n)")
def scan_reversed_once(x):
    return np.cumsum(x * x), lambda ct: 2 * x * np.cumsum(ct[::-1])


@odd("(n,d)->(n,d)")
def mixed_axes(x):
    return np.cumsum(x**2, axis=0), lambda ct: 2 * x * np.cumsum(ct[:, ::-1], axis=1)


@odd("(n)->(n)")
def tanh_of_squared_input(x):
    return np.tanh(x), lambda ct: ct * (1 - x**2)


@odd("(n)->(n)")
def normalised_cotangent(x):
    return np.sin(x), lambda ct: np.cos(x) * ct / (1 + np.sum(ct * ct))


@odd("(n)->(n)", options={"k": Real(0.5, 2.0)})
def option_misused(x, k=1.0):
    return np.sin(k * x), lambda ct: ct * k * np.cos(k * k * x + 0.3)


@odd("(n,i),(i,o)->(n,o)")
def noise_like_matrix(x, w):
    return x @ w, lambda ct: (ct @ w.T * np.cos(17 * x), x.T @ ct + 0.2 * np.sin(13 * w) * np.sum(ct))


@odd("(v,d),(n)->(n,d)", domain={"words": Labels("v")})
def weights_by_place(table, words):
    def pull(ct):
        d = np.zeros_like(table)
        np.add.at(d, words, ct * (1 + np.arange(len(words)))[:, None] ** 0.3)
        return d, None

    return table[words], pull


@odd("(n)->()")
def data_dependent(x):
    return np.sum(x**3), lambda ct: 3 * ct * x**2 * (1 + 0.01 * np.max(np.abs(x)))


@odd("(n),(n)->(n)")
def two_mistakes(a, b):
    return np.sin(a) * b, lambda ct: (ct * np.cos(a + 0.1 * b) * b + ct * a * b**2, ct * np.sin(a))


@odd("(n,d)->(d)")
def unequal_rows(x):
    return np.sum(np.sin(x), axis=0), lambda ct: ct * np.cos(x) * (0.5 + np.sqrt(np.arange(len(x))))[:, None]


@odd("(n,n)->(n,n)")
def half_symmetrised(a):
    return a @ a, lambda ct: ct @ a.T + 0.3 * (a.T @ ct) + 0.2 * ct
