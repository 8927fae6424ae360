"""What a person may say of a subject, in the same words for every kind of subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, get_args

from ..domains import Custom, Domain, is_differentiable, real
from ..errors import SpecError, listed, nearest
from ..linear import Array
from ..options import Drawn, Option
from ..signatures import Signature, parse
from .arguments import Trial, domains_of, inferred, structure_of
from .requirements import (
    must_be_a_choice,
    must_be_one_of,
    must_be_parameters,
    must_be_separable,
    must_be_sizes,
    must_name,
    must_take_known_names,
)
from .structure import Structure, on_leaves

ACCURACIES = ("normwise", "relative", "any")
KINK_CONVENTIONS = ("between", "any", "zero")


class Declarations(TypedDict, total=False):
    """The keywords that every constructor of subjects takes.

    - ``like``: an example of each argument. Nested ones (dicts, tuples, lists, dataclasses of arrays) become one
      argument a leaf, such as ``params.W``; where there is no signature, it is inferred from the example's shapes.
    - ``domain``: where arguments live, by name or position: a domain, or a Hypothesis strategy of numbers; any real
      numbers unless it says otherwise.
    - ``options``: what the keyword arguments may be, by name: `Real`, `Choice`, or a Hypothesis strategy.
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
    - ``batch``: the dimension of the signature along which whole equals parts, such as ``"n"``.
    - ``reduction``: ``"sum"`` or ``"mean"``, what an output without that dimension does to the parts.
    - ``invariants``: functions that take by name what they speak of (arguments, ``y``, ``ct``, ``dx`` for the
      cotangent of x, options) and return two things that must be equal; the docstring says it in a sentence.
    - ``random``: whether the forward draws random numbers; the generators are put back before every run.
    """

    like: Sequence[Any]
    domain: Mapping[str | int, Any]
    options: Mapping[str, Any]
    constants: Sequence[str]
    state: Sequence[str]
    name: str
    reference: Callable[..., Array]
    derivative_of: Callable[..., Array]
    cotangent_map: Callable[[Array], Array]
    at_kink: str
    accuracy: str
    batch: str
    reduction: str
    invariants: Sequence[Callable[..., Any]]
    random: bool


@dataclass(frozen=True)
class Described:
    """A signature, and what was declared, held against the names that it speaks of."""

    signature: Signature
    structure: Structure
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
    of: Any,
    signature: str | None,
    arguments: Sequence[str] | None,
    declared: Declarations,
    attributes: bool = False,
    trial: Trial | None = None,
) -> Described:
    """Hold a description against the function it describes.

    ``arguments`` are the names of the function's arguments, read off its parameters where None; ``attributes``
    says that ``state`` names attributes; ``trial`` is how it is run to infer a signature from an example. Raises
    SpecError where a declaration is unknown, names no argument, or is of the wrong kind.
    """
    known = Declarations.__annotations__
    for key in declared:
        if key not in known:
            raise SpecError(f"{key!r} is not a declaration.{nearest(key, known)} The declarations are {listed(known)}.")
    called = str(declared.get("name") or getattr(of, "__name__", type(of).__name__))
    options = {name: _as_option(option) for name, option in declared.get("options", {}).items()}
    must_be_one_of("option", options, get_args(Option))
    must_be_parameters(of, options, called)
    structure = structure_of(of, signature, arguments, declared.get("like"), options, called)
    names = structure.names
    parsed = parse(signature if signature is not None else inferred(structure, options, called, trial))
    if len(names) != len(parsed.inputs):
        raise SpecError(
            f"signature={str(parsed)!r} of {called} describes {len(parsed.inputs)} arguments, but there are "
            f"{len(names)} besides the declared options: {listed(names)}. "
            "Write one group an argument, and declare what is no array with options={...}."
        )
    seen = domains_of(structure, options, parsed, trial) if "like" in declared and trial else {}
    said = {_name_of(key, names): _as_domain(domain) for key, domain in declared.get("domain", {}).items()}
    domains: dict[str, Domain] = {**seen, **said}
    state, constant = _names(declared.get("state", ())), _names(declared.get("constants", ()))
    for what, given in (("domain", tuple(domains)), ("constants", constant)):
        must_name(what, given, called, names)
    if not attributes:
        must_name("state", state, called, names)
    must_be_one_of("domain", domains, get_args(Domain))
    must_be_sizes(domains, parsed, called)
    must_be_a_choice("at_kink", declared.get("at_kink"), KINK_CONVENTIONS)
    must_be_a_choice("accuracy", declared.get("accuracy"), ACCURACIES)
    must_be_separable(called, parsed, declared.get("batch", ""), declared.get("reduction", ""), options)
    invariants = tuple(declared.get("invariants", ()))
    for invariant in invariants:
        must_take_known_names(invariant, called, names, options)
    constants = {names.index(name) for name in (*constant, *(() if attributes else state))}
    kept = ("reference", "derivative_of", "cotangent_map", "at_kink", "accuracy", "batch", "reduction")
    return Described(
        signature=parsed,
        structure=structure,
        arguments=names,
        domains=tuple(domains.get(name, real) for name in names),
        options=options,
        constants=frozenset(constants),
        state=state,
        name=called,
        is_random=declared.get("random", False),
        kept={key: value for key, value in declared.items() if key in kept}
        | {key: on_leaves(declared[key], structure) for key in ("reference", "derivative_of") if key in declared}
        | {"invariants": invariants},
    )


def _name_of(key: str | int, names: Sequence[str]) -> str:
    return names[key] if isinstance(key, int) and -len(names) <= key < len(names) else str(key)


def _as_domain(domain: Any) -> Any:
    return Custom(domain) if _is_strategy(domain) else domain


def _as_option(option: Any) -> Any:
    return Drawn(option) if _is_strategy(option) else option


def _is_strategy(value: Any) -> bool:
    """Whether it comes from Hypothesis, which the engine knows by name alone."""
    return any(
        kind.__module__.startswith("hypothesis.") and kind.__name__ == "SearchStrategy" for kind in type(value).__mro__
    )


def _names(given: Sequence[str]) -> tuple[str, ...]:
    """Names, also where one was given by itself: a string is no sequence of letters here."""
    return (given,) if isinstance(given, str) else tuple(given)
