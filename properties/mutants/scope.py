"""What a mutation operator may know of the function that surrounds a piece of syntax."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

_SPELLING = 2  # the position of the notation among the arguments of a LinearMap
_NO_COTANGENT = re.compile(r"self|.*(cache|ctx|context|saved|residuals|memory|tape|state).*")


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
    """The scope of a function; one of linear maps (``is_rule``) or helpers has no cotangent of its own.

    ``returns``: it is what returns the cotangents itself, where nothing inside of it does.
    """
    inner = [node for node in mutable(function) if isinstance(node, FUNCTIONS) and _single(node)]
    parameters = [p.arg for p in _parameters(function)]
    own = next((p for p in parameters if not _NO_COTANGENT.fullmatch(p.lower())), "") if returns and not inner else ""
    cotangents = frozenset(filter(None, [own, *(_single(node) for node in inner)]))
    named = [*parameters, *_unpacked(function)]
    arrays = tuple(n for n in dict.fromkeys(named) if n not in options | cotangents and n not in ("self", "cls"))
    results: dict[int, str] = {}
    rows: set[int] = set()
    returning: list[tuple[Function, str]] = [(node, _single(node)) for node in inner]
    if own:
        returning.append((function, own))
    for node, ct in returning:
        for value in returned(node):
            rows |= {id(value)} if isinstance(value, ast.Tuple) else set()
            results.update((id(part), ct) for part in _parts(value))
    if is_rule:
        for value in returned(function):
            rows |= {id(value)} if isinstance(value, ast.Tuple) else set()
            results.update((id(part), parameters[0]) for part in _factors(value, arrays))
    return Scope(
        numpy=numpy,
        arrays=arrays,
        output=next((name for name in _output(function) if name not in arrays), ""),
        inside=frozenset(id(part) for node in inner for part in mutable(node)),
        cotangents=cotangents,
        defaults=_defaults(function),
        results=results,
        rows=frozenset(rows),
        shapes=frozenset(_asked_for_shape(function)),
    )


def mutable(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function that are mathematics: no annotations, messages, assertions, texts, notation.

    A negative number is one node.
    """
    body = [function.body] if isinstance(function, ast.Lambda) else function.body
    for part in body:
        yield from _within(part)


def _within(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Raise | ast.Assert) or _is_text(node):
        return
    yield node
    if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
        return
    if isinstance(node, FUNCTIONS):
        yield from mutable(node)
        return
    skipped = {id(node.annotation)} if isinstance(node, ast.AnnAssign) else set()
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "LinearMap":
        skipped |= {id(argument) for argument in node.args[_SPELLING:]}
        skipped |= {id(keyword) for keyword in node.keywords if keyword.arg == "spelling"}
    for child in ast.iter_child_nodes(node):
        if id(child) not in skipped:
            yield from _within(child)


def _is_text(node: ast.AST) -> bool:
    """Whether a node says something to people and nothing else: a docstring, or a choice of words."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.JoinedStr() | ast.Constant(value=str()):
            return True
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return _is_text(value)
        case ast.Tuple(elts=elements):
            return bool(elements) and all(map(_is_text, elements))
        case ast.IfExp(body=body, orelse=orelse):
            return _is_text(body) and _is_text(orelse)
    return False


def _asked_for_shape(function: Function) -> Iterator[int]:
    """The names of arrays of which only the shape or the dtype is asked."""
    for node in mutable(function):
        match node:
            case (
                ast.Attribute(value=ast.Name() as name, attr="shape" | "ndim" | "size" | "dtype")
                | ast.Call(func=ast.Name(id="len"), args=[ast.Name() as name])
            ):
                yield id(name)


def returned(function: Function) -> Iterator[ast.expr]:
    """The expressions that a function itself returns, not those that functions inside of it do."""
    if isinstance(function, ast.Lambda):
        yield function.body
        return
    waiting: list[ast.AST] = list(function.body)
    for node in waiting:
        if isinstance(node, ast.Return) and node.value is not None:
            yield node.value
        elif not isinstance(node, FUNCTIONS):
            waiting += ast.iter_child_nodes(node)


def _parameters(function: Function) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _single(function: Function) -> str:
    """The name of a function's only parameter, nothing where it has another number of them."""
    parameters = _parameters(function)
    return parameters[0].arg if len(parameters) == 1 else ""


def _defaults(function: Function) -> dict[str, ast.expr]:
    positional = [*function.args.posonlyargs, *function.args.args]
    given = zip(positional[::-1], function.args.defaults[::-1], strict=False)
    by_keyword = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    return {p.arg: default for p, default in (*given, *by_keyword) if default is not None}


def _unpacked(function: Function) -> Iterator[str]:
    """Names that a cache is taken apart into."""
    for node in mutable(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name | ast.Attribute):
            for target in node.targets:
                if isinstance(target, ast.Tuple):
                    yield from (part.id for part in target.elts if isinstance(part, ast.Name))


def _output(function: Function) -> Iterator[str]:
    """The name of the output, of an operation that returns it and its pullback."""
    for value in returned(function):
        if isinstance(value, ast.Tuple) and len(value.elts) == 2 and isinstance(value.elts[0], ast.Name):
            yield value.elts[0].id


def _parts(value: ast.expr) -> Iterator[ast.expr]:
    elements = (
        value.elts
        if isinstance(value, ast.Tuple | ast.List)
        else value.values
        if isinstance(value, ast.Dict)
        else [value]
    )
    yield from (part for part in elements if not isinstance(part, ast.Constant | ast.Lambda))


def _factors(value: ast.expr, arrays: tuple[str, ...]) -> Iterator[ast.expr]:
    """The arrays that a rule hands to the linear maps that it returns."""
    for call in ast.walk(value):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            for argument in call.args:
                factor = argument.body if isinstance(argument, ast.Lambda) else argument
                is_array = isinstance(factor, ast.Name) and factor.id in arrays
                if is_array or isinstance(factor, ast.BinOp | ast.UnaryOp):
                    yield factor
