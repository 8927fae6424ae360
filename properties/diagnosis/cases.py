"""Cases: points at which the whole Jacobian is known, and the one that a pullback claims.

A hypothesis has to explain every entry at several generic points to six digits, which no accident does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from .jacobians import claimed_jacobian, jacobian, pushed_jacobian
from .runs import EQUAL, SMALL, Array, NoCase, NotKnown, forward_at, largest


@dataclass(frozen=True)
class Case:
    """A point, the output, and for one argument the Jacobian that is right, and the one that is claimed.

    Both have the shape ``(*output, *argument)``; ``known`` is shaped as the argument: where ``right`` is a number.
    """

    subject: Subject
    point: Point
    position: int
    output: Array
    right: Array
    claimed: Array
    known: Array

    @property
    def primal(self) -> Array:
        """The argument."""
        return self.point.primals[self.position]

    @cached_property
    def is_known(self) -> bool:
        """Whether the whole Jacobian is known, and all that is claimed is finite."""
        return bool(self.known.all() and np.isfinite(self.claimed).all())

    @cached_property
    def is_wrong(self) -> bool:
        """Whether what is claimed is not the Jacobian, where that is known."""
        return bool(self.wrong.any())

    @cached_property
    def wrong(self) -> Array:
        """Where the claim is wrong: the entries of the Jacobian."""
        scale = max(SMALL, largest(self.right * self.known, self.claimed))
        off = np.abs(self.claimed - np.where(self.known, self.right, self.claimed)) > EQUAL * scale
        return np.asarray((off | ~np.isfinite(self.claimed)) & np.broadcast_to(self.known, off.shape))


def case_at(subject: Subject, point: Point, position: int, pushes: bool = False) -> Case:
    """The case of one argument at a point. Raises NoCase where the code does not run there."""
    output = forward_at(subject, point)
    if not np.isfinite(output).all():
        raise NoCase("the output is not finite")
    claimed = (pushed_jacobian if pushes else claimed_jacobian)(subject, point, position, output)
    right, known = jacobian(subject, point, position, output)
    return Case(subject, point, position, output, right, claimed, known)


def right_at(case: Case, point: Point, position: int) -> Array | None:
    """The Jacobian at a changed point; None where there is none of this shape. Raises NotKnown."""
    if point.primals[position].shape != case.primal.shape:
        return None
    try:
        output = forward_at(case.subject, point)
        found, known = jacobian(case.subject, point, position, output)
    except NoCase:
        return None
    if found.shape != case.right.shape:
        return None
    if not known.all():
        raise NotKnown
    return found


def claimed_at(case: Case, point: Point, position: int) -> Array | None:
    """The Jacobian that is claimed for an argument at a changed point; None where there is none."""
    try:
        return claimed_jacobian(case.subject, point, position, case.output)
    except NoCase:
        return None
