"""What declarations must satisfy: each requirement raises SpecError with the remedy."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..domains import Domain, Labels
from ..errors import SpecError, listed, nearest
from ..options import Option
from ..signatures import Signature

REDUCTIONS = ("sum", "mean")


def must_be_separable(called: str, signature: Signature, batch: str, reduction: str, options: Iterable[str]) -> None:
    """Raise SpecError where ``batch`` is no dimension of a signature, or ``reduction`` is missing or superfluous."""
    if not batch:
        if reduction:
            raise SpecError(
                f"reduction={reduction!r} of {called} says nothing without batch=, the dimension that is reduced. "
                "Name one of the signature's, such as batch='n'."
            )
        return
    if batch not in signature.names:
        raise SpecError(
            f"batch={batch!r} is no dimension of {called}; its signature {str(signature)!r} names "
            f"{listed(signature.names)}.{nearest(batch, signature.names)} Name one of them."
        )
    if any(dimensions.count(batch) > 1 for dimensions in signature.inputs):
        raise SpecError(f"batch={batch!r} of {called} stands twice in one argument: parts of it are no whole rows.")
    reduced = signature.output is not None and batch not in signature.output
    if reduced and reduction not in REDUCTIONS and "reduction" not in options:
        raise SpecError(
            f"the output of {called} does not have the batch dimension {batch!r}: say what it does to the parts with "
            f"reduction='sum' or reduction='mean' (it is {reduction!r})."
        )
    if reduction and not reduced:
        raise SpecError(
            f"reduction={reduction!r} of {called} says what becomes of the batch dimension {batch!r}, but the output "
            "has it still. Drop reduction=."
        )


def must_take_known_names(
    invariant: Callable[..., Any], called: str, arguments: Sequence[str], options: Iterable[str]
) -> None:
    """Raise SpecError where an invariant takes by name what there is not."""
    known = [*arguments, *(f"d{name}" for name in arguments), "y", "ct", *options]
    for name in inspect.signature(invariant).parameters:
        if name not in known:
            raise SpecError(
                f"the invariant {getattr(invariant, '__name__', invariant)!r} of {called} takes {name!r}, but may take "
                f"{listed(known)}.{nearest(name, known)} Rename the parameter."
            )


def must_be_sizes(domains: Mapping[str, Domain], signature: Signature, called: str) -> None:
    """Raise SpecError where labels count up to a dimension that the signature does not name."""
    for name, domain in domains.items():
        dimension = domain.dimension if isinstance(domain, Labels) else 0
        if isinstance(dimension, str) and dimension not in signature.names:
            raise SpecError(
                f"domain {name}=Labels({dimension!r}) of {called} counts up to a dimension that its signature does not "
                f"name: those are {listed(signature.names)}.{nearest(dimension, signature.names)} "
                "Name one of them, or a number."
            )


def must_be_parameters(function: Any, options: Mapping[str, Option], called: str) -> None:
    """Raise SpecError where a declared option is no parameter of the function."""
    parameters = inspect.signature(function).parameters
    if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return
    for name in options:
        if name not in parameters:
            raise SpecError(
                f"option {name!r} is not a parameter of {called}, which takes {listed(parameters)}."
                f"{nearest(name, parameters)} Rename it, or drop it from options=."
            )


def must_name(what: str, given: Sequence[str], called: str, known: Sequence[str]) -> None:
    """Raise SpecError where a declaration names an argument that there is not."""
    for name in given:
        if name not in known:
            raise SpecError(
                f"{what} names {name!r}, but the arguments of {called} are {listed(known)}.{nearest(name, known)} "
                "Rename it, or drop it."
            )


def must_be_one_of(what: str, given: Mapping[str, Any], kinds: tuple[type, ...]) -> None:
    """Raise SpecError where a declared option or domain is not of the kinds that there are."""
    for name, value in given.items():
        if not isinstance(value, kinds):
            raise SpecError(
                f"{what} {name}={value!r} is a {type(value).__name__}, but should be one of "
                f"{listed(kind.__name__ for kind in kinds)} from backproof.engine.{what}s, such as "
                f"{'Real(0.0, 1.0)' if what == 'option' else 'Interval(0.0, 1.0)'}."
            )


def must_be_a_choice(what: str, value: str | None, choices: Sequence[str]) -> None:
    """Raise SpecError where a declaration is given, and is none of its choices."""
    if value is not None and value not in choices:
        raise SpecError(f"{what}={value!r} should be one of {listed(choices)}.{nearest(value, choices)}")
