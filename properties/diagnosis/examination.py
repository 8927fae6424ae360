"""Everything that can be told about a counterexample."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from backproof.engine.explaining import Explanation
from backproof.engine.extended import released
from backproof.engine.subjects import Subject, quietly
from backproof.strategies.points import Point

from ..judgement import Judgement, Property
from ..references.composing import called
from ..searching import Counterexample
from ..vjp_matches_differences import vjp_matches_differences
from .accumulated import adds_up
from .diagnosing import diagnosed
from .fresh import fresh_points
from .guilt import Guilty, guilty_layer
from .notation import right_map
from .numbers import Cotangent, Steps, cotangents_at, steps_at
from .of_properties import BY_THEMSELVES, says_by_itself
from .returned import is_no_cotangent
from .runs import OutOfTime, timed
from .sayings import Diagnosis
from .varying import what_does_not_matter

SECONDS = 6.0  # for explanations; most need a tenth of one, and only what is cut off could differ from run to run
SECONDS_OF_VARYING = 3.0

OF_SEVERAL_CALLS = ("repeatable", "linear_in_cotangent", "second_order", "vjp_matches_differences")
OF_PUSHFORWARDS = ("jvp_matches_differences", "linear_in_tangent", "adjoint_identity")

T = TypeVar("T")


@dataclass(frozen=True)
class Examination:
    """What a counterexample shows; whatever could not be had is None or empty.

    ``guilty`` is the number of the stack's layer that is wrong alone, from 0; ``irrelevant`` lists what may be changed
    without making the property hold.
    """

    diagnosis: Diagnosis | None = None
    right_map: tuple[Explanation, ...] = ()
    cotangents: tuple[Cotangent, ...] = ()
    guilty: int | None = None
    steps: Steps | None = None
    irrelevant: tuple[str, ...] = ()

    @property
    def record(self) -> dict[str, Any]:
        """The examination as plain data for JSON."""
        plain: dict[str, Any] = _listed(asdict(self))
        return plain


def _listed(value: Any) -> Any:
    """The same with lists in the place of tuples, as JSON has them."""
    if isinstance(value, dict):
        return {key: _listed(part) for key, part in value.items()}
    return [_listed(part) for part in value] if isinstance(value, tuple | list) else value


def examine(prop: Property, found: Counterexample) -> Examination:
    """All about a counterexample, in less than a second for most; never raises, whatever the code under test does."""
    subject, point, judgement = found.subject, found.point, found.judgement
    guilty = _or(None, lambda: guilty_layer(subject, point, judgement))
    diagnosis = _or(None, lambda: _diagnosed(prop, found, guilty))
    blamed = _blamed(subject, judgement, diagnosis if guilty is None else None)
    none: tuple[Cotangent, ...] = ()
    with quietly():
        cotangents = _or(none, lambda: cotangents_at(subject, point, judgement))
        return Examination(
            diagnosis=diagnosis,
            right_map=_or((), lambda: () if subject.stages else right_map(subject, point, _wrong(cotangents, blamed))),
            cotangents=cotangents,
            guilty=guilty.number if guilty is not None else None,
            steps=_or(None, lambda: steps_at(subject, point, cotangents, blamed)),
            irrelevant=_or((), lambda: what_does_not_matter(prop, subject, point, judgement, SECONDS_OF_VARYING)),
        )


def diagnose(prop: Property, found: Counterexample) -> Diagnosis | None:
    """What the mistake looks like; None where nothing explains all of it. Never raises."""
    guilty = _or(None, lambda: guilty_layer(found.subject, found.point, found.judgement))
    return _or(None, lambda: _diagnosed(prop, found, guilty))


def _diagnosed(prop: Property, found: Counterexample, guilty: Guilty | None) -> Diagnosis | None:
    if guilty is None:
        return _diagnosis(prop.name, found.subject, found.point, found.judgement)
    layer, stages = guilty.use.subject, found.subject.stages
    said = _diagnosis(vjp_matches_differences.name, layer, guilty.use.point, guilty.judgement)
    if said is None:
        return None
    return replace(said, says=f"{called(guilty.number, stages)}: {said.says}")


def _or(nothing: T, of: Callable[[], T]) -> T:
    """What can be had, or nothing: an explanation that fails must not cost the counterexample that it is for."""
    try:
        return of()
    except Exception:  # a person's code may raise anything, and so may code that is run on what it returns
        return nothing


def _diagnosis(name: str, subject: Subject, point: Point, judgement: Judgement) -> Diagnosis | None:
    said = says_by_itself(name, subject, judgement)
    if said is None and name in OF_SEVERAL_CALLS and not subject.stages:
        said = _of_several_calls(subject, point)
    if said is not None or name in BY_THEMSELVES or subject.stages or subject.cotangent_map is not None:
        return said
    watched = timed(subject, SECONDS)
    try:
        with quietly(), released():
            said = is_no_cotangent(watched, point, fresh_points(watched, point, 4))
            if said is not None:
                return said
            positions = _in_order(subject, judgement)
            said = diagnosed(watched, point, positions)
            if said is None and subject.jvp is not None and name in OF_PUSHFORWARDS:
                return diagnosed(watched, point, positions, pushes=True)
            return said
    except OutOfTime:
        return None


def _of_several_calls(subject: Subject, point: Point) -> Diagnosis | None:
    watched = timed(subject, SECONDS)
    try:
        with quietly(), released():
            return adds_up(watched, fresh_points(watched, point, 4))
    except OutOfTime:
        return None


def _in_order(subject: Subject, judgement: Judgement) -> Sequence[int]:
    """The positions of the differentiated arguments, the one that the judgement names first."""
    blamed = _blamed(subject, judgement, None)
    return sorted(subject.differentiated, key=lambda i: subject.arguments[i] != blamed)


def _wrong(cotangents: Sequence[Cotangent], blamed: str | None) -> Sequence[str]:
    """The arguments whose cotangents are wrong at the point, the one that is blamed first."""
    wrong = [each.argument for each in cotangents if each.is_wrong]
    return [*([blamed] if blamed is not None else []), *(name for name in wrong if name != blamed)]


def _blamed(subject: Subject, judgement: Judgement, diagnosis: Diagnosis | None) -> str | None:
    """The argument that is said to be wrong: by the judgement, whose numbers are shown, or else by the diagnosis."""
    said = f"{judgement.mismatch.what if judgement.mismatch else ''}. {judgement.reason}."
    named = (name for name in subject.arguments if any(f"for {name}{end}" in said for end in " .,:;"))
    return next(named, None if diagnosis is None else diagnosis.argument)
