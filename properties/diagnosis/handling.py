"""What a pullback does with its cotangent: ignores it, hands it on, uses its square, adds something to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .cases import Case
from .claims import Array, Claim, expanded_to_output, explains
from .filling import generic
from .runs import NoCase, cotangent_at, largest, near
from .sayings import Diagnosis

MAPS: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("ct**2", np.square),
    ("abs(ct)", np.abs),
    ("sign(ct)", np.sign),
    ("maximum(ct, 0)", lambda ct: np.maximum(ct, 0)),
    ("minimum(ct, 1)", lambda ct: np.minimum(ct, 1)),
    ("clip(ct, -1, 1)", lambda ct: np.clip(ct, -1, 1)),
    ("round(ct)", np.round),
    ("(ct != 0)", lambda ct: (ct != 0).astype(float)),
    ("-abs(ct)", lambda ct: -np.abs(ct)),
    ("ct**3", lambda ct: ct**3),
)


class Pulled:
    """The cotangents that come of some cotangents of the output, and those that should, at one case."""

    def __init__(self, case: Case) -> None:
        source = np.random.default_rng(0)
        self.case = case
        self.cts = [scale * generic(case.output.shape, source) for scale in (3.0, 0.5)]
        self.got = [self.of(ct) for ct in self.cts]

    def of(self, ct: Array) -> Array:
        """What the pullback makes of a cotangent of the output."""
        return cotangent_at(self.case.subject, self.case.point, ct, self.case.position)

    def should(self, ct: Array) -> Array:
        """What it should make of it."""
        return np.asarray(np.tensordot(ct, self.case.right, axes=ct.ndim))


def is_linear(cases: Sequence[Case]) -> bool:
    """Whether what is made of a cotangent is the sum of what is made of its entries."""
    try:
        for case in cases[:3]:
            pulled = Pulled(case)
            for ct, got in zip(pulled.cts, pulled.got, strict=True):
                if not near(np.tensordot(ct, case.claimed, axes=ct.ndim), got):
                    return False
    except NoCase:
        return False
    return True


def is_not_linear(claim: Claim) -> Diagnosis | None:
    """What is not linear in ct, and how it is not."""
    try:
        pulled = [Pulled(case) for case in claim.cases]
        return _said(claim, pulled)
    except NoCase:
        return None


def _said(claim: Claim, pulled: Sequence[Pulled]) -> Diagnosis | None:
    told = [p for p in pulled if largest(p.case.right) or any(map(largest, p.got))]
    if len(told) < 2:
        return None
    if all(near(p.got[0], p.got[1]) and near(p.of(0 * p.cts[0]), p.got[0]) and largest(p.got[0]) for p in told):
        if all(near(p.got[0], p.should(np.ones_like(p.cts[0]))) for p in told):
            return claim.says("does not depend on ct: it is right only where ct is 1 everywhere", "ignores_cotangent")
        return claim.says("does not depend on ct", "ignores_cotangent")
    for name, change in MAPS:
        if all(near(got, p.should(change(ct))) for p in told for ct, got in zip(p.cts, p.got, strict=True)) and not all(
            near(change(ct), ct) for p in told for ct in p.cts
        ):
            return claim.says(f"is not linear in ct: it is right for {name} in the place of ct", "not_linear")
    offsets = [p.of(np.zeros_like(p.cts[0])) for p in told]
    if sum(largest(offset) > 0 for offset in offsets) >= 2 and all(
        near(got - offset, p.should(ct))
        for p, offset in zip(told, offsets, strict=True)
        for ct, got in zip(p.cts, p.got, strict=True)
    ):
        return claim.says("has something added to it that does not depend on ct", "offset")
    return None


def hands_on_something_else(claim: Claim) -> Diagnosis | None:
    """The cotangent itself, or times the output or an argument, in the place of J^T ct."""

    def of(case: Case, array: Array) -> Array | None:
        if case.output.shape != case.primal.shape:
            return None
        beside = expanded_to_output(case, array)
        return None if beside is None else np.eye(case.output.size).reshape(case.right.shape) * beside

    if explains(claim.cases, lambda case: of(case, np.ones(()))):
        return claim.says("is ct itself: it is handed on as it comes", "identity")
    if explains(claim.cases, lambda case: of(case, case.output)):
        return claim.says("is ct times the output: that is the function, not its derivative", "forward_value")
    if explains(claim.cases, lambda case: of(case, case.primal)):
        return claim.says(f"is ct times {claim.argument}", "forward_value")
    return None
