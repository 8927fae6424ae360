"""Mistakes with branches, functions, the order of cotangents, and lines that are missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .operator import mistake
from .scope import Scope

_NEIGHBOURS = (
    *(("sum", "mean"), ("maximum", "minimum"), ("max", "min"), ("argmax", "argmin"), ("exp", "expm1")),
    *(("log", "log1p"), ("sin", "cos"), ("sinh", "cosh"), ("zeros", "ones"), ("zeros_like", "ones_like")),
    *(("sign", "abs"), ("logical_and", "logical_or")),
)
_NEIGHBOUR = {one: other for pair in _NEIGHBOURS for one, other in (pair, pair[::-1])}


@mistake("The branches of a choice are exchanged.")
def swap_branches(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.Call(func=ast.Attribute(attr="where") as function, args=[condition, one, other], keywords=keywords):
            yield ast.Call(function, [condition, other, one], keywords)


@mistake("A function of a similar name or meaning is called.")
def wrong_function(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=name), args=arguments, keywords=keywords) if (
            name in _NEIGHBOUR
        ):
            yield ast.Call(ast.Attribute(value, _NEIGHBOUR[name], ast.Load()), arguments, keywords)


@mistake("Two cotangents are in the wrong order.")
def swap_cotangents(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    if id(node) not in scope.rows:
        return
    assert isinstance(node, ast.Tuple)
    for i in range(len(node.elts) - 1):
        yield ast.Tuple([*node.elts[:i], node.elts[i + 1], node.elts[i], *node.elts[i + 2 :]], ast.Load())


@mistake("A line is missing.")
def drop_statement(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.AugAssign() | ast.Expr(value=ast.Call()) | ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            yield ast.Pass()
