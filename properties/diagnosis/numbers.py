"""The numbers behind a counterexample: whole cotangents, and what differences in float64 make of the worst entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np

from backproof.engine.errors import NotExtendable
from backproof.engine.extended import computing, decimals, rebound
from backproof.engine.subjects import Subject
from backproof.strategies.points import Point

from ..judgement import Evidence, Judgement, Mismatch, Setting
from ..references.differences import record
from ..references.entries import DIGITS, entry_decimal
from ..references.plain_runs import native_run
from ..references.running import Settled, bound_forward, expected_cotangent, lift, run_vjp
from .runs import NoCase, basis, forward_at

MOST_ENTRIES = 128  # of all arguments together
WRONG = 1e-9  # of an entry (or of one): a difference that is told
STEPS = tuple(10.0**-exponent for exponent in range(1, 14))

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Cotangent:
    """What was expected for one argument and what was returned, as decimal strings in C order."""

    argument: str
    shape: tuple[int, ...]
    expected: tuple[str, ...]
    got: tuple[str, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether an entry differs by more than rounding."""
        one, other = (np.array(values, dtype=float) for values in (self.expected, self.got))
        return not np.allclose(one, other, rtol=WRONG, atol=WRONG, equal_nan=True)


@dataclass(frozen=True)
class Steps:
    """Relative errors of central differences in float64, one a step: against the derivative, and against the claim."""

    what: str
    h: tuple[float, ...]
    error: tuple[float, ...]
    claimed: tuple[float, ...]


def cotangents_at(subject: Subject, point: Point, judgement: Judgement) -> tuple[Cotangent, ...]:
    """The cotangents of all arguments; none where the forward does not run in extended precision, or of too many."""
    size = sum(point.primals[i].size for i in subject.differentiated)
    if judgement.evidence is Evidence.NATIVE or not 0 < size <= MOST_ENTRIES:
        return ()
    setting = Setting()
    bits = setting.precisions[0]
    try:
        with computing(setting.arithmetic, bits):
            lifted = lift(point)
            with rebound(*subject.code):
                forward = bound_forward(subject, lifted)
                base = record(forward, lifted.primals, bits, subject.differentiated)
                ct = expected_cotangent(subject, lifted.cotangent)
                got = _got(subject, point, lifted, judgement.evidence)
                return tuple(
                    _told(
                        Cotangent(
                            subject.arguments[i],
                            tuple(point.primals[i].shape),
                            tuple(entry_decimal(subject, base, ct, i, place) for place in range(point.primals[i].size)),
                            got[i],
                        ),
                        judgement.mismatch,
                    )
                    for i in subject.differentiated
                )
    except (NotExtendable, Settled, NoCase):
        return ()


def _got(subject: Subject, point: Point, lifted: Any, evidence: Evidence) -> Mapping[int, tuple[str, ...]]:
    if evidence is Evidence.VALUES:
        run = native_run(subject, point)
        if run is None or any(run.cotangents[i] is None for i in subject.differentiated):
            raise NoCase("it does not run on floats")
        return {i: tuple(map(repr, np.ravel(run.cotangents[i]).tolist())) for i in subject.differentiated}  # type: ignore[arg-type]
    pulled = run_vjp(subject, lifted).pull(lifted.cotangent)
    return {i: tuple(decimals(pulled[i], DIGITS)) for i in subject.differentiated}


def _told(whole: Cotangent, mismatch: Mismatch | None) -> Cotangent:
    """As the judgement tells it, where it does: at a tie it has chosen the piece that is fairest."""
    if mismatch is None or mismatch.what != f"cotangent for {whole.argument}" or mismatch.shape != whole.shape:
        return whole
    return replace(whole, expected=tuple(mismatch.expected), got=tuple(mismatch.got))


def steps_at(subject: Subject, point: Point, cotangents: Sequence[Cotangent], first: str | None) -> Steps | None:
    """Central differences of <ct, forward> along the entry that is furthest off, of the argument that is blamed."""
    if subject.cotangent_map is not None:
        return None
    worst: tuple[Decimal, Cotangent, int] | None = None
    for cotangent in sorted(cotangents, key=lambda each: each.argument != first):
        for place, (one, other) in enumerate(zip(cotangent.expected, cotangent.got, strict=True)):
            off = abs(Decimal(one) - Decimal(other)) if _finite(one, other) else Decimal(0)
            if off > 0 and (worst is None or (off > worst[0] and cotangent is worst[1])):
                worst = (off, cotangent, place)
    if worst is None:
        return None
    _, cotangent, place = worst
    expected, got = float(cotangent.expected[place]), float(cotangent.got[place])
    position = subject.arguments.index(cotangent.argument)
    direction = basis(point.primals[position].shape)[place]
    scale = max(abs(expected), abs(got))
    found: list[tuple[float, float, float]] = []
    for h in STEPS:
        try:
            ahead, behind = (_moved(subject, point, position, sign * h * direction) for sign in (1, -1))
        except NoCase:
            continue
        with np.errstate(all="ignore"):
            slope = float(np.sum(point.cotangent * (ahead - behind))) / (2 * h)
        if np.isfinite(slope):
            found.append((h, abs(slope - expected) / scale, abs(slope - got) / scale))
    if len(found) < 3 or not np.isfinite(scale):
        return None
    index = ", ".join(map(str, np.unravel_index(place, cotangent.shape))) if cotangent.shape else ""
    name = f"{cotangent.argument}[{index}]" if index else cotangent.argument
    hs, errors, claimed = zip(*found, strict=True)
    return Steps(f"the derivative of <ct, y> for {name}", hs, errors, claimed)


def _finite(*numbers: str) -> bool:
    return all(Decimal(number).is_finite() for number in numbers)


def _moved(subject: Subject, point: Point, position: int, by: Array) -> Array:
    primals = tuple(p + by if i == position else p for i, p in enumerate(point.primals))
    moved = forward_at(subject, replace(point, primals=primals))
    if moved.shape != point.cotangent.shape:
        raise NoCase("the output's shape depends on values")
    return moved
