"""Mistakes with transposes, matrix products, sums, axes and what adds up."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .operator import mistake, number, value_of
from .scope import Scope

_SUMS = ("sum", "mean", "nansum", "nanmean")
_ALONG_AN_AXIS = (*_SUMS, "prod", "max", "min", "amax", "amin", "argmax", "argmin", "cumsum", "flip", "var", "std")
_OTHER_AXES = {0: (1, -1), 1: (0,), -1: (0,), 2: (1,), -2: (-1,), 3: (2,)}


@mistake("A transpose is forgotten.")
def drop_transpose(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.Attribute(value=value, attr="T" | "mT"):
            yield value
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=scope.numpy), attr="transpose" | "swapaxes"), args=[value, *_]
        ):
            yield value
        case ast.Call(func=ast.Attribute(value=value, attr="transpose" | "swapaxes")):
            yield value


@mistake("A transpose too many.")
def add_transpose(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left=left, op=ast.MatMult() as product, right=right):
            if not _is_transposed(left):
                yield ast.BinOp(_transposed(left), product, right)
            if not _is_transposed(right):
                yield ast.BinOp(left, product, _transposed(right))


def _is_transposed(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "T"


def _transposed(node: ast.expr) -> ast.expr:
    return ast.Attribute(node, "T", ast.Load())


@mistake("The operands of a matrix product are in the wrong order.")
def swap_matrices(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left=left, op=ast.MatMult() as product, right=right):
            yield ast.BinOp(right, product, left)


def _called(node: ast.AST, scope: Scope, names: tuple[str, ...]) -> tuple[ast.expr, list[ast.expr]] | None:
    """The array that a function of one of these names is applied to, and its further arguments; None if it is none."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=scope.numpy), attr=name), args=[array, *rest]) if (
            name in names
        ):
            return array, rest
        case ast.Call(func=ast.Attribute(value=array, attr=name), args=rest) if name in names:
            return array, rest
    return None


@mistake("A sum is forgotten.")
def drop_sum(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    called = _called(node, scope, _SUMS)
    if called is not None:
        yield called[0]


@mistake("A function runs along the wrong axis.")
def wrong_axis(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.keyword(arg="axis", value=value):
            yield from (ast.keyword("axis", other) for other in _other_axes(value))
        case ast.Call(func=function, args=arguments, keywords=keywords):
            called = _called(node, scope, _ALONG_AN_AXIS)
            if called is not None and called[1]:
                place = len(arguments) - len(called[1])
                for other in _other_axes(arguments[place]):
                    yield ast.Call(function, [*arguments[:place], other, *arguments[place + 1 :]], keywords)


def _other_axes(axis: ast.expr) -> Iterator[ast.expr]:
    value = value_of(axis)
    if isinstance(value, int):
        yield from map(number, _OTHER_AXES.get(value, ()))


def _without(node: ast.AST, name: str) -> Iterator[ast.AST]:
    match node:
        case ast.Call(func=function, args=arguments, keywords=keywords):
            left = [keyword for keyword in keywords if keyword.arg != name]
            if len(left) < len(keywords):
                yield ast.Call(function, arguments, left)


@mistake("The axis is not said.")
def drop_axis(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    yield from _without(node, "axis")


@mistake("An axis that should be kept is dropped.")
def drop_keepdims(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    yield from _without(node, "keepdims")


@mistake("What should add up is overwritten.")
def assign_instead_of_adding(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.AugAssign(target=target, value=value):
            yield ast.Assign([target], value)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ufunc, attr="at"), args=[array, index, value])):
            if ast.unparse(ufunc) == f"{scope.numpy}.add":
                yield ast.AugAssign(ast.Subscript(array, index, ast.Store()), ast.Add(), value)
