"""Hessian-vector products, from differentiating the pullback itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from backproof.engine.extended import active
from backproof.engine.subjects import Hvp, Subject
from backproof.strategies.points import Point

from .judgement import Judgement, Setting, close, falsified, inconclusive, passed, sentence_property
from .references.claims import Directions, held
from .references.comparing import Comparison, Number, Relation, compare
from .references.differences import as_extended, inner, products, record, sizes, sum_of
from .references.directions import dense_direction, direction_seeds
from .references.judging import in_extended_precision
from .references.running import Lifted, run_vjp


def _cannot_be_differentiated(subject: Subject) -> str | None:
    return None if subject.hvp is not None else subject.untraceable or "no tape can differentiate its pullback"


@sentence_property(
    "Hessian-vector products, by differentiating in both orders, match differences of the pullback and are symmetric.",
    _cannot_be_differentiated,
)
@in_extended_precision
def second_order(subject: Subject, point: Point, setting: Setting, lifted: Lifted, bits: int) -> Judgement | None:
    if not all(p.size for p in point.primals):
        return passed()

    def pulled_back(*primals: Any) -> Any:
        moved = Lifted(point, primals, lifted.options, lifted.cotangent)
        return _flat(run_vjp(subject, moved).pull(lifted.cotangent))

    base = record(pulled_back, lifted.primals, bits, subject.differentiated)
    if base.log.tied:
        return passed()  # at a kink there is no second derivative
    seeds = direction_seeds(point.fingerprint, "curvature")
    u, v = (lifted.tangents(subject, lambda shape: dense_direction(shape, next(seeds))) for _ in range(2))
    weights = _flat(u)

    along_v = _curved(subject, lifted, v, subject.hvp)

    def claim(_: Directions) -> tuple[Number, Number]:
        return inner(weights, along_v), inner(sizes(weights), sizes(along_v))

    comparison = held(claim, base, weights, v)
    if comparison.relation is not Relation.AGREE:
        return _judged(comparison, "the Hessian times a vector", "is not what differences of the pullback say")
    one, size = products(weights, along_v)
    # By the other order of differentiation where there is one: for generic u and v, both are checked at once.
    other, other_size = products(_flat(v), _curved(subject, lifted, u, subject.hvp_by_reverse))
    summed = max(size, other_size)
    symmetry = compare(one, other, active().lift(0), summed, summed, sum_of(sizes(weights)))
    if symmetry.relation is not Relation.AGREE:
        return _judged(symmetry, "the Hessian", _asymmetry(subject))
    return passed(digits=min(comparison.digits, symmetry.digits))


def _asymmetry(subject: Subject) -> str:
    if subject.hvp_by_reverse is None:
        return "is not symmetric"
    return "by forward over reverse is not the transpose of that by reverse over forward"


def _judged(comparison: Comparison, what: str, fails: str) -> Judgement | None:
    if comparison.relation is Relation.UNRESOLVED:
        return None
    if comparison.relation is Relation.DIFFER:
        return falsified(f"{what} {fails}", digits=comparison.digits, gap=comparison.gap)
    if comparison.relation is Relation.CLOSE:
        return close(f"{what} agrees", comparison.digits, comparison.gap)
    return inconclusive(f"{what} is not a finite number here")


def _curved(subject: Subject, lifted: Lifted, directions: Directions, preferred: Hvp | None) -> Any:
    hvp = preferred or subject.hvp
    assert hvp is not None
    curved = hvp([p.copy() for p in lifted.primals], directions, lifted.cotangent, **lifted.options)
    return _flat([part if subject.is_differentiated(i) else None for i, part in enumerate(curved)])


def _flat(arrays: Any) -> Any:
    """All arrays that there are, one behind the other."""
    return np.concatenate([as_extended(array).ravel() for array in arrays if array is not None])
