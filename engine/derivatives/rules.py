"""The register of derivative rules: what to do when a traced array meets a function."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from ..domains import Domain
from ..errors import MissingDerivative, SpecError
from ..linear import Array, LinearMap
from ..maps import as_complex, broadcast, is_complex
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

    arrays: int  # that a call has in front of its options; of those in a list, on the first signature

    def arguments(self, count: int) -> tuple[str, ...]:
        """Names for the arrays of a call with so many of them; those of ``*arrays`` are numbered."""
        parameters = list(inspect.signature(self.derive).parameters.values())[1:]
        if parameters[0].kind is inspect.Parameter.VAR_POSITIONAL:
            return tuple(f"{parameters[0].name}{number}" for number in range(count))
        return tuple(parameter.name for parameter in parameters[:count])


RULES: dict[Callable[..., Any], Rule] = {}
SPECIAL: dict[str, Rule] = {}  # of scipy.special, by name


def derivative_of(
    function: Callable[..., Any],
    *signatures: str,
    domain: Mapping[str, Domain] | None = None,
    options: Mapping[str, Option] | None = None,
    part_of: Callable[..., Any] | None = None,
) -> Callable[[Derive], Derive]:
    """Register the derivative of ``function``, to be verified on each signature; elementwise ufuncs need none.

    The decorated function receives the output and the arguments of a call, and returns the linear map that
    is the derivative with respect to each argument in turn, or None for one that has none. Where the
    arguments broadcast (every group is ``()``), repeating them is composed onto the maps by `derivative_maps`.
    ``part_of`` names the function whose definition verifies this one, where by itself it could not be: the sign of
    an eigenvector is nobody's choice.
    """
    if not signatures and part_of is None:
        if not isinstance(function, np.ufunc) or function.signature is not None:
            raise SpecError(
                f"derivative_of({getattr(function, '__name__', function)}) was given no signature, and only "
                "elementwise ufuncs have one by themselves. Write, for instance, derivative_of(np.trace, '(n,n)->()')."
            )
        signatures = (",".join(["()"] * function.nin) + "->()",)
    arrays = len(parse(signatures[0]).inputs) if signatures else 1
    elementwise = bool(signatures) and all(parse(signature).broadcasts for signature in signatures)

    def register(derive: Derive) -> Derive:
        keywords = frozenset(list(inspect.signature(derive).parameters)[1:])
        RULES[function] = Rule(
            function, derive, derive.__name__, signatures, domain or {}, options or {}, elementwise, keywords, arrays
        )
        return derive

    return register


def derivative_maps(
    rule: Rule, output: Array, arguments: Sequence[Any], keywords: Mapping[str, Any], wanted: Sequence[int] = ()
) -> Sequence[LinearMap | None]:
    """The derivative of one call with respect to each argument, broadcasting included.

    Where ``wanted`` has a negative number, nobody asks for that argument's.
    """
    derived = rule.derive(output, *arguments, **keywords)
    maps: Sequence[LinearMap | None] = (derived,) if isinstance(derived, LinearMap) else derived
    if is_complex(output):
        maps = [
            linear if linear is None or is_complex(argument) else linear @ as_complex()
            for linear, argument in zip(maps, arguments, strict=False)
        ]
    if not rule.elementwise or len(maps) == 1:
        return maps
    shape = np.shape(output)
    return [
        linear
        if linear is None or (wanted and wanted[place] < 0) or np.shape(arguments[place]) == shape
        else linear @ broadcast(np.shape(arguments[place]), shape)
        for place, linear in enumerate(maps)
    ]


def arranged(
    rule: Rule, arguments: tuple[Any, ...], keywords: Mapping[str, Any]
) -> tuple[tuple[Any, ...], Mapping[str, Any]]:
    """A call's arrays by position and its options by keyword, however they were passed; defaults are left out."""
    defaults = _parameters(rule.function)
    if defaults is None:
        return arguments, _known(rule, keywords)
    names = list(defaults)
    given = dict(zip(names, arguments, strict=False)) | dict(keywords)
    arrays = []
    for name in names[: rule.arrays]:
        if name not in given:
            break
        arrays.append(given.pop(name))
    return tuple(arrays), _known(rule, {k: v for k, v in given.items() if k not in defaults or v is not defaults[k]})


def _known(rule: Rule, keywords: Mapping[str, Any]) -> Mapping[str, Any]:
    for keyword in keywords:
        if keyword not in rule.keywords:
            raise MissingDerivative(
                f"{path_of(rule.function)} with {keyword}= cannot be traced. "
                "Call it without, and do that part by itself."
            )
    return keywords


def special_rule(function: Callable[..., Any]) -> Rule | None:
    """The rule of a function of scipy.special, which need not be installed: rules know these by their names."""
    name = getattr(function, "__name__", "")
    rule = SPECIAL.get(name) or RULES.get(getattr(np, name, function))  # SciPy has functions such as log1p of its own
    if rule is None or not (isinstance(function, np.ufunc) or (function.__module__ or "").startswith("scipy")):
        return None
    return replace(rule, function=function)


@cache
def _parameters(function: Callable[..., Any]) -> dict[str, Any] | None:
    """A function's parameters and their defaults; None where the arrays are a list, or where nobody knows."""
    if isinstance(function, np.ufunc):
        return None
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        return None
    if any(p.kind is inspect.Parameter.VAR_POSITIONAL for p in parameters):
        return None
    return {p.name: p.default for p in parameters}


def rule_for(function: Callable[..., Any]) -> Rule:
    """The rule of a function. Raises MissingDerivative that shows how to write it."""
    rule = RULES.get(function) or special_rule(function)
    if rule is None:
        name = getattr(function, "__name__", repr(function))
        shape = "" if isinstance(function, np.ufunc) and function.signature is None else ', "(n)->(n)"'
        raise MissingDerivative(
            f"{name} has no derivative rule. Add one, which says what linear map its derivative is:\n\n"
            f"    from backproof.engine import derivative_of, scale\n\n"
            f"    @derivative_of({path_of(function)}{shape})\n"
            f"    def {name}(y, x):\n"
            f"        return scale(...)  # dx -> dx * (...), if it acts on each element by itself\n"
        )
    return rule


def path_of(function: Callable[..., Any]) -> str:
    """Where a function is found, as it is written: ``np.linalg.inv``, ``scipy.special.erf``."""
    name = getattr(function, "__name__", repr(function))
    if isinstance(function, np.ufunc):  # it does not say where it lives
        module = "numpy" if getattr(np, name, None) is function else "scipy.special"
    else:
        module = getattr(function, "__module__", None) or "numpy"
    return f"{module}.{name}".replace("numpy.", "np.", 1)
