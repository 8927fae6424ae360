"""Kinks and singular points whose value is a declared convention: entry by entry, with ``at_kink=``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backproof.engine.domains import project
from backproof.engine.extended import UNIFORM, stripped
from backproof.engine.subjects import Subject

from ..judgement import Judgement, falsified, inconclusive, passed
from .claims import Evidence
from .comparing import AGREEING_DIGITS, Relation, compare, is_finite
from .differences import Base
from .entries import entry

MOST_ENTRIES = 64  # of all arguments together


def held_by_convention(subject: Subject, base: Base, ct: Any, cotangents: Sequence[Any]) -> Judgement:
    """Entries with one finite derivative must have it; at the others the declared convention holds.

    ``"zero"``: the entry is exactly zero there; ``"any"``: it may be anything.
    """
    if sum(base.primals[i].size for i in subject.differentiated) > MOST_ENTRIES:
        return inconclusive("too many entries lie at kinks to hold a convention against each")
    for position in subject.differentiated:
        name = subject.arguments[position]
        within = project(subject.domains[position], cotangents[position], base.primals[position])
        for place, got in enumerate(stripped(within).ravel().tolist()):
            pieces = [entry(subject, base, ct, position, place, policy) for policy in UNIFORM]
            if not _is_one(pieces):
                if subject.at_kink == "zero" and got != 0:
                    return falsified(f"the cotangent for {name} is declared to be zero at kinks, and is not")
                continue
            one = pieces[0]
            compared = compare(one.value, got, one.error, one.scale, one.natural)
            if compared.relation is Relation.DIFFER:
                return falsified(f"the cotangent for {name} is not J^T ct", digits=compared.digits, gap=compared.gap)
            if compared.relation is not Relation.AGREE:
                return inconclusive(f"the cotangent for {name} is not resolved beside a kink")
    return passed(digits=float(AGREEING_DIGITS))


def _is_one(pieces: Sequence[Evidence]) -> bool:
    first = pieces[0]
    return all(is_finite(piece.value) and is_finite(piece.error) for piece in pieces) and all(
        compare(first.value, piece.value, first.error + piece.error, first.scale, first.natural).relation
        is Relation.AGREE
        for piece in pieces[1:]
    )
