"""The pullback against extended-precision differences of the forward."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from backproof.engine.extended import ACTUAL, ExtendedArray, Policy, active, decimals, extended
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .judgement import Judgement, Mismatch, Setting, Verdict, close, falsified, inconclusive, passed, sentence_property
from .references.claims import Directions, held, held_at_ties, too_small_to_show
from .references.comparing import Comparison, Number, Relation
from .references.differences import Base, along, inner, products, record
from .references.directions import basis_direction, dense_direction, direction_seeds
from .references.equality import same
from .references.running import Lifted, bound_forward, in_extended_precision, run_vjp

MOST_ENTRIES = 256  # of an argument whose cotangent is shown entry by entry


@sentence_property("J^T ct, as the pullback computes it, is what differences of the forward say it is.")
@in_extended_precision
def vjp_matches_differences(
    subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int
) -> Judgement | None:
    base = record(bound_forward(subject, lifted), lifted.primals, bits, subject.differentiated)
    run = run_vjp(subject, lifted)
    cotangents = run.pull(lifted.cotangent)
    value = same(
        subject, ["the output"], [base.output], [run.output], "the forward and the value that comes with the pullback"
    )
    if value is None or value.verdict is Verdict.FALSIFIED:
        return value

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
    together = held(claim, base, lifted.cotangent, directions)
    if together.relation is Relation.AGREE:
        sizes = [size for _, size in shares(directions)]
        small = [subject.differentiated[i] for i in too_small_to_show(sizes, sum(sizes))]
        each = [held(claim, base, lifted.cotangent, alone(i, directions)) for i in small]
        if all(comparison.relation is Relation.AGREE for comparison in each):
            return passed(digits=min(comparison.digits for comparison in (together, *each)))
    if together.relation is Relation.UNRESOLVED:
        return None
    if base.log.tied:
        at_ties = held_at_ties(claim, base, lifted.cotangent, _with_ones(subject, lifted, dense))
        if at_ties.comparison.relation is Relation.AGREE:
            return passed(digits=at_ties.comparison.digits)
        if not at_ties.complete:
            return inconclusive(f"{len(base.log.tied)} decisions are tied here: too many pieces to try them all")
    policy = ACTUAL
    if base.log.tied and setting.detailed:
        policy = _fairest(base, lambda p, i: held(claim, base, lifted.cotangent, alone(i, directions), p), subject)
    for position in subject.differentiated:
        comparison = held(claim, base, lifted.cotangent, alone(position, directions), policy)
        judgement = _judged(subject, subject.arguments[position], comparison)
        if judgement is not None and comparison.relation is Relation.DIFFER and setting.detailed:
            shown = _mismatch(subject.arguments[position], base, lifted, cotangents[position], position, policy)
            return falsified(judgement.reason, digits=comparison.digits, mismatch=shown)
        if judgement is not None:
            return judgement
    return _judged(subject, "all arguments together", together)


def _fairest(base: Base, comparison: Callable[[Policy, int], Comparison], subject: Subject) -> Policy:
    """Of the pieces that meet at a tie, the one that puts the fewest arguments in the wrong."""

    def wrong(policy: Policy) -> int:
        return sum(comparison(policy, i).relation is not Relation.AGREE for i in subject.differentiated)

    return min(base.log.policies()[0], key=wrong)


def _judged(subject: Subject, name: str, comparison: Comparison) -> Judgement | None:
    if comparison.relation is Relation.DIFFER:
        return falsified(f"the cotangent for {name} is not J^T ct", digits=comparison.digits)
    if comparison.relation is Relation.CLOSE:
        return close(subject, f"the cotangent for {name} agrees", comparison.digits)
    if comparison.relation is Relation.UNDEFINED:
        return inconclusive(f"the derivative for {name} is not a finite number here")
    return None


def _dense(subject: Subject, point: Point, lifted: Lifted) -> Iterator[Directions]:
    seeds = direction_seeds(point.fingerprint, "vjp")
    while True:
        yield lifted.tangents(subject, lambda shape: dense_direction(shape, next(seeds)))


def _with_ones(subject: Subject, lifted: Lifted, dense: Iterator[Directions]) -> Iterator[Directions]:
    """Dense directions, and among them the vector of ones: no split of a tie may gain or lose a share."""
    yield next(dense)
    yield lifted.tangents(subject, lambda shape: extended(np.ones(shape)))
    yield from dense


def _mismatch(
    name: str, base: Base, lifted: Lifted, got: ExtendedArray | None, position: int, policy: Policy
) -> Mismatch | None:
    assert got is not None
    if got.size > MOST_ENTRIES:
        return None
    expected = []
    for entry in range(got.size):
        directions = [basis_direction(p.shape, entry) if i == position else None for i, p in enumerate(base.primals)]
        expected.append(inner(lifted.cotangent, along(base, directions, policy).value))
    shown = [active().decimal(number, 40) for number in expected]
    return Mismatch(f"cotangent for {name}", got.shape, tuple(shown), tuple(decimals(got, 40)))
