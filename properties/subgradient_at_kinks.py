"""Kinks: where several pieces meet, a cotangent is one of their derivatives, or lies between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from backproof.engine.domains import project
from backproof.engine.extended import active, extended
from backproof.engine.subjects import Subject, quietly
from backproof.strategies.points import Point

from .judgement import Evidence, Judgement, Mismatch, Setting, falsified, inconclusive, passed, sentence_property
from .references.by_convention import held_by_convention
from .references.by_native_runs import kink_along
from .references.claims import Directions, Outside, held_at_ties, too_many_pieces
from .references.comparing import Number, Relation
from .references.differences import products, record
from .references.directions import basis_direction, dense_direction, direction_seeds
from .references.judging import in_extended_precision
from .references.plain_runs import native_run
from .references.running import Lifted, bound_forward, run_vjp

MOST_OUTPUTS = 6  # one-hot cotangents at one point
MOST_ENTRIES = 24  # of all arguments together
MOST_FLIPS = 8  # alternatives at ties that are tried one by one, along each direction
ROOM = 0.25  # of what two slopes on floats are apart
DENSE = 8  # directions beside the unit vectors and the vector of ones


def _is_no_single_layer(subject: Subject) -> str | None:
    if subject.stages:
        return "it is a stack: chain_rule judges each layer where it is used"
    if subject.at_kink == "any":
        return 'what holds at its kinks is declared to be nobody\'s concern (at_kink="any")'
    return "it is declared to map its cotangent first" if subject.cotangent_map is not None else None


@sentence_property(
    "At a kink, the cotangent is the derivative of a piece that meets there, or lies between those of the pieces.",
    _is_no_single_layer,
    weakens=True,
)
def subgradient_at_kinks(subject: Subject, point: Point, setting: Setting) -> Judgement:
    if setting.strength is Evidence.FORMULA:
        return _judged_by_formula(subject, point, setting)
    with quietly():
        return _judged_on_floats(subject, point)


def _judged_on_floats(subject: Subject, point: Point) -> Judgement:
    """Entry by entry between the slopes on both sides; where these are one, other properties judge."""
    if sum(point.primals[i].size for i in subject.differentiated) > MOST_ENTRIES:
        return passed(Evidence.NATIVE)
    run = native_run(subject, point)
    if run is None:
        return inconclusive("the pullback raises on floats", Evidence.NATIVE)
    for position in subject.differentiated:
        cotangent, primal = run.cotangents[position], point.primals[position]
        if cotangent is None or cotangent.shape != primal.shape:
            continue  # another property's business
        for place, got in enumerate(cotangent.ravel().tolist()):
            slopes = kink_along(subject, point, position, place)
            if slopes is None or not np.isfinite(got):
                continue
            low, high = sorted(slopes)
            if subject.at_kink == "zero":
                low = high = 0.0
            if not low - ROOM * abs(slopes[1] - slopes[0]) <= got <= high + ROOM * abs(slopes[1] - slopes[0]):
                name = subject.arguments[position]
                return falsified(
                    f"at a kink, the cotangent for {name} is {got:.6g}, which is not between {low:.6g} and {high:.6g}",
                    Evidence.NATIVE,
                )
    return passed(Evidence.NATIVE)


@in_extended_precision
def _judged_by_formula(subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int) -> Judgement | None:
    entries = sum(point.primals[i].size for i in subject.differentiated)
    if entries > MOST_ENTRIES or subject.reference is not None:
        return passed()
    base = record(bound_forward(subject, lifted), lifted.primals, bits, subject.differentiated)
    if not base.log.tied:
        return passed()
    run = run_vjp(subject, lifted)
    generic, probes = list(_generic(subject, point, lifted)), list(_probes(subject, lifted))
    for place in _outputs(point):
        ct = basis_direction(point.cotangent.shape, place)
        cotangents = run.pull(ct)
        if subject.at_kink == "zero":
            judgement = held_by_convention(subject, base, ct, cotangents)
            if judgement.reason:
                return judgement
            continue

        def claim(along: Directions, cotangents: Sequence[Any] = cotangents) -> tuple[Number, Number]:
            parts = [products(g, v) for g, v in zip(cotangents, along, strict=True) if g is not None and v is not None]
            return sum(value for value, _ in parts), sum(size for _, size in parts)

        at_ties = held_at_ties(claim, base, ct, generic, probes, MOST_FLIPS)
        if at_ties.relation is Relation.UNRESOLVED:
            return inconclusive(too_many_pieces(base))
        if at_ties.outside is not None:
            return _outside(subject, place, at_ties.outside, at_ties.digits)
    return passed()


def _outputs(point: Point) -> range:
    return range(min(point.cotangent.size, MOST_OUTPUTS))


def _generic(subject: Subject, point: Point, lifted: Lifted) -> Iterator[Directions]:
    """Dense directions."""
    seeds = direction_seeds(point.fingerprint, "kinks")
    for _ in range(DENSE):
        yield lifted.tangents(subject, lambda shape: dense_direction(shape, next(seeds)))


def _probes(subject: Subject, lifted: Lifted) -> Iterator[Directions]:
    """Every unit vector, and the vector of ones: without it (0, 0) is between (1, 0) and (0, 1)."""
    yield lifted.tangents(subject, lambda shape: extended(np.ones(shape)))
    for position in subject.differentiated:
        primal = lifted.primals[position]
        for place in range(primal.size):
            unit = project(subject.domains[position], basis_direction(primal.shape, place), primal)
            yield [unit if i == position else None for i in range(len(lifted.primals))]


def _outside(subject: Subject, place: int, found: Outside, digits: float) -> Judgement:
    moving = [i for i, direction in enumerate(found.directions) if direction is not None]
    name = subject.arguments[moving[0]] if len(moving) == 1 else "all arguments"
    decimal = active().decimal
    low, high, got = (decimal(n, 40) for n in (found.range.low, found.range.high, found.claimed))
    says = f"cotangent for {name}, along one direction, of output {place}"
    reason = (
        f"at a kink, the cotangent for {name} is not between the derivatives of the pieces that meet there, which are "
        f"{float(low):.6g} and {float(high):.6g}"
    )
    is_below = bool(found.claimed < found.range.low)
    shown = Mismatch(says, (), (low if is_below else high,), (got,))
    gap = found.claimed - (found.range.low if is_below else found.range.high)
    return falsified(reason, digits=digits, mismatch=shown, gap=gap)
