"""Mistakes in what is used: the cotangent, options, arguments, the memory of others, and their precision."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .operator import mistake, numpy_function
from .scope import Scope

_UFUNCS: dict[type[ast.operator], str] = {
    ast.Mult: "multiply",
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Div: "divide",
}


@mistake("The cotangent is taken to be one.")
def ignore_cotangent(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.Name(id=name, ctx=ast.Load()) if name in scope.cotangents and scope.numpy:
            if id(node) not in scope.shapes:
                yield ast.Call(numpy_function(scope, "ones_like"), [node], [])


@mistake("An option is ignored: its default stands in its place.")
def ignore_option(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.Name(id=name, ctx=ast.Load()) if name in scope.defaults:
            yield scope.defaults[name]


@mistake("One array is taken for another: the output for the input, or one argument for the next.")
def wrong_array(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.Name(id=name, ctx=ast.Load()) if name and name in (*scope.arrays, scope.output):
            others = (*scope.arrays, scope.output) if id(node) in scope.inside else scope.arrays
            yield from (ast.Name(other, ast.Load()) for other in others if other not in ("", name))


@mistake("The result is written over an array that belongs to somebody else.", told_by="pure")
def write_in_place(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _UFUNCS and scope.numpy:
            function = numpy_function(scope, _UFUNCS[type(operator)])
            for side in (left, right):
                if isinstance(side, ast.Name) and side.id in (*scope.cotangents, *scope.arrays):
                    yield ast.Call(function, [left, right], [ast.keyword("out", side)])


@mistake("The result is rounded to float32 on the way.", told_by="accurate_in_dtype")
def round_to_float32(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    if id(node) not in scope.results or not scope.numpy:
        return
    assert isinstance(node, ast.expr)
    dtype = ast.Attribute(ast.Name(scope.results[id(node)], ast.Load()), "dtype", ast.Load())
    rounded = ast.Call(ast.Attribute(node, "astype", ast.Load()), [numpy_function(scope, "float32")], [])
    yield ast.Call(ast.Attribute(rounded, "astype", ast.Load()), [dtype], [])
