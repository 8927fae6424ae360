"""Properties that say by themselves what is wrong: in their words, with the remedy."""

from __future__ import annotations

import re

import numpy as np

from backproof.engine.subjects import Subject

from ..judgement import Judgement
from .sayings import Diagnosis

BY_THEMSELVES = ("pure", "repeatable", "layout_independent", "aliased_operands", "accurate_in_dtype")


def says_by_itself(name: str, subject: Subject, judgement: Judgement) -> Diagnosis | None:
    """What follows from the reason that a property gives."""
    reason = judgement.reason
    if name == "pure":
        return _in_place(reason)
    if name == "accurate_in_dtype":
        return _narrow(subject, judgement)
    dtype = re.search(r"the cotangent for (\S+) is (\w+\d+), but should be (\w+\d+)", reason)
    if name == "shapes_and_dtypes" and dtype:
        argument, got, wanted = dtype.groups()
        says = f"the cotangent for {argument} is {got} where {argument} is {wanted}: an array or a number of its own "
        return Diagnosis(says + "dtype is made on the way, such as np.zeros(shape) without dtype=", "dtype", argument)
    return None


def _in_place(reason: str) -> Diagnosis | None:
    changed = re.search(r"the (forward|pullback) changed (its (cotangent|argument (\S+)) in place)", reason)
    if changed is None:
        return None
    who, _, what, argument = changed.groups()
    name = "ct" if what == "cotangent" else argument
    remedy = f"work on a copy, such as {name} = {name}.copy()"
    says = f"the {who} writes into {'the cotangent that it is handed' if name == 'ct' else name}: {remedy}"
    return Diagnosis(says, "in_place", argument)


def _narrow(subject: Subject, judgement: Judgement) -> Diagnosis | None:
    """Errors of the size of another dtype's unit, in float64."""
    mismatch, reason = judgement.mismatch, judgement.reason
    if mismatch is None or "narrower" not in reason or "in float64" not in reason:
        return None
    expected, got = (np.array([float(v) for v in values]) for values in (mismatch.expected, mismatch.got))
    if not (np.isfinite(expected).all() and np.isfinite(got).all() and expected.any()):
        return None
    error = float(np.max(np.abs(expected - got)) / np.max(np.abs(expected)))
    for dtype in (np.float32, np.float16):
        unit = float(np.finfo(dtype).eps)
        if unit / 64 < error < 4 * unit:
            argument = next((a for a in subject.arguments if f"for {a} " in f"{mismatch.what} "), None)
            says = f"the {mismatch.what} is right to {-np.log10(error):.0f} digits in float64: something on the way "
            return Diagnosis(f"{says}is {np.dtype(dtype)}", "narrow_dtype", argument)
    return None
