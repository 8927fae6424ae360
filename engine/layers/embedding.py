"""An embedding: rows of a table, picked by integers."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..domains import Labels
from ..primitives import scatter_add
from ..subjects import layer


@layer("(v,d),(n)->(n,d)", domain={"words": Labels("v")}, batch="n")
def embedding(table: Any, words: Any) -> Any:
    """``y_n = table[words_n]``: a table of shape (v, d), and n integers from 0 to v - 1."""
    return table[words]


@embedding.pullback
def embedding(table: Any, words: Any) -> Any:
    """Differential: ``dy = P dtable``, where row n of the matrix P has a single one, in column ``words_n``.

    Trace form: ``tr(ct^T P dtable) = <P^T ct, dtable>``.
    Gradient: ``P^T ct``: each row of ct is added to the row that it was picked from, however often that is.
    """
    return table[words], lambda ct: (scatter_add(ct, words, table.shape), None)


@embedding.invariant
def embedding(dtable: Any, ct: Any) -> Any:
    """nothing of the cotangent is lost: its columns have the same sums"""
    return np.sum(dtable, axis=0), np.sum(ct, axis=0)
