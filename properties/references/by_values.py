"""Values evidence: an extended forward, and a pullback that only runs in float64."""

from __future__ import annotations

import numpy as np

from backproof.engine.domains import project
from backproof.engine.errors import NotExtendable
from backproof.engine.extended import computing, rebound, released, to_float
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from ..judgement import (
    Evidence,
    Judgement,
    Setting,
    Verdict,
    falsified,
    float_digits,
    float_mismatch,
    inconclusive,
    passed,
)
from .accuracy import ALLOWED, UNIT
from .agreement import near
from .by_native_runs import judged_by_native_runs
from .claims import evidence
from .comparing import is_finite
from .differences import Base, record
from .directions import dense_direction
from .entries import entry
from .plain_runs import Answers, native_run
from .probing import leak_at
from .running import Lifted, bound_forward, expected_cotangent, lift

MOST_ENTRIES = 160  # of all arguments together
ANOTHER = "the forward is another on floats than in extended precision"
COARSE = 1e-3  # of the largest entry: a wider tolerance decides nothing


def judged_by_values(subject: Subject, point: Point, setting: Setting) -> Judgement:
    """The pullback on floats against differences of the extended forward, entry by entry.

    An entry may be off by 16 times what changes of +-u in primals and cotangent do to the derivative, plus u times
    the largest entry, the natural scale of the problem and the largest entry of the cotangent. A tolerance above
    1e-3 of the largest entry decides nothing.
    """
    leak = leak_at(subject, point, derivatives=False)
    if leak is not None:
        return inconclusive(f"the forward leaves extended precision at {leak}", Evidence.NATIVE, weaken=True)
    with computing(setting.arithmetic, setting.precisions[0]):
        lifted = lift(point)
        with rebound(*subject.code):
            try:
                base = record(
                    bound_forward(subject, lifted), lifted.primals, setting.precisions[0], subject.differentiated
                )
                return _judged(subject, lifted, base, setting)
            except NotExtendable as error:
                return inconclusive(f"no extended forward: {error}", Evidence.NATIVE, weaken=True)


def _judged(subject: Subject, lifted: Lifted, base: Base, setting: Setting) -> Judgement:
    native = native_run(subject, lifted.point)
    if native is None:
        return inconclusive("the pullback raises on floats", Evidence.VALUES)
    if subject.derivative_of is None and not near(to_float(base.output), native.output):
        return inconclusive(ANOTHER, Evidence.NATIVE, weaken=True)
    entries = sum(base.primals[i].size for i in subject.differentiated)
    if entries > MOST_ENTRIES:
        return inconclusive(f"{entries} entries are too many to be judged one by one", Evidence.VALUES)
    ct = expected_cotangent(subject, lifted.cotangent)
    digits = 16.0
    for position in subject.differentiated:
        judgement = _argument(subject, lifted, base, ct, position, native)
        if judgement.reason and len(base.log.tied) and judgement.mismatch is not None:
            return inconclusive("it differs at a kink, where values alone do not decide", Evidence.VALUES)
        if judgement.verdict is Verdict.FALSIFIED and _holds_on_floats(subject, lifted, setting):
            return inconclusive(f"{ANOTHER}, here in its slopes alone", Evidence.NATIVE, weaken=True)
        if judgement.reason:
            return judgement
        digits = min(digits, judgement.digits or 0.0)
    return passed(Evidence.VALUES, digits)


def _holds_on_floats(subject: Subject, lifted: Lifted, setting: Setting) -> bool:
    with released():
        return judged_by_native_runs(subject, lifted.point, setting).verdict is Verdict.PASSED


def _argument(subject: Subject, lifted: Lifted, base: Base, ct: object, position: int, native: Answers) -> Judgement:
    name, got = subject.arguments[position], native.cotangents[position]
    if got is None:
        return falsified(f"the cotangent for {name} is None, but {name} is differentiable", Evidence.VALUES)
    shape = base.primals[position].shape
    if got.shape != tuple(shape):
        return falsified(f"the cotangent for {name} has shape {got.shape}, but should have {name}'s", Evidence.VALUES)
    if not np.isfinite(got).all():
        return inconclusive(f"the cotangent for {name} is not finite on floats", Evidence.VALUES)
    got = np.asarray(project(subject.domains[position], got, lifted.point.primals[position]))  # as the directions are
    found = [entry(subject, base, ct, position, place) for place in range(got.size)]
    if not all(is_finite(each.value) and is_finite(each.error) for each in found):
        return inconclusive(f"the derivative for {name} is not a finite number here", Evidence.VALUES)
    exact = np.array([float(each.value) for each in found]).reshape(got.shape)
    errors = np.array([float(each.error) for each in found]).reshape(got.shape)
    natural = max((float(each.natural) for each in found), default=0.0)
    spread = _spread(subject, lifted, base, position)
    largest = float(np.max(np.abs(exact), initial=0.0))
    handed = float(np.max(np.abs(lifted.point.cotangent), initial=0.0))
    allowed = ALLOWED * (spread + UNIT * (largest + natural + handed)) + errors
    off = np.abs(got - exact)
    if np.all(off <= allowed):
        coarse = float(np.max(allowed, initial=0.0)) > COARSE * largest and bool(np.any(off))
        if coarse:
            return inconclusive(f"float64 cannot tell for {name}: the derivative loses all its digits", Evidence.VALUES)
        return passed(Evidence.VALUES, float_digits(off, largest))
    if float(np.max(off, initial=0.0)) <= COARSE * largest or float(np.min(allowed)) > COARSE * largest:
        return inconclusive(f"the cotangent for {name} is off by {np.max(off):.2g}, rounding or not", Evidence.VALUES)
    shown = float_mismatch(name, exact, got)
    return falsified(f"the cotangent for {name} is not J^T ct", Evidence.VALUES, mismatch=shown)


def _spread(subject: Subject, lifted: Lifted, base: Base, position: int) -> float:
    """How far a change of +-u in all primals moves the derivative along a dense direction."""
    direction = [dense_direction(p.shape, 1) if i == position else None for i, p in enumerate(base.primals)]
    here = evidence(base, lifted.cotangent, direction)
    source = np.random.default_rng(lifted.point.fingerprint)
    largest = 0.0
    for _ in range(2):
        signs = [source.choice([-UNIT, UNIT], size=tuple(p.shape)) for p in base.primals]
        moved = [
            p + p * shift if i in subject.differentiated else p  # in floats 1 + u is 1
            for i, (p, shift) in enumerate(zip(base.primals, signs, strict=True))
        ]
        beside = record(base.forward, moved, base.bits, subject.differentiated)
        there = evidence(beside, lifted.cotangent, direction)
        largest = max(largest, abs(float(there.value) - float(here.value)))
    return largest if largest == largest else 0.0
