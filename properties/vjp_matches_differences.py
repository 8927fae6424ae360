"""The pullback against extended-precision differences of the forward."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from backproof.engine.extended import ACTUAL, ExtendedArray, Policy, decimals, extended, stripped
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .judgement import (
    Evidence,
    Judgement,
    Mismatch,
    Setting,
    Verdict,
    close,
    falsified,
    inconclusive,
    passed,
    sentence_property,
)
from .references.agreement import disagreement
from .references.by_convention import held_by_convention
from .references.by_native_runs import judged_by_native_runs
from .references.by_values import judged_by_values
from .references.claims import (
    DIRECTIONS,
    Directions,
    evidence,
    held,
    held_at_ties,
    too_many_pieces,
    too_small_to_show,
)
from .references.comparing import Comparison, Number, Relation, is_finite
from .references.differences import Base, products, record
from .references.directions import dense_direction, direction_seeds
from .references.entries import DIGITS, entry_decimal
from .references.equality import same
from .references.judging import in_extended_precision
from .references.plain_runs import native_run
from .references.running import Lifted, bound_forward, expected_cotangent, run_vjp

SAY_WHERE = "say with domain= where arguments live, or with at_kink= what holds at singular points"
MOST_ENTRIES = 256  # of an argument whose cotangent is shown entry by entry


@sentence_property("J^T ct, as the pullback computes it, is what differences of the forward say it is.", weakens=True)
def vjp_matches_differences(subject: Subject, point: Point, setting: Setting) -> Judgement:
    by = {Evidence.VALUES: judged_by_values, Evidence.NATIVE: judged_by_native_runs}
    return by.get(setting.strength, _judged_by_formula)(subject, point, setting)


@in_extended_precision
def _judged_by_formula(subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int) -> Judgement | None:
    if subject.reference is not None:
        return inconclusive("the forward is opaque, and has a reference instead", Evidence.NATIVE, weaken=True)
    base = record(bound_forward(subject, lifted), lifted.primals, bits, subject.differentiated)
    run = run_vjp(subject, lifted)
    cotangents = run.pull(lifted.cotangent)
    value: Judgement | None = passed()
    if subject.derivative_of is None:
        says = "the forward and the value that comes with the pullback"
        value = same(["the output"], [base.output], [run.output], says)
    if (
        value is None
        or (value.verdict is not Verdict.PASSED and value.gap is None)
        or value.verdict is Verdict.FALSIFIED
    ):
        return value
    judgement = _compared(subject, point, setting, lifted, base, cotangents)
    if judgement is not None and judgement.verdict is Verdict.PASSED and value.verdict is not Verdict.PASSED:
        return value  # the two values agree but for rounded constants, or so it must be shown
    if judgement is None or judgement.verdict is not Verdict.PASSED or base.log.tied:
        return judgement
    other = disagreement(subject, lifted, setting, run.output, cotangents)
    return judgement if other is None else inconclusive(other, weaken=True)


def _compared(
    subject: Subject, point: Point, setting: Setting, lifted: Lifted, base: Base, cotangents: Sequence[Any]
) -> Judgement | None:
    expected_ct = expected_cotangent(subject, lifted.cotangent)

    def shares(directions: Directions) -> list[tuple[Number, Number]]:
        """<g, v> and its size for each argument that moves."""
        pairs = zip(cotangents, directions, strict=True)
        return [products(g, v) for g, v in pairs if g is not None and v is not None]

    def claim(directions: Directions) -> tuple[Number, Number]:
        values, sizes = zip(*shares(directions), strict=True)
        return sum(values), sum(sizes)

    def alone(position: int, directions: Directions) -> Directions:
        return [v if i == position else None for i, v in enumerate(directions)]

    dense = _dense(subject, point, lifted)
    directions = next(dense)
    together = held(claim, base, expected_ct, directions)
    if together.relation is Relation.AGREE:
        sizes = [size for _, size in shares(directions)]
        small = [subject.differentiated[i] for i in too_small_to_show(sizes, sum(sizes))]
        each = [held(claim, base, expected_ct, alone(i, directions)) for i in small]
        if all(comparison.relation is Relation.AGREE for comparison in each):
            return passed(digits=min(comparison.digits for comparison in (together, *each)))
    if together.relation is Relation.UNRESOLVED:
        return None
    if subject.at_kink != "between" and (base.log.tied or together.relation is Relation.UNDEFINED):
        return held_by_convention(subject, base, expected_ct, cotangents)
    if base.log.tied:
        generic = [directions, *islice(_with_ones(subject, lifted, dense), DIRECTIONS - 1)]
        at_ties = held_at_ties(claim, base, expected_ct, generic)
        if at_ties.relation is Relation.AGREE:
            return passed(digits=at_ties.digits)
        if at_ties.relation is Relation.UNRESOLVED:
            return inconclusive(too_many_pieces(base))
    if together.relation is Relation.UNDEFINED and not base.log.tied:
        leaked = _leaked(subject, lifted, base, expected_ct, cotangents, directions)
        if leaked is not None:
            return falsified(f"the cotangent for {leaked} is not a finite number, although the derivative is")
    policy = ACTUAL
    if base.log.tied and setting.detailed:
        policy = _fairest(base, lambda p, i: held(claim, base, expected_ct, alone(i, directions), p), subject)
    for position in subject.differentiated:
        comparison = held(claim, base, expected_ct, alone(position, directions), policy)
        judgement = _judged(subject, subject.arguments[position], comparison)
        if judgement is not None and comparison.relation is Relation.DIFFER and setting.detailed:
            shown = _mismatch(subject, base, lifted, cotangents[position], position, policy)
            return replace(judgement, mismatch=shown)
        if judgement is not None:
            return judgement
    return _judged(subject, "all arguments together", together)


def _leaked(
    subject: Subject, lifted: Lifted, base: Base, ct: Any, cotangents: Sequence[Any], directions: Directions
) -> str | None:
    """The argument whose cotangent is not finite (nor is it on floats), where all primals and the derivative are."""
    if not all(np.isfinite(p).all() for p in lifted.point.primals if p.dtype.kind == "f"):
        return None  # infinities behind a mask have no derivative of their own
    found = evidence(base, ct, directions)
    native = native_run(subject, lifted.point)
    if native is None or not (is_finite(found.value) and is_finite(found.error)):
        return None
    for position in subject.differentiated:
        on_floats = native.cotangents[position]
        if on_floats is None or np.isfinite(on_floats).all():
            continue
        if not all(map(is_finite, stripped(cotangents[position]).ravel().tolist())):
            return subject.arguments[position]
    return None


def _fairest(base: Base, comparison: Callable[[Policy, int], Comparison], subject: Subject) -> Policy:
    """Of the pieces that meet at a tie, the one that puts the fewest arguments in the wrong."""

    def wrong(policy: Policy) -> int:
        return sum(comparison(policy, i).relation is not Relation.AGREE for i in subject.differentiated)

    return min(base.log.policies()[0], key=wrong)


def _judged(subject: Subject, name: str, comparison: Comparison) -> Judgement | None:
    if comparison.relation is Relation.DIFFER:
        return falsified(f"the cotangent for {name} is not J^T ct", digits=comparison.digits, gap=comparison.gap)
    if comparison.relation is Relation.CLOSE:
        return close(f"the cotangent for {name} agrees", comparison.digits, comparison.gap)
    if comparison.relation is Relation.UNDEFINED:
        return replace(
            inconclusive(f"the derivative for {name} is not a finite number here: {SAY_WHERE}"), escalate=True
        )
    return None


def _dense(subject: Subject, point: Point, lifted: Lifted) -> Iterator[Directions]:
    seeds = direction_seeds(point.fingerprint, "vjp")
    while True:
        yield lifted.tangents(subject, lambda shape: dense_direction(shape, next(seeds)))


def _with_ones(subject: Subject, lifted: Lifted, dense: Iterator[Directions]) -> Iterator[Directions]:
    """Dense directions, and among them the vector of ones: no split of a tie may gain or lose a share."""
    yield lifted.tangents(subject, lambda shape: extended(np.ones(shape)))
    yield from dense


def _mismatch(
    subject: Subject, base: Base, lifted: Lifted, got: ExtendedArray | None, position: int, policy: Policy
) -> Mismatch | None:
    assert got is not None
    if got.size > MOST_ENTRIES:
        return None
    ct = expected_cotangent(subject, lifted.cotangent)
    shown = [entry_decimal(subject, base, ct, position, place, policy) for place in range(got.size)]
    return Mismatch(
        f"cotangent for {subject.arguments[position]}", got.shape, tuple(shown), tuple(decimals(got, DIGITS))
    )
