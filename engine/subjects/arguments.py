"""What the arguments of a function are called, and how they are nested."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..domains import Domain
from ..errors import SpecError, listed
from ..options import Option, first_values
from ..signatures import Signature, parse
from .inferring import domains_like, signature_like
from .structure import Structure


def structure_of(
    of: Any,
    signature: str | None,
    arguments: Sequence[str] | None,
    like: Any,
    options: Mapping[str, Option],
    called: str,
) -> Structure:
    """How the arguments of a function are nested: as the example ``like`` is, and flat where there is none.

    Raises SpecError where there is neither signature nor example, or where they do not fit the function.
    """
    if signature is not None and not isinstance(signature, str):
        raise SpecError(
            f"signature={signature!r} is a {type(signature).__name__}, but should be a string such as "
            "'(n,i),(i,o)->(n,o)'."
        )
    if like is None:
        if signature is None:
            raise SpecError(
                f"{called} has neither a signature nor an example. Say the shapes, as in '(n,i),(i,o)->(n,o)', or give "
                "an example of each argument: like=(x, w)."
            )
        names = tuple(arguments) if arguments is not None else _arrays_of(of, options, len(parse(signature).inputs))
        return Structure(names, (0.0,) * len(names))
    if not isinstance(like, tuple | list) or hasattr(like, "_fields"):
        raise SpecError(
            f"like= of {called} is a {type(like).__name__}, but should be a tuple with an example of each argument: "
            "like=(x, w), and like=(x,) for one."
        )
    names = tuple(arguments) if arguments is not None else _arrays_of(of, options, len(like))
    if len(names) != len(like):
        raise SpecError(
            f"like= of {called} has {len(like)} examples, but there are {len(names)} arguments besides the declared "
            f"options: {listed(names)}. Give one example an argument."
        )
    structure = Structure(names, tuple(like))
    if not structure.names:
        raise SpecError(f"like= of {called} holds no array and no float: there is nothing to differentiate.")
    return structure


@dataclass(frozen=True)
class Trial:
    """How a function is run to see what it takes: ``run(arguments, options)`` returns the output.

    ``as_leaf`` makes of a NumPy array what the function takes for one.
    """

    run: Callable[[Sequence[Any], Mapping[str, Any]], Any]
    as_leaf: Callable[[Any], Any] = lambda array: array

    def of(self, structure: Structure, options: Mapping[str, Option]) -> Callable[[Sequence[Any]], Any]:
        """The function of the leaves alone, at the first values of the options."""
        values = first_values(options)
        return lambda leaves: self.run(structure.nested([self.as_leaf(leaf) for leaf in leaves]), values)


def inferred(structure: Structure, options: Mapping[str, Option], called: str, trial: Trial | None) -> str:
    """The signature that an example shows. Raises SpecError where none can be inferred."""
    if trial is None:
        raise SpecError(f"the signature of {called} cannot be inferred from an example. Say the shapes: '(n,i)->(n)'.")
    return signature_like(trial.of(structure, options), structure.leaves, called)


def domains_of(
    structure: Structure, options: Mapping[str, Option], signature: Signature, trial: Trial
) -> dict[str, Domain]:
    """The domains of the arguments of an example that hold no floats, by name."""
    found = domains_like(trial.of(structure, options), structure.leaves, signature)
    return {name: domain for name, domain in zip(structure.names, found, strict=True) if domain is not None}


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
