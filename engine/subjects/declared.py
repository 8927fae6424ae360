"""What a person may say of a subject, in the same words for every kind of subject."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, get_args

from ..domains import Domain, Labels, is_differentiable, real
from ..errors import SpecError, listed, nearest
from ..linear import Array
from ..options import Option
from ..signatures import Signature, parse

ACCURACIES = ("normwise", "relative", "any")
KINK_CONVENTIONS = ("between", "any", "zero")


class Declarations(TypedDict, total=False):
    """The keywords that every constructor of subjects takes.

    - ``domain``: where arguments live, by name; any real numbers unless it says otherwise.
    - ``options``: what the keyword arguments may be, by name.
    - ``constants``: names of arguments that have no cotangent although they are real numbers.
    - ``state``: names of arguments (of an object: attributes) that the code changes in place, such as running
      statistics; they have no cotangent.
    - ``name``: what reports call the subject.
    - ``reference``: another forward, in plain NumPy, that stands for an opaque one.
    - ``derivative_of``: the function whose derivative the pullback is meant to be, where that is not the forward
      (straight-through estimators, gradient reversal); shown as declared.
    - ``cotangent_map``: what the pullback does to its cotangent first (clipping, loss scaling); shown as declared.
    - ``at_kink``: ``"between"`` (a derivative of a piece, or between them), ``"zero"`` or ``"any"``.
    - ``accuracy``: ``"normwise"``, ``"relative"`` (entry by entry), or ``"any"`` where it is nobody's concern.
    - ``random``: whether the forward draws random numbers; the generators are put back before every run.
    """

    domain: Mapping[str, Domain]
    options: Mapping[str, Option]
    constants: Sequence[str]
    state: Sequence[str]
    name: str
    reference: Callable[..., Array]
    derivative_of: Callable[..., Array]
    cotangent_map: Callable[[Array], Array]
    at_kink: str
    accuracy: str
    random: bool


@dataclass(frozen=True)
class Described:
    """A signature, and what was declared, held against the names that it speaks of."""

    signature: Signature
    arguments: tuple[str, ...]
    domains: tuple[Domain, ...]
    options: Mapping[str, Option]
    constants: frozenset[int]
    state: tuple[str, ...]
    name: str
    is_random: bool
    kept: Mapping[str, Any]  # the declarations that a subject keeps under their own names

    def has_cotangent(self, position: int) -> bool:
        """Whether the argument at this position is differentiated."""
        return position not in self.constants and is_differentiable(self.domains[position])


def described(
    of: Any, signature: str, arguments: Sequence[str] | None, declared: Declarations, attributes: bool = False
) -> Described:
    """Hold a description against the function it describes.

    ``arguments`` are the names of the arrays, read off the function's parameters where None; ``attributes``
    says that ``state`` names attributes. Raises SpecError where a declaration is unknown, names no argument,
    or is of the wrong kind.
    """
    known = Declarations.__annotations__
    for key in declared:
        if key not in known:
            raise SpecError(f"{key!r} is not a declaration.{nearest(key, known)} The declarations are {listed(known)}.")
    if not isinstance(signature, str):
        raise SpecError(
            f"signature={signature!r} is a {type(signature).__name__}, but should be a string such as "
            "'(n,i),(i,o)->(n,o)'."
        )
    parsed = parse(signature)
    options = dict(declared.get("options", {}))
    called = str(declared.get("name") or getattr(of, "__name__", type(of).__name__))
    names = tuple(arguments) if arguments is not None else _arrays_of(of, options, len(parsed.inputs))
    if len(names) != len(parsed.inputs):
        raise SpecError(
            f"signature={signature!r} of {called} describes {len(parsed.inputs)} arguments, but there are "
            f"{len(names)} besides the declared options: {listed(names)}. "
            "Write one group an argument, and declare what is no array with options={...}."
        )
    domains = declared.get("domain", {})
    state, constant = _names(declared.get("state", ())), _names(declared.get("constants", ()))
    for what, given in (("domain", tuple(domains)), ("constants", constant)):
        _must_name(what, given, called, names)
    if not attributes:
        _must_name("state", state, called, names)
    must_be_one_of("option", options, get_args(Option))
    must_be_one_of("domain", domains, get_args(Domain))
    _must_be_sizes(domains, parsed, called)
    _must_be_parameters(of, options, called)
    _must_be_a_choice("at_kink", declared.get("at_kink"), KINK_CONVENTIONS)
    _must_be_a_choice("accuracy", declared.get("accuracy"), ACCURACIES)
    constants = {names.index(name) for name in (*constant, *(() if attributes else state))}
    kept = ("reference", "derivative_of", "cotangent_map", "at_kink", "accuracy")
    return Described(
        signature=parsed,
        arguments=names,
        domains=tuple(domains.get(name, real) for name in names),
        options=options,
        constants=frozenset(constants),
        state=state,
        name=called,
        is_random=declared.get("random", False),
        kept={key: value for key, value in declared.items() if key in kept},
    )


def _arrays_of(function: Any, options: Mapping[str, Any], count: int) -> tuple[str, ...]:
    """The names of a function's array arguments: its parameters that are no options."""
    parameters = inspect.signature(function).parameters.values()
    names = [p.name for p in parameters if p.name not in options and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return (
            tuple(f"x{i}" for i in range(count))
            if not names
            else (*names, *(f"x{i}" for i in range(len(names), count)))
        )
    unneeded = [p.name for p in parameters if p.default is not p.empty]
    while len(names) > count and names[-1] in unneeded:
        names.pop()  # an undeclared option keeps its default
    return tuple(names)


def _names(given: Sequence[str]) -> tuple[str, ...]:
    """Names, also where one was given by itself: a string is no sequence of letters here."""
    return (given,) if isinstance(given, str) else tuple(given)


def _must_be_sizes(domains: Mapping[str, Domain], signature: Signature, called: str) -> None:
    for name, domain in domains.items():
        dimension = domain.dimension if isinstance(domain, Labels) else 0
        if isinstance(dimension, str) and dimension not in signature.names:
            raise SpecError(
                f"domain {name}=Labels({dimension!r}) of {called} counts up to a dimension that its signature does not "
                f"name: those are {listed(signature.names)}.{nearest(dimension, signature.names)} "
                "Name one of them, or a number."
            )


def _must_be_parameters(function: Any, options: Mapping[str, Option], called: str) -> None:
    parameters = inspect.signature(function).parameters
    if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return
    for name in options:
        if name not in parameters:
            raise SpecError(
                f"option {name!r} is not a parameter of {called}, which takes {listed(parameters)}."
                f"{nearest(name, parameters)} Rename it, or drop it from options=."
            )


def _must_name(what: str, given: Sequence[str], called: str, known: Sequence[str]) -> None:
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


def _must_be_a_choice(what: str, value: str | None, choices: Sequence[str]) -> None:
    if value is not None and value not in choices:
        raise SpecError(f"{what}={value!r} should be one of {listed(choices)}.{nearest(value, choices)}")
