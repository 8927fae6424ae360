"""Cotangents entry by entry, from differences along one basis direction after the other."""

from __future__ import annotations

from typing import Any

from backproof.engine.domains import project
from backproof.engine.extended import ACTUAL, Policy, decimal
from backproof.engine.subjects import Subject

from .claims import Evidence, evidence
from .differences import Base
from .directions import basis_direction

DIGITS = 40  # that are shown


def entry(subject: Subject, base: Base, ct: Any, position: int, place: int, policy: Policy = ACTUAL) -> Evidence:
    """The difference of <ct, forward> along one entry (in C order) of one argument."""
    primal = base.primals[position]
    direction = project(subject.domains[position], basis_direction(primal.shape, place), primal)
    directions = [direction if i == position else None for i in range(len(base.primals))]
    return evidence(base, ct, directions, policy)


def entry_decimal(subject: Subject, base: Base, ct: Any, position: int, place: int, policy: Policy = ACTUAL) -> str:
    """The same in digits: 0 where it is zero to within its error."""
    found = entry(subject, base, ct, position, place, policy)
    return decimal(found.value, DIGITS, found.error)
