"""Running a subject on extended arrays, and turning whatever goes wrong there into a judgement."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backproof.engine.domains import project
from backproof.engine.errors import BackproofError, NotExtendable
from backproof.engine.extended import (
    ExtendedArray,
    extended,
    released,
    to_float,
    wrap,
)
from backproof.engine.subjects import Pullback, Subject, counted, quietly
from backproof.strategies.points import Point

from ..judgement import Judgement, falsified, inconclusive
from .differences import as_extended
from .plain_runs import Raised, pushed_on_floats


class Settled(Exception):
    """A judgement that was reached before the property had anything to compare."""

    def __init__(self, judgement: Judgement) -> None:
        super().__init__(judgement.reason)
        self.judgement = judgement


@dataclass(frozen=True)
class Lifted:
    """A point in extended precision; integer and boolean arguments stay what they are."""

    point: Point
    primals: tuple[ExtendedArray, ...]
    options: Mapping[str, Any]
    cotangent: ExtendedArray

    def tangents(self, subject: Subject, draw: Callable[[tuple[int, ...]], Any]) -> list[Any]:
        """One tangent for each differentiated argument, within its domain; None for the others."""
        return [
            self.still_at_infinity(i, project(subject.domains[i], draw(p.shape), p))
            if subject.is_differentiated(i)
            else None
            for i, p in enumerate(self.primals)
        ]

    def still_at_infinity(self, position: int, array: Any) -> Any:
        """An array shaped as an argument, with zeros where the argument is infinite."""
        finite = np.isfinite(self.point.primals[position])
        return array if finite.all() else np.where(finite, array, 0.0)


def lift(point: Point) -> Lifted:
    """The point in the arithmetic in force; floats are taken exactly, option values included."""
    return Lifted(
        point,
        tuple(extended(p) if p.dtype.kind == "f" else wrap(p) for p in point.primals),
        {name: extended(value) if isinstance(value, float) else value for name, value in point.options.items()},
        extended(point.cotangent),
    )


def bound_forward(subject: Subject, lifted: Lifted) -> Callable[..., Any]:
    """The forward (or what stands for it) as a function of the arguments alone.

    What it raises here but not on floats is NotExtendable.
    """
    function = subject.derivative_of or subject.reference or subject.forward
    return lambda *primals: _extendable(subject, function, [p.copy() for p in primals], lifted.options)


def expected_cotangent(subject: Subject, ct: Any) -> Any:
    """What the pullback is declared to make of its cotangent before it starts."""
    return ct if subject.cotangent_map is None else as_extended(subject.cotangent_map(ct))


def _extendable(
    subject: Subject, function: Callable[..., Any], primals: Sequence[Any], options: Mapping[str, Any]
) -> Any:
    subject.put_randomness_back()
    try:
        return function(*primals, **options)
    except (BackproofError, AssertionError):
        raise
    except Exception as error:
        raise _runs_on_floats_only(subject, error) from error


@dataclass(frozen=True)
class Run:
    """One extended run of a vjp, on copies of the primals: the output, and the pullback."""

    subject: Subject
    lifted: Lifted
    output: ExtendedArray
    pullback: Pullback

    def pull(self, ct: Any) -> list[Any]:
        """The cotangents, checked for their shapes; None where the argument is not differentiated.

        Raises Settled with a falsified judgement where the pullback raises (on float arrays too), returns
        another shape; NotExtendable where it raises here alone. It is handed a copy, whatever it does to it.
        """
        try:
            cotangents = counted(self.subject, self.pullback(ct.copy()))
        except (BackproofError, AssertionError):
            raise
        except Exception as error:
            on_floats = self._raised_on_floats()
            if on_floats is None:
                raise _runs_on_floats_only(self.subject, error) from error
            if not all(primal.size for primal in self.lifted.primals):
                raise Settled(inconclusive(f"of arrays without elements the pullback raised {on_floats}")) from error
            raise Settled(falsified(f"the pullback raised {on_floats}")) from error
        return [
            self.lifted.still_at_infinity(i, _checked(name, cotangent, primal.shape))
            if self.subject.is_differentiated(i)
            else None
            for i, (name, cotangent, primal) in enumerate(
                zip(self.subject.arguments, cotangents, self.lifted.primals, strict=True)
            )
        ]

    def _raised_on_floats(self) -> str | None:
        """What the pullback raises on plain float arrays; None if it does not."""
        point = self.lifted.point
        try:
            with released(), quietly():
                self.subject.put_randomness_back()
                _, pullback = self.subject.vjp(*(p.copy() for p in point.primals), **point.options)
                pullback(point.cotangent.copy())
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        return None


def _runs_on_floats_only(subject: Subject, error: Exception) -> NotExtendable:
    return NotExtendable(
        f"{subject.name} runs on float arrays, but on extended-precision arrays it raises "
        f"{type(error).__name__}: {error}"
    )


def _checked(name: str, cotangent: Any, shape: tuple[int, ...]) -> ExtendedArray:
    if cotangent is None:
        raise Settled(falsified(f"the cotangent for {name} is None, but {name} is differentiable"))
    if np.shape(cotangent) != shape:
        raise Settled(
            falsified(f"the cotangent for {name} has shape {np.shape(cotangent)}, but should have {name}'s, {shape}")
        )
    return as_extended(cotangent)


def run_vjp(subject: Subject, lifted: Lifted, vjp: Callable[..., Any] | None = None) -> Run:
    """Run a vjp (the subject's own unless another is given) on a lifted point."""
    output, pullback = _extendable(subject, vjp or subject.vjp, [p.copy() for p in lifted.primals], lifted.options)
    return Run(subject, lifted, as_extended(output), pullback)


def run_jvp(subject: Subject, lifted: Lifted, tangents: Sequence[Any]) -> Any:
    """The subject's pushforward of the given tangents. Raises Settled where it raises or its shape is wrong."""
    assert subject.jvp is not None
    try:
        tangent = subject.jvp([p.copy() for p in lifted.primals], tangents, **lifted.options)
    except (BackproofError, AssertionError):
        raise
    except Exception as error:
        on_floats = _pushing_raises(subject, lifted.point, tangents)
        if on_floats is None or not all(primal.size for primal in lifted.primals):
            raise _runs_on_floats_only(subject, error) from error
        raise Settled(falsified(f"the pushforward raised {on_floats}")) from error
    if np.shape(tangent) != lifted.cotangent.shape:
        raise Settled(
            falsified(
                f"the pushforward has shape {np.shape(tangent)}, but should have the output's, {lifted.cotangent.shape}"
            )
        )
    return as_extended(tangent)


def _pushing_raises(subject: Subject, point: Point, tangents: Sequence[Any]) -> str | None:
    """What the pushforward raises on plain float arrays; None if it does not."""
    try:
        pushed_on_floats(subject, point, [None if tangent is None else to_float(tangent) for tangent in tangents])
    except Raised as raised:
        return str(raised)
    return None
