"""Reading functions: which of their nodes are mathematics, what they take, and what they return."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

_SPELLING = 2  # the position of the notation among the arguments of a LinearMap


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


def parameters_of(function: Function) -> list[str]:
    """The names of a function's parameters."""
    return [p.arg for p in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def defaults_of(function: Function) -> dict[str, ast.expr]:
    """What stands for the parameters that may be left out."""
    positional = [*function.args.posonlyargs, *function.args.args]
    given = zip(positional[::-1], function.args.defaults[::-1], strict=False)
    by_keyword = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    return {p.arg: default for p, default in (*given, *by_keyword) if default is not None}


def unpacked(function: Function) -> Iterator[str]:
    """Names that a cache is taken apart into."""
    for node in mutable(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name | ast.Attribute):
            for target in node.targets:
                if isinstance(target, ast.Tuple):
                    yield from (part.id for part in target.elts if isinstance(part, ast.Name))


def asked_for_shape(function: Function) -> Iterator[int]:
    """The names (as ids of nodes) of arrays of which only the shape or the dtype is asked."""
    for node in mutable(function):
        match node:
            case (
                ast.Attribute(value=ast.Name() as name, attr="shape" | "ndim" | "size" | "dtype")
                | ast.Call(func=ast.Name(id="len"), args=[ast.Name() as name])
            ):
                yield id(name)
