"""Kinks and ties: right beside such a point, and wrong there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backproof.engine.domains import Interval, Nonzero
from backproof.engine.errors import NotExtendable
from backproof.engine.extended import computing, rebound
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from ..judgement import Setting, Verdict
from ..references.differences import record
from ..references.running import bound_forward, lift
from ..vjp_matches_differences import vjp_matches_differences
from .claims import Claim
from .filling import Plan, generic, values
from .fresh import sizes_at
from .sayings import Diagnosis

BESIDE = 3  # points beside the one that was found, at all of which it must be right


def is_wrong_at_a_kink(claim: Claim, found: Point) -> Diagnosis | None:
    """A decision is tied at the point, and all is right where floats alone have other values."""
    if not _is_tied(claim.subject, found):
        return None
    for number in range(BESIDE):
        beside = _beside(claim.subject, found, number)
        if vjp_matches_differences.judge(claim.subject, beside, Setting()).verdict is not Verdict.PASSED:
            return None
    says = "is right where the function is smooth, and wrong at a kink or a tie, such as this point"
    return claim.says(says, "at_kink")


def _beside(subject: Subject, found: Point, number: int) -> Point:
    """The point with generic numbers: labels, masks, options and shapes are the same."""
    source = np.random.default_rng([number, 1])
    plan, sizes = Plan(number, False), sizes_at(subject, found)
    primals = tuple(
        values(domain, primal.shape, source, plan, sizes, ()) if isinstance(domain, Interval | Nonzero) else primal
        for domain, primal in zip(subject.domains, found.primals, strict=True)
    )
    return replace(found, primals=primals, cotangent=generic(found.cotangent.shape, source))


def _is_tied(subject: Subject, point: Point) -> bool:
    """Whether a decision of the forward is tied at a point."""
    setting = Setting()
    bits = setting.precisions[0]
    try:
        with computing(setting.arithmetic, bits):
            lifted = lift(point)
            with rebound(*subject.code):
                base = record(bound_forward(subject, lifted), lifted.primals, bits, subject.differentiated)
                return bool(base.log.tied)
    except NotExtendable:
        return False
