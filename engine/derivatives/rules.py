"""The register of derivative rules: what to do when a traced array meets a function."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..domains import Domain
from ..errors import MissingDerivative, SpecError
from ..linear import Array, LinearMap
from ..maps import broadcast
from ..options import Option
from ..signatures import parse

Derive = Callable[..., LinearMap | tuple[LinearMap | None, ...]]


@dataclass(frozen=True)
class Rule:
    """The derivative of one function, as a linear map for each differentiable argument.

    ``derive(output, *arguments, **keywords)`` returns the maps; ``signatures``, ``domain`` and ``options``
    say how to draw points on which the rule is verified.
    """

    function: Callable[..., Any]
    derive: Derive
    name: str
    signatures: tuple[str, ...]
    domain: Mapping[str, Domain]
    options: Mapping[str, Option]
    elementwise: bool
    keywords: frozenset[str]  # that a call may have


RULES: dict[Callable[..., Any], Rule] = {}


def derivative_of(
    function: Callable[..., Any],
    *signatures: str,
    domain: Mapping[str, Domain] | None = None,
    options: Mapping[str, Option] | None = None,
) -> Callable[[Derive], Derive]:
    """Register the derivative of ``function``, to be verified on each signature; elementwise ufuncs need none.

    The decorated function receives the output and the arguments of a call, and returns the linear map that
    is the derivative with respect to each argument in turn, or None for one that has none. Where the
    arguments broadcast (every group is ``()``), repeating them is composed onto the maps by `derivative_maps`.
    """
    if not signatures:
        if not isinstance(function, np.ufunc) or function.signature is not None:
            raise SpecError(
                f"derivative_of({getattr(function, '__name__', function)}) was given no signature, and only "
                "elementwise ufuncs have one by themselves. Write, for instance, derivative_of(np.trace, '(n,n)->()')."
            )
        signatures = (",".join(["()"] * function.nin) + "->()",)
    elementwise = all(parse(signature).broadcasts for signature in signatures)

    def register(derive: Derive) -> Derive:
        keywords = frozenset(list(inspect.signature(derive).parameters)[1:])
        RULES[function] = Rule(
            function, derive, derive.__name__, signatures, domain or {}, options or {}, elementwise, keywords
        )
        return derive

    return register


def derivative_maps(
    rule: Rule, output: Array, arguments: Sequence[Any], keywords: Mapping[str, Any]
) -> Sequence[LinearMap | None]:
    """The derivative of one call with respect to each argument, broadcasting included."""
    derived = rule.derive(output, *arguments, **keywords)
    maps = (derived,) if isinstance(derived, LinearMap) else derived
    if not rule.elementwise:
        return maps
    shape = np.shape(output)
    return [
        linear if linear is None or np.shape(argument) == shape else linear @ broadcast(np.shape(argument), shape)
        for linear, argument in zip(maps, arguments, strict=True)
    ]


def rule_for(function: Callable[..., Any], keywords: Mapping[str, Any]) -> Rule:
    """The rule of a function, for a call with these keywords. Raises MissingDerivative that shows how to write it."""
    rule = RULES.get(function)
    if rule is None:
        name = getattr(function, "__name__", repr(function))
        raise MissingDerivative(
            f"{name} has no derivative rule. Add one, which says what linear map its derivative is:\n\n"
            f"    from backproof.engine import derivative_of, scale\n\n"
            f"    @derivative_of({_path(function)})\n"
            f"    def {name}(y, x):\n"
            f"        return scale(...)  # dx -> dx * (...), if it acts on each element by itself\n"
        )
    for keyword in keywords:
        if keyword not in rule.keywords:
            raise MissingDerivative(
                f"{_path(function)} with {keyword}= cannot be traced. Call it without, and do that part by itself."
            )
    return rule


def _path(function: Callable[..., Any]) -> str:
    module = getattr(function, "__module__", None) or "numpy"
    name = getattr(function, "__name__", repr(function))
    return f"{module.replace('numpy', 'np', 1)}.{name}"
