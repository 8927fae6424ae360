"""Labels that occur more than once: what is written with ``=`` or ``+=`` at repeated indices keeps one of them."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import Labels

from .cases import Case
from .claims import Array, Claim, explains, given
from .sayings import Diagnosis


def counts_one_of_repeated(claim: Claim) -> Diagnosis | None:
    """Of several places with the same label, only the last (or the first) counts."""
    for position, name in enumerate(claim.subject.arguments):
        if not isinstance(claim.subject.domains[position], Labels):
            continue
        for word, reverse in (("last", False), ("first", True)):
            if explains(claim.cases, given(_kept, position, reverse)):
                says = f"counts only the {word} of the places where {name} repeats a label: with repeated indices, "
                return claim.says(says + "a[i] += b adds once; np.add.at adds them all", "last_repeat")
    return None


def _kept(case: Case, position: int, reverse: bool) -> Array | None:
    labels = case.point.primals[position]
    if case.output.shape[: labels.ndim] != labels.shape:
        return None
    flat = labels.ravel()
    later = flat[::-1] if reverse else flat
    last = np.array([label not in later[place + 1 :] for place, label in enumerate(later)], dtype=bool)
    kept = (last[::-1] if reverse else last).reshape(labels.shape)
    return np.asarray(case.right * kept.reshape(*labels.shape, *[1] * (case.right.ndim - labels.ndim)))
