"""Pullback and pushforward in float64, float32 and float16 against themselves in extended precision."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from backproof.engine.errors import BackproofError, NotExtendable, SpecError
from backproof.engine.extended import Log, computing, extended, rebound, recording, to_float
from backproof.engine.subjects import Subject, quietly
from backproof.strategies.points import Point

from .judgement import (
    Evidence,
    Judgement,
    Setting,
    Verdict,
    falsified,
    float_mismatch,
    inconclusive,
    passed,
    sentence_property,
)
from .references.accuracy import ALLOWED, ROUNDED, represented, rounding_spreads, spreads, terms_of
from .references.plain_runs import plainly
from .references.running import Lifted, Settled, lift, run_jvp, run_vjp

Array = np.ndarray[Any, Any]
Moves = tuple[list[float], list[float]]  # of each array: by what is handed in, and by rounding

DTYPES = (np.float64, np.float32, np.float16)
UNDERFLOWING = 1024.0  # times the smallest normal number: below it, digits are lost to underflow
AT_ONCE = 8.0  # units of roundoff of the largest entry that are nobody's business


def _is_nobodys_concern(subject: Subject) -> str | None:
    return 'its accuracy is declared "any"' if subject.accuracy == "any" else None


@sentence_property(
    "In float64, float32 and float16, pullback and pushforward are as accurate as rounding what they do allows.",
    _is_nobodys_concern,
)
def accurate_in_dtype(subject: Subject, point: Point, setting: Setting) -> Judgement:
    lost_bits = 0.0
    with quietly():
        for dtype in DTYPES:
            judgement = _in_dtype(subject, point, setting, np.dtype(dtype))
            if judgement is not None and judgement.verdict is not Verdict.PASSED:
                return judgement
            lost_bits = max(lost_bits, judgement.lost_bits if judgement else 0.0)
    return replace(passed(), lost_bits=lost_bits)


def _in_dtype(subject: Subject, point: Point, setting: Setting, dtype: np.dtype[Any]) -> Judgement | None:
    """What is wrong in one dtype, None where nothing is or nothing can be said."""
    given = represented(point, dtype)
    if given is None:
        return None
    native = _native(subject, given, dtype)
    if native is None:
        return None
    try:
        for bits in (setting.precisions[0], setting.precisions[-1]):
            with computing(setting.arithmetic, bits):
                lifted = lift(given)
                with rebound(*subject.code):
                    judgement = _compared(subject, lifted, setting, dtype, native)
            if judgement is None or judgement.verdict is not Verdict.FALSIFIED:
                break  # nobody is accused whom more precision excuses: 1 + expm1(-800) is nothing in 256 bits
        return judgement
    except (NotExtendable, Settled):
        return None  # what has no extended run has nothing to be compared with
    except SpecError:
        raise
    except BackproofError as error:
        return inconclusive(str(error))


def _native(subject: Subject, point: Point, dtype: np.dtype[Any]) -> list[Any] | None:
    """The cotangents in the dtype, and the output's tangent where there is one.

    None where the code raises, or where its output has another dtype.
    """
    try:
        found = plainly(subject, point)
        if found.output.dtype != dtype or not np.isfinite(found.output).all():
            return None
        if subject.jvp is None:
            return list(found.cotangents)
        tangents = _tangents(subject, point, dtype)
        return [*found.cotangents, subject.jvp([p.copy() for p in point.primals], tangents, **point.options)]
    except Exception:  # a person's code may raise anything; another property says so
        return None


def _tangents(subject: Subject, point: Point, dtype: np.dtype[Any]) -> list[Array | None]:
    """Numbers of either sign between 1/2 and 1, exact in the dtype."""
    source = np.random.default_rng(point.fingerprint)
    return [
        np.asarray(source.uniform(0.5, 1.0, p.shape) * source.choice([-1.0, 1.0], p.shape), dtype=dtype)
        if subject.is_differentiated(i)
        else None
        for i, p in enumerate(point.primals)
    ]


def _compared(
    subject: Subject, lifted: Lifted, setting: Setting, dtype: np.dtype[Any], native: Sequence[Any]
) -> Judgement | None:
    of_pullbacks: list[Log] = []
    of_pushforwards: list[Log] = []  # by themselves: a tie in one is no excuse for the other
    outputs: list[Any] = []
    tangents = [None if t is None else extended(t) for t in _tangents(subject, lifted.point, dtype)]

    def pulled(moved: Lifted) -> Sequence[Any]:
        with recording() as log:
            run = run_vjp(subject, moved)
            results = run.pull(moved.cotangent)
        of_pullbacks.append(log)
        outputs.append(run.output)
        return results

    def pushed(moved: Lifted) -> Sequence[Any]:
        with recording() as log:
            tangent = run_jvp(subject, moved, tangents)
        of_pushforwards.append(log)
        return [tangent]

    def moves(computed: Callable[[Lifted], Sequence[Any]], here: Sequence[Any]) -> Moves:
        by_inputs = spreads(here, computed, lifted, unit)
        return by_inputs, rounding_spreads(here, computed, subject, lifted, setting, unit)

    cotangents, tangent = pulled(lifted), pushed(lifted) if subject.jvp is not None else []
    exact = [*cotangents, *tangent]
    unit = float(np.finfo(dtype).eps) / 2
    underflowing = UNDERFLOWING * float(np.finfo(dtype).smallest_normal)
    moved: dict[bool, Moves] = {}
    lost_bits = 0.0
    last = [len(subject.arguments)] if subject.jvp is not None else []
    for position in (*subject.differentiated, *last):
        if native[position] is None or np.shape(native[position]) != tuple(exact[position].shape):
            return None  # another property's business
        want, got = to_float(exact[position]), np.asarray(native[position], dtype=float)
        error, largest = _normwise(want, got)
        if largest < underflowing:
            continue
        is_pushed = position in last
        relative = subject.accuracy == "relative" and not is_pushed
        if error <= AT_ONCE * unit * largest + _smallest(dtype) and not relative:
            continue
        if is_pushed not in moved:
            moved[is_pushed] = moves(pushed, tangent) if is_pushed else moves(pulled, cotangents)
        by_inputs, by_rounding = (sizes[0 if is_pushed else position] for sizes in moved[is_pushed])
        logs = of_pushforwards if is_pushed else of_pullbacks
        many = max(1.0, math.sqrt(terms_of(lifted) / 1024))
        handed = _handed(np.ones(()) if is_pushed else to_float(lifted.cotangent), outputs[0])
        expected = by_inputs + unit * (largest + handed * _largest_but(lifted, position))
        name = "the tangent of the output" if is_pushed else f"the cotangent for {subject.arguments[position]}"
        says = f"inaccurate in {dtype}: {name}"
        shown = replace(float_mismatch("", want, got), what=name.removeprefix("the "))
        if relative:
            off = np.abs(got - want) - ALLOWED * many * unit * np.abs(want)
            tiny = np.maximum(np.abs(want), np.abs(got)) < underflowing  # digits are lost to underflow
            if np.any(off > 0, where=~tiny):
                reason = f"{says} is declared to be accurate in every entry, and is not"
                return _unless_decisions_flip(falsified(reason, mismatch=shown), logs)
            continue
        allowed = ROUNDED * many * max(by_rounding, expected) + _smallest(dtype)
        if error > allowed and terms_of(lifted) * unit < 0.1:
            reason = f"{says} is off by {error / (unit * largest):.2g} units of roundoff: something narrower is "
            reason += 'inside (accuracy="any" declares that it is meant)'
            return _unless_decisions_flip(falsified(reason, mismatch=shown), logs)
        if error > ALLOWED * many * expected and error > expected / math.sqrt(unit):
            reason = f"{says} loses {math.log2(error / expected):.0f} bits to its formula: "
            reason += "the way it is computed is ill-conditioned, the problem is not"
            return _unless_decisions_flip(falsified(reason, mismatch=shown), logs)
        if error > ALLOWED * many * expected and expected:
            lost_bits = max(lost_bits, math.log2(error / expected))
    return replace(passed(), lost_bits=lost_bits) if lost_bits else None


def _handed(ct: Array, output: Any) -> float:
    """The size of what a pullback works on: a cotangent of <ct, 1 + |y|> that saturation makes tiny is tiny to it."""
    y = np.abs(to_float(output))
    total = np.sum(np.abs(ct) * (1 + np.where(np.isfinite(y), y, 0)))
    return float(total) if np.isfinite(total) else 0.0


def _largest_but(lifted: Lifted, position: int) -> float:
    """The largest of the other arguments, or 1: what a cotangent may be multiplied with on its way."""
    others = [np.abs(p) for i, p in enumerate(lifted.point.primals) if i != position and p.dtype.kind == "f"]
    return max([1.0, *(float(np.max(p, initial=0.0)) for p in others)])


def _normwise(want: Array, got: Array) -> tuple[float, float]:
    comparable = np.isfinite(want) & np.isfinite(got)
    error = np.max(np.abs(got - want), initial=0.0, where=comparable)
    return float(error), float(np.max(np.abs(want), initial=0.0, where=comparable))


def _smallest(dtype: np.dtype[Any]) -> float:
    """What gradual underflow may do to each of a few operations."""
    return 16 * float(np.finfo(dtype).smallest_subnormal)


def _unless_decisions_flip(judgement: Judgement, logs: Sequence[Log]) -> Judgement:
    """A decision that rounding flips, or a tie, explains any error: which piece is taken is no question of accuracy."""
    first = logs[0]
    same = all(_same_decisions(first, other) for other in logs[1:])
    if first.tied or not same:
        return inconclusive("a decision is within rounding of flipping", Evidence.FORMULA)
    return judgement


def _same_decisions(one: Log, other: Log) -> bool:
    return len(one.decisions) == len(other.decisions) and all(
        a.kind == b.kind and a.index.shape == b.index.shape and np.array_equal(a.index, b.index)
        for a, b in zip(one.decisions, other.decisions, strict=True)
    )
