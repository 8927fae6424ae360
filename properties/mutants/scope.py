"""What a mutation operator may know of the function that surrounds a piece of syntax."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .syntax import FUNCTIONS, Function, asked_for_shape, defaults_of, mutable, parameters_of, returned, unpacked

_NO_ARRAY = re.compile(r"self|cls|.*(cache|ctx|context|saved|residuals|memory|tape|state).*")


@dataclass(frozen=True)
class Scope:
    """The names and places in one function that operators ask for; places are ids of nodes.

    ``results`` are the expressions that become cotangents (or a linear map's factor), each with the name of an
    array that has their dtype; ``rows`` the tuples of several cotangents.
    """

    numpy: str = "np"  # what the module calls NumPy; nothing where it does not know it
    arrays: tuple[str, ...] = ()  # that could be taken for one another: arguments
    output: str = ""  # the output's name, of an operation that returns it with its pullback
    inside: frozenset[int] = frozenset()  # what stands in that pullback, where the output has its value
    cotangents: frozenset[str] = frozenset()
    defaults: Mapping[str, ast.expr] = field(default_factory=dict)  # of the options
    results: Mapping[int, str] = field(default_factory=dict)
    rows: frozenset[int] = frozenset()
    shapes: frozenset[int] = frozenset()  # names of which only the shape or the dtype is asked


def scope_of(function: Function, numpy: str, options: frozenset[str], is_rule: bool, returns: bool) -> Scope:
    """The scope of a function; one that returns linear maps (``is_rule``) has no cotangent of its own.

    ``returns``: it is what returns the cotangents itself, where nothing inside of it does.
    """
    inner = [node for node in mutable(function) if isinstance(node, FUNCTIONS) and _single(node)]
    parameters = parameters_of(function)
    own = next((p for p in parameters if not _NO_ARRAY.fullmatch(p.lower())), "") if returns and not inner else ""
    pullbacks: list[tuple[Function, str]] = [
        *((node, _single(node)) for node in inner),
        *([(function, own)] if own else []),
    ]
    cotangents = frozenset(name for _, name in pullbacks)
    arrays = tuple(
        name
        for name in dict.fromkeys((*parameters, *unpacked(function)))
        if name not in options | cotangents and not _NO_ARRAY.fullmatch(name.lower())
    )
    results = {id(part): ct for node, ct in pullbacks for value in returned(node) for part in _parts(value)}
    if is_rule:
        factors = (factor for value in returned(function) for factor in _factors(value, arrays))
        results |= {id(factor): parameters[0] for factor in factors}
    returning = [*(node for node, _ in pullbacks), *([function] if is_rule else [])]
    return Scope(
        numpy=numpy,
        arrays=arrays,
        output=next((name for name in _output(function) if name not in arrays), ""),
        inside=frozenset(id(part) for node in inner for part in mutable(node)),
        cotangents=cotangents,
        defaults=defaults_of(function),
        results=results,
        rows=frozenset(id(row) for node in returning for row in returned(node) if isinstance(row, ast.Tuple)),
        shapes=frozenset(asked_for_shape(function)),
    )


def _single(function: Function) -> str:
    """The name of a function's only parameter, nothing where it has another number of them."""
    parameters = parameters_of(function)
    return parameters[0] if len(parameters) == 1 else ""


def _output(function: Function) -> Iterator[str]:
    """The name of the output, of an operation that returns it and its pullback."""
    for value in returned(function):
        if isinstance(value, ast.Tuple) and len(value.elts) == 2 and isinstance(value.elts[0], ast.Name):
            yield value.elts[0].id


def _parts(value: ast.expr) -> Iterator[ast.expr]:
    """The cotangents in what is returned."""
    parts: list[ast.expr] = [value]
    if isinstance(value, ast.Tuple | ast.List):
        parts = value.elts
    elif isinstance(value, ast.Dict):
        parts = value.values
    yield from (part for part in parts if not isinstance(part, ast.Constant | ast.Lambda))


def _factors(value: ast.expr, arrays: tuple[str, ...]) -> Iterator[ast.expr]:
    """The arrays that a rule hands to the linear maps that it returns."""
    for call in ast.walk(value):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            for argument in call.args:
                factor = argument.body if isinstance(argument, ast.Lambda) else argument
                is_array = isinstance(factor, ast.Name) and factor.id in arrays
                if is_array or isinstance(factor, ast.BinOp | ast.UnaryOp):
                    yield factor
