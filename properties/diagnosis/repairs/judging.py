"""Whether a pullback is right once one thing in it is changed, at every point."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from ..claims import FEWEST, Claim
from ..filling import generic
from ..jacobians import jacobian
from ..runs import Array, NoCase, largest, near
from ..sayings import Diagnosis
from .averages import with_other_axes, with_sums_for_means
from .conjugates import with_a_conjugate_less, with_a_conjugate_more
from .numbers import with_sizes_for_numbers
from .operands import with_other_operands
from .products import with_other_products
from .programs import FAILS, Edit, Program, programs_of
from .writing import change

Repairs = Callable[[Program], Iterator[Edit]]

Kind = tuple[Repairs, str, str]

KINDS: tuple[Kind, ...] = (
    (with_other_products, "operand_transposed", ""),
    (with_other_axes, "wrong_axis", ""),
    (with_sums_for_means, "mean_and_sum", ""),
    (with_sizes_for_numbers, "number_for_size", ""),
    (with_a_conjugate_less, "conjugate", ": a conjugate too many"),
    (with_a_conjugate_more, "conjugate", ": a conjugate is missing"),
)
OPERANDS: tuple[Kind, ...] = ((with_other_operands, "wrong_operand", ""),)
MOST = 6  # repairs among which the best is said
DRAWS = 2  # generic cotangents at every case


@dataclass(frozen=True)
class Trial:
    """A recorded pullback, with a cotangent and what should come of it."""

    program: Program
    ct: Array
    right: Array
    scale: float

    def passes(self, edit: Edit) -> bool:
        """Whether an edit makes it right here."""
        try:
            with np.errstate(all="ignore"):
                pulled = self.program.pulled(self.ct, edit)
        except FAILS:
            return False
        return pulled.dtype.kind == "f" and near(pulled, self.right, self.scale)


def is_right_when_repaired(claim: Claim) -> Diagnosis | None:
    """A matrix transposed, a product turned round, another axis, a conjugate, a mean or a size makes it right."""
    return _repaired(claim, KINDS)


def is_right_with_another_operand(claim: Claim) -> Diagnosis | None:
    """One array in the place of another makes it right."""
    return _repaired(claim, OPERANDS)


def _repaired(claim: Claim, kinds: tuple[Kind, ...]) -> Diagnosis | None:
    if claim.pushes or claim.subject.stages:
        return None
    programs = programs_of(claim.cases)
    wrong = [program for program in programs if program.case.is_wrong]
    if len(wrong) < FEWEST:
        return None
    trials = [trial for program in programs for trial in _trials(program)]
    first = max(wrong, key=lambda program: program.case.right.size)
    screened = next(trial for trial in trials if trial.program is first)
    for repairs, kind, says in kinds:
        passing = (e for e in repairs(first) if screened.passes(e) and all(trial.passes(e) for trial in trials))
        named = [(edit, text) for edit in islice(passing, MOST) if (text := change([first, *programs], edit))]
        if named:
            _, text = max(named, key=lambda each: _right_cotangents(first, each[0]) if len(named) > 1 else 0)
            return claim.says(f"is right with {text}{says}", kind)
    return None


def _right_cotangents(program: Program, edit: Edit) -> int:
    """For how many arguments the cotangent is right: of edits that make one right, that which makes most of them so."""
    case, right = program.case, 0
    ct = generic(case.output.shape, np.random.default_rng(0))
    for position in program.roots:
        try:
            found, _ = jacobian(case.subject, case.point, position, case.output)
            right += near(program.pulled(ct, edit, position), np.tensordot(ct, found, axes=ct.ndim))
        except (NoCase, *FAILS):
            continue
    return right


def _trials(program: Program) -> Iterator[Trial]:
    source = np.random.default_rng(0)
    case = program.case
    for _ in range(DRAWS):
        ct = generic(case.output.shape, source)
        scale = largest(case.right) * largest(ct)
        yield Trial(program, ct, np.asarray(np.tensordot(ct, case.right, axes=ct.ndim)), scale)
